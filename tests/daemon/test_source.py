"""Which commit is in force: the newest good one, whatever happens to the remote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from daemon_room import Kept, keeping, pools
from fleet_room import git, spec

from trueup.daemon.status import State

ENFORCE = {"mode": "enforce"}


@pytest.fixture
def cloned(tmp_path):
    """A network whose remote is a bare repository beside it."""
    with keeping(tmp_path, spec("edge"), daemon={"interval": "300ms", "poll": "300ms"}) as kept:
        kept.declare("edge", pools(1), reconcile=ENFORCE)
        kept.made.commit()
        git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
        git(kept.made.network, "remote", "add", "origin", str(tmp_path / "remote.git"))
        git(kept.made.network, "push", "--quiet", "origin", "main")
        yield kept


def push(kept: Kept, *options: str) -> str:
    commit = kept.made.commit()
    git(kept.made.network, "push", "--quiet", *options, "origin", "main")
    return commit


def remote(kept: Kept) -> Path:
    return kept.made.folder / "remote.git"


def test_a_merge_that_breaks_validation_is_told_and_the_last_good_commit_stays_in_force(cloned):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        good = kept.daemon.board.fleet().commit
        kept.declare("edge", {"/ip/pool": [{"name": "p0", "rangez": "10.0.0.2"}]}, reconcile=ENFORCE)
        bad = push(kept)
        await kept.until(lambda: kept.told("invalid"))
        fleet = kept.daemon.board.fleet()
        assert (fleet.commit, fleet.head) == (good, bad)
        assert "harbour/edge.yaml:" in fleet.troubles[0]
        kept.declare("edge", pools(2), reconcile=ENFORCE)
        await kept.force(push(kept))
        assert kept.daemon.board.fleet().troubles == ()

    cloned.run(story)


def test_what_nobody_has_pushed_is_not_in_force(cloned):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        kept.declare("edge", pools(2), reconcile=ENFORCE)
        kept.made.commit()
        asked = kept.daemon.board.fleet().fetched
        await kept.until(lambda: kept.daemon.board.fleet().fetched != asked)
        await kept.looked("edge")
        assert len(kept.made.lab["edge"].rows("/ip/pool")) == 1

    cloned.run(story)


def test_a_remote_that_is_gone_is_told_once_and_followed_again_when_it_is_back(cloned):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        moved = remote(kept).with_name("elsewhere.git")
        remote(kept).rename(moved)
        await kept.until(lambda: kept.daemon.board.fleet().troubles)
        await kept.looked("edge")
        assert kept.status("edge").state == State.CONVERGED
        assert len(kept.told("remote")) == 1
        moved.rename(remote(kept))
        kept.declare("edge", pools(2), reconcile=ENFORCE)
        await kept.force(push(kept))
        assert kept.daemon.board.fleet().troubles == ()

    cloned.run(story)


def test_a_rewritten_history_is_told_and_followed(cloned):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        git(kept.made.network, "commit", "--quiet", "--amend", "--message", "Another beginning")
        kept.declare("edge", pools(2), reconcile=ENFORCE)
        await kept.force(push(kept, "--force"))
        assert any("rewritten" in text for text in kept.told("revision"))

    cloned.run(story)


def test_a_start_without_the_remote_goes_on_with_what_was_in_force(cloned):
    async def first(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")

    async def second(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        assert kept.daemon.board.fleet().troubles

    cloned.run(first)
    shutil.rmtree(remote(cloned))
    cloned.run(second)


def test_a_broken_working_tree_does_not_matter(cloned):
    (cloned.made.network / "harbour/edge.yaml").write_text("router: [")

    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")

    cloned.run(story)
