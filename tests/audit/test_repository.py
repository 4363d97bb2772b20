"""The repository: refused where a record could not be kept, whole after a crash, safe between processes."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import git
import pytest
from audit_room import commits, make_plan, make_report, new_audit

from trueup.audit import Audit, Run, ledger
from trueup.audit.ledger import JOURNAL, LOCK, Ledger
from trueup.errors import AuditError


@pytest.fixture
def audit(tmp_path) -> Audit:
    return new_audit(tmp_path)


def start(audit: Audit) -> Run:
    run = Run.begin("", [make_plan()])
    audit.start(run)
    return run


def check(audit: Audit) -> None:
    with Ledger(audit.path, wait=0.1).writing():
        pass


def refusal(path: Path, network: Path | None = None) -> str:
    with pytest.raises(AuditError) as caught:
        Audit.open(path, network)
    assert str(path) in str(caught.value)
    assert all(problem.remedy for problem in caught.value.problems)
    return str(caught.value)


def test_a_missing_folder_and_one_that_is_no_repository(tmp_path):
    assert "no such folder" in refusal(tmp_path / "missing")
    (tmp_path / "plain").mkdir()
    assert "no git repository of its own" in refusal(tmp_path / "plain")
    assert Audit.find(tmp_path / "missing") is None
    assert Audit.find(tmp_path / "plain") is None


def test_a_folder_within_the_networks_repository_is_no_repository_of_its_own(audit):
    (audit.path / "inside").mkdir()
    assert "no git repository of its own" in refusal(audit.path / "inside")


def test_the_networks_own_repository_is_refused(tmp_path):
    git.Repo.init(tmp_path / "net").close()
    (tmp_path / "net/sites").mkdir()
    assert "network's own repository" in refusal(tmp_path / "net", tmp_path / "net/sites")
    (tmp_path / "net/trueup.yaml").write_text("network: net\n")
    assert "a network's repository" in refusal(tmp_path / "net")


def test_a_bare_repository_is_refused(tmp_path):
    git.Repo.init(tmp_path / "bare.git", bare=True).close()
    assert "no working tree" in refusal(tmp_path / "bare.git")


def test_create_refuses_a_folder_with_something_in_it(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    with pytest.raises(AuditError, match="not empty"):
        Audit.create(tmp_path / "full", "net")


def test_a_repository_without_a_commit_will_do(tmp_path):
    git.Repo.init(tmp_path / "new").close()
    audit = Audit.open(tmp_path / "new")
    assert list(audit.runs()) == []
    assert audit.read_owned("edge-1") is None
    start(audit)
    assert len(list(audit.runs())) == 1


def test_a_repository_that_cannot_be_written_is_refused_before_anything_is_done(audit):
    (audit.path / ".git" / LOCK).unlink()
    (audit.path / ".git" / LOCK).mkdir()
    assert "cannot be written" in refusal(audit.path)


def test_a_full_disk_is_an_error_and_the_record_is_whole_or_absent(audit, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ledger.os, "fsync", full)
        with pytest.raises(AuditError, match="No space left"):
            start(audit)
    assert list(audit.runs()) == []
    start(audit)
    assert len(list(audit.runs())) == 1


@pytest.mark.parametrize("name", ["notes.txt", "README.md", "routers/edge-1/owned.json"])
def test_somebody_elses_changes_are_left_alone_and_named(audit, name):
    audit.write_owned("edge-1", {})
    start(audit)
    (audit.path / name).write_text("edited by hand\n")
    assert f"uncommitted changes: {name}" in refusal(audit.path)
    with pytest.raises(AuditError, match="uncommitted changes"):
        start(audit)
    assert (audit.path / name).read_text() == "edited by hand\n"


def test_a_run_that_has_begun_keeps_its_end_beside_somebody_elses_changes(audit):
    run = start(audit)
    (audit.path / "notes.txt").write_text("by hand\n")
    audit.finish(run, [make_report(run.plans[0])])
    assert [record.outcome for record in audit.runs()] == ["done"]
    with git.Repo(audit.path) as repository:
        assert repository.untracked_files == ["notes.txt"]
        run = Run.begin("", [])
        repository.index.add(["notes.txt"])
    with pytest.raises(AuditError, match="uncommitted changes"):
        audit.finish(run, [])


def test_a_detached_head_is_refused(audit):
    with git.Repo(audit.path) as repository:
        repository.git.checkout("--detach")
    assert "no branch is checked out" in refusal(audit.path)


def test_a_lock_of_git_that_stays_is_named(audit):
    (audit.path / ".git/index.lock").touch()
    with pytest.raises(AuditError, match=r"index is locked.*delete .*index\.lock"):
        check(audit)


def test_another_process_is_waited_for_within_bounds(audit):
    with (audit.path / ".git" / LOCK).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(AuditError, match=r"another trueup has held .* for 0\.1 s"):
            check(audit)
    check(audit)


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from audit_room import make_plan, make_report
from trueup.audit import Audit, Run
audit = Audit.open(Path({path!r}))
for n in range(5):
    run = Run.begin("", [make_plan("edge-{child}")])
    audit.write_owned("edge-{child}", {{"n": n}})
    audit.start(run)
    audit.finish(run, [make_report(run.plans[0])])
"""


def test_two_processes_lose_nothing(audit):
    before = len(commits(audit))
    scripts = [CHILD.format(tests=str(Path(__file__).parent), path=str(audit.path), child=n) for n in range(2)]
    children = [subprocess.Popen([sys.executable, "-c", script]) for script in scripts]
    assert [child.wait(60) for child in children] == [0, 0]
    records = list(audit.runs())
    assert len(records) == 10
    assert all(record.outcome == "done" for record in records)
    assert len(commits(audit)) == before + 20
    assert [audit.read_owned(f"edge-{n}") for n in range(2)] == [{"n": 4}, {"n": 4}]
    with git.Repo(audit.path) as repository:
        assert not repository.is_dirty(untracked_files=True)
        repository.git.fsck("--strict")


def test_two_runs_never_write_to_one_router_at_the_same_time(audit):
    first = start(audit)
    other = Audit.open(audit.path)
    with pytest.raises(AuditError, match=r"edge-1: another run is writing .* plan again"):
        start(other)
    elsewhere = Run.begin("", [make_plan("edge-2")])
    other.start(elsewhere)
    audit.finish(first, [make_report(first.plans[0])])
    start(other)


def test_a_run_that_ends_without_a_record_lets_others_write(audit):
    start(audit)
    audit.release()
    start(Audit.open(audit.path))


@pytest.mark.parametrize("read_first", [True, False])
def test_a_run_with_nothing_to_do_leaves_ownership_to_the_one_that_writes(audit, read_first):
    idle = Audit.open(audit.path)
    if read_first:
        idle.read_owned("edge-1")
    audit.write_owned("edge-1", {"rows": ["attempted"]})
    run = start(audit)
    if not read_first:
        idle.read_owned("edge-1")
    idle.write_owned("edge-1", {"rows": []})
    idle.write_owned("edge-2", {"rows": []})
    idle.finish(Run.begin("", []), [])
    assert audit.read_owned("edge-1") == {"rows": ["attempted"]}
    assert idle.read_owned("edge-1") == {"rows": ["attempted"]}
    assert audit.read_owned("edge-2") == {"rows": []}
    audit.finish(run, [make_report(run.plans[0])])


class Crash(BaseException):
    """Stands for a killed process: nothing after it runs."""


def tracked(audit: Audit) -> list[str]:
    with git.Repo(audit.path) as repository:
        return str(repository.git.ls_files("runs", "routers")).split()


def crash_at(patch: pytest.MonkeyPatch, point: str) -> None:
    """Have the next start end at a point: `write 3` before the third file stands, `before add`, `after commit`."""
    when, what = point.split()
    replace, execute, count = Path.replace, git.Git.execute, 0

    def replace_until(*arguments):
        nonlocal count
        count += 1
        if when == "write" and count == int(what):
            raise Crash
        return replace(*arguments)

    def execute_until(self, command, *arguments, **named):
        hit = what in command
        if hit and when == "before":
            raise Crash
        answer = execute(self, command, *arguments, **named)
        if hit:
            raise Crash
        return answer

    patch.setattr(Path, "replace", replace_until)
    patch.setattr(git.Git, "execute", execute_until)


@pytest.mark.parametrize(
    ("point", "kept"),
    [
        ("write 1", 0),  # the journal itself
        ("write 2", 0),
        ("write 3", 1),
        ("write 5", 3),
        ("before add", 4),
        ("after add", 4),
        ("before commit", 4),
        ("after commit", 4),
    ],
)
def test_what_a_crash_leaves_is_kept_by_the_next_start(audit, monkeypatch, point, kept):
    audit.write_owned("edge-1", {"rows": ["attempted"]})
    with monkeypatch.context() as patch:
        crash_at(patch, point)
        with pytest.raises(Crash):
            start(audit)
    again = Audit.open(audit.path)
    assert len(tracked(again)) == kept
    run = start(again)
    again.finish(run, [make_report(run.plans[0])])
    with git.Repo(audit.path) as repository:
        assert not repository.is_dirty(untracked_files=True)
    assert run.id in [record.id for record in again.runs()]
    assert not list(audit.path.rglob(".*.writing"))
    assert not (audit.path / ".git" / JOURNAL).exists()


def test_gits_lock_that_our_own_crash_left_is_taken_away(audit):
    (audit.path / ".git" / JOURNAL).touch()
    (audit.path / ".git/index.lock").touch()
    check(audit)
    assert not (audit.path / ".git/index.lock").exists()


def test_within_a_git_hook_the_audit_stays_its_own_repository(audit, tmp_path, monkeypatch):
    git.Repo.init(tmp_path / "net").close()
    (tmp_path / "net/file").touch()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "net/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "net"))
    start(Audit.open(audit.path))
    monkeypatch.undo()
    assert len(list(audit.runs())) == 1


def test_hooks_of_the_repository_do_not_run(audit):
    hook = audit.path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    start(audit)
    assert len(list(audit.runs())) == 1


def test_who_is_the_systems_user_where_git_knows_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "night-shift")
    assert Audit.create(tmp_path / "a", "a").who == "night-shift"
