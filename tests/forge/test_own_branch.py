"""Our own branches on a remote over HTTP: pushed without touching a working tree, never over other people's commits."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from git_over_http import Served, git_over_http

from trueup.errors import RemoteError
from trueup.load.branch import OwnBranch

BRANCH = "trueup/adopt/edge"


@dataclass
class Clone:
    """A clone of a served repository whose network is in the folder `net`."""

    path: Path
    remote: Served

    @property
    def branch(self) -> OwnBranch:
        return OwnBranch(self.path / "net", "origin", BRANCH)

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", "-C", str(self.path), *words], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, text: str) -> str:
        """A commit on main, pushed."""
        (self.path / "net").mkdir(exist_ok=True)
        (self.path / "net" / "edge.yaml").write_text(text)
        (self.path / "net" / "other.yaml").write_text("other: 1\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Declare")
        self.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return self.git("rev-parse", "HEAD")

    def put(self, base: str, text: str):
        return self.branch.put(base, "edge.yaml", text.encode(), f"Adopt edge\n\n{text}")

    def at_remote(self) -> str:
        return self.remote.git("show", f"{BRANCH}:net/edge.yaml")


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    with git_over_http(tmp_path / "hub.git") as remote:
        subprocess.run(["git", "clone", "--quiet", remote.url, str(tmp_path / "clone")], check=True, timeout=30)
        yield Clone(tmp_path / "clone", remote)


def test_one_commit_changes_one_file_and_nothing_in_the_clone(clone):
    base = clone.commit("rows: 1\n")
    (clone.path / "net" / "edge.yaml").write_text("somebody is just writing here\n")
    (clone.path / ".git" / "hooks" / "pre-push").write_text("#!/bin/sh\nexit 1\n")
    (clone.path / ".git" / "hooks" / "pre-push").chmod(0o755)
    before = (clone.path / ".git" / "index").read_bytes()
    done = clone.put(base, "rows: 2\n")
    assert done.outcome == "pushed"
    assert clone.remote.tip(BRANCH) == done.commit
    assert clone.at_remote() == "rows: 2"
    assert clone.remote.git("diff", "--name-only", base, BRANCH) == "net/edge.yaml"
    assert clone.remote.git("log", "-1", "--format=%an %cn %P", BRANCH) == f"trueup trueup {base}"
    assert (clone.path / ".git" / "index").read_bytes() == before
    assert (clone.path / "net" / "edge.yaml").read_text() == "somebody is just writing here\n"
    assert clone.git("status", "--porcelain") == "M net/edge.yaml"
    assert clone.remote.tip("main") == base


def test_the_same_again_pushes_nothing_and_something_new_replaces_it(clone):
    base = clone.commit("rows: 1\n")
    first = clone.put(base, "rows: 2\n")
    newer = clone.commit("rows: 1\n")
    again = clone.put(newer, "rows: 2\n")
    assert (again.outcome, again.commit) == ("there", first.commit)
    third = clone.put(newer, "rows: 3\n")
    assert third.outcome == "pushed"
    assert clone.remote.git("rev-list", "--count", f"{newer}..{BRANCH}") == "1"
    changed = clone.commit("rows: 0\n")
    assert clone.put(changed, "rows: 3\n").outcome == "pushed"
    assert clone.remote.git("rev-parse", f"{BRANCH}^") == changed


def test_a_proposal_on_history_that_was_rewritten_is_made_anew(clone):
    clone.commit("rows: 1\n")
    base = clone.commit("rows: 1\n")
    clone.put(base, "rows: 2\n")
    clone.git("reset", "--quiet", "--soft", "HEAD~1")
    clone.git("commit", "--quiet", "--allow-empty", "--message", "Another history")
    clone.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/main")
    rewritten = clone.git("rev-parse", "HEAD")
    assert clone.put(rewritten, "rows: 2\n").outcome == "pushed"
    assert clone.remote.git("rev-parse", f"{BRANCH}^") == rewritten


def test_somebody_elses_commits_are_never_lost(clone, tmp_path):
    base = clone.commit("rows: 1\n")
    clone.put(base, "rows: 2\n")
    theirs = tmp_path / "theirs"
    subprocess.run(["git", "clone", "--quiet", "-b", BRANCH, clone.remote.url, str(theirs)], check=True, timeout=30)
    (theirs / "net" / "edge.yaml").write_text("rows: 2  # and a comment\n")
    subprocess.run(["git", "-C", str(theirs), "commit", "-qam", "Say why"], check=True)
    subprocess.run(["git", "-C", str(theirs), "push", "-q"], check=True, timeout=30)
    tip = clone.remote.tip(BRANCH)
    assert clone.put(base, "rows: 3\n").outcome == "others"
    assert not clone.branch.remove()
    assert clone.remote.tip(BRANCH) == tip


def test_another_clone_knows_the_commits_of_a_daemon(clone, tmp_path):
    base = clone.commit("rows: 1\n")
    first = clone.put(base, "rows: 2\n")
    subprocess.run(["git", "clone", "-q", clone.remote.url, str(tmp_path / "second")], check=True, timeout=30)
    second = Clone(tmp_path / "second", clone.remote)
    assert second.put(base, "rows: 2\n").commit == first.commit
    assert second.put(base, "rows: 4\n").outcome == "pushed"
    assert clone.put(base, "rows: 5\n").outcome == "pushed"
    assert clone.branch.remove()
    assert clone.remote.tip(BRANCH) == ""


def test_a_branch_that_somebody_removed_is_not_made_again_until_something_changes(clone):
    base = clone.commit("rows: 1\n")
    clone.put(base, "rows: 2\n")
    clone.remote.git("branch", "-D", BRANCH)
    assert clone.put(base, "rows: 2\n").outcome == "declined"
    assert clone.remote.tip(BRANCH) == ""
    assert clone.put(base, "rows: 3\n").outcome == "pushed"
    assert clone.branch.remove()
    assert clone.branch.remove()
    assert clone.put(base, "rows: 3\n").outcome == "pushed"


def test_a_push_in_between_is_not_overwritten(clone, monkeypatch):
    base = clone.commit("rows: 1\n")
    tip = clone.put(base, "rows: 2\n").commit
    monkeypatch.setattr("trueup.load.branch._Work.tip", lambda work: base)
    monkeypatch.setattr("trueup.load.branch._Work.ours", lambda work, tip: True)
    with pytest.raises(RemoteError, match="stale info"):
        clone.put(base, "rows: 3\n")
    assert clone.remote.tip(BRANCH) == tip


def test_no_branch_but_our_own_can_be_named(clone):
    for name in ("main", "adopt/edge", "-f"):
        with pytest.raises(ValueError, match="no branch of trueup's own"):
            OwnBranch(clone.path, "origin", name)


def test_a_link_is_not_written_through(clone):
    clone.commit("rows: 1\n")
    (clone.path / "net" / "link.yaml").symlink_to("edge.yaml")
    base = clone.commit("rows: 1\n")
    with pytest.raises(RemoteError, match="is a link"):
        clone.branch.put(base, "link.yaml", b"rows: 2\n", "Adopt")


@pytest.mark.parametrize("trouble", ["unreachable", "error"])
def test_a_remote_in_trouble_is_told_and_found_again(clone, trouble):
    base = clone.commit("rows: 1\n")
    clone.remote.trouble = trouble
    with pytest.raises(RemoteError, match=r"origin/trueup/adopt/edge: cannot be written: .*may push to it"):
        clone.put(base, "rows: 2\n")
    clone.remote.trouble = ""
    assert clone.put(base, "rows: 2\n").outcome == "pushed"


def test_a_remote_that_does_not_answer_is_given_up(clone, monkeypatch):
    base = clone.commit("rows: 1\n")
    monkeypatch.setattr("trueup.load.branch.TIMEOUT", 0.3)
    clone.remote.trouble, clone.remote.seconds = "slow", 2.0
    with pytest.raises(RemoteError, match="no answer within"):
        clone.put(base, "rows: 2\n")


def test_a_password_is_not_asked_for_and_never_told(clone):
    base = clone.commit("rows: 1\n")
    clone.remote.user, clone.remote.password = "daemon", "canary-git-password"
    with pytest.raises(RemoteError, match="could not read Username"):
        clone.put(base, "rows: 2\n")
    clone.git("remote", "set-url", "origin", clone.remote.url_with_user)
    assert clone.put(base, "rows: 2\n").outcome == "pushed"
    clone.remote.trouble = "error"
    with pytest.raises(RemoteError) as caught:
        clone.put(base, "rows: 3\n")
    assert "canary" not in str(caught.value)


def test_a_repository_without_the_remote_gets_the_branch_itself(clone):
    base = clone.commit("rows: 1\n")
    clone.git("remote", "remove", "origin")
    done = clone.put(base, "rows: 2\n")
    assert clone.git("rev-parse", BRANCH) == done.commit
    assert clone.put(base, "rows: 2\n").outcome == "there"
    assert clone.branch.remove()
    assert clone.git("branch", "--list", BRANCH) == ""
