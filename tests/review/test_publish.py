"""A review on a forge: one comment in place, a check of the right commit, and nothing where nothing may be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fleet_room import Named, Room, git
from review_room import POOL, change, ci, reviewed
from stand_in import StandIn, stand_in

BOTH = pytest.mark.parametrize("kind", ["github", "gitlab"])


@contextmanager
def published(folder: Path, kind: str) -> Iterator[tuple[Room, StandIn, int]]:
    """A change with a pull request at a stand-in, whose forge is the base's."""
    with stand_in(kind) as at, reviewed(folder) as made:
        made.patch.setattr("trueup.forge.http.FIRST", 0.01)
        made.patch.setenv("TRUEUP_SECRET_FORGE_TOKEN", at.token)
        made.write("trueup.yaml", {"network": "net", "forge": {**at.settings, "token": Named("forge/token")}})
        made.declare("edge-1", POOL)
        made.commit()
        change(made, lambda: made.declare("edge-1", {**POOL, "/system/identity": {"name": "other"}}))
        pull = at.open("change", sha=head(made))
        yield made, at, pull.number


def head(made: Room) -> str:
    return git(made.network, "rev-parse", "change").strip()


@BOTH
def test_one_comment_in_place_and_a_check(tmp_path: Path, kind: str) -> None:
    with published(tmp_path, kind) as (made, at, number):
        assert ci(made, "--publish", "--offline").code == 0
        (comment,) = at.pulls[number].comments
        assert "### trueup: 1 router, 1 shape" in comment.body
        status = at.statuses[-1]
        assert (status.sha, status.context, status.state) == (head(made), "trueup", "success")
        made.declare("edge-1", {"/ip/pool": [{"name": "a", "rangs": "b"}]})
        made.commit()
        at.pulls[number].sha = head(made)
        assert ci(made, "--publish", "--offline").code == 1
        (again,) = at.pulls[number].comments
        assert again.id == comment.id
        assert "1 problem to correct" in again.body
        assert (at.statuses[-1].sha, at.statuses[-1].state) == (
            head(made),
            {"github": "failure", "gitlab": "failed"}[kind],
        )


def test_the_forge_of_the_change_is_not_used(tmp_path: Path) -> None:
    with published(tmp_path, "github") as (made, at, number), stand_in("github") as other:
        made.write("trueup.yaml", {"network": "net", "forge": {**other.settings, "token": Named("forge/token")}})
        made.commit()
        at.pulls[number].sha = head(made)
        assert ci(made, "--publish", "--offline").code == 0
        assert len(at.pulls[number].comments) == 1
        assert not other.requests


def test_the_merge_of_a_pull_request_is_told_at_its_own_commit(tmp_path: Path) -> None:
    with published(tmp_path, "github") as (made, at, number):
        newest = head(made)
        git(made.network, "checkout", "--quiet", "-b", "merged", "main")
        git(made.network, "merge", "--quiet", "--no-ff", "--message", "Merge", "change")
        git(made.network, "branch", "--force", "change", "merged")
        made.patch.setenv("GITHUB_REF", f"refs/pull/{number}/merge")
        assert ci(made, "--publish", "--offline").code == 0
        assert at.statuses[-1].sha == newest


def test_an_older_check_does_not_write_over_a_newer_one(tmp_path: Path) -> None:
    with published(tmp_path, "github") as (made, at, number):
        at.pulls[number].sha = "f" * 40
        made.patch.setenv("GITHUB_REF", f"refs/pull/{number}/merge")
        said = ci(made, "--publish", "--offline")
        assert said.code == 0
        assert "a newer commit" in said.err
        assert not at.pulls[number].comments
        assert not at.statuses


def test_a_fork_without_the_token_only_prints(tmp_path: Path) -> None:
    with published(tmp_path, "github") as (made, at, number):
        made.patch.delenv("TRUEUP_SECRET_FORGE_TOKEN")
        said = ci(made, "--publish", "--offline")
        assert said.code == 0
        assert "not published: secret 'forge/token' is missing" in said.err
        assert "### trueup" in said.out
        assert not at.pulls[number].comments


def test_a_forge_that_refuses_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with published(tmp_path, "github") as (made, _, _):
        made.patch.setenv("TRUEUP_SECRET_FORGE_TOKEN", "canary-unknown-token")
        said = ci(made, "--publish", "--offline")
        assert said.code == 1
        assert "the token has expired" in said.err
        assert "canary" not in said.all
        assert "### trueup" in said.out


def test_without_a_forge_there_is_nothing_to_publish_to(tmp_path: Path) -> None:
    with reviewed(tmp_path) as made:
        made.declare("edge-1", POOL)
        made.commit()
        change(made, lambda: made.declare("edge-1", {}))
        said = ci(made, "--publish", "--offline")
        assert said.code == 1
        assert "declare `forge` in trueup.yaml" in said.err
