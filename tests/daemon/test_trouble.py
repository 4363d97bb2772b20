"""What goes wrong beside the routers is told, stops what it must, and mends itself."""

from __future__ import annotations

import pytest
from daemon_room import POOL, Kept, keeping, pools
from fleet_room import PASSWORD, Named, git, spec

from trueup.daemon.status import State

ENFORCE = {"mode": "enforce"}


@pytest.fixture
def kept(tmp_path):
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", pools(1), reconcile=ENFORCE)
        kept.made.commit()
        yield kept


def troubles(kept: Kept) -> str:
    return "\n".join(kept.daemon.board.fleet().troubles)


def test_nothing_is_written_while_somebody_else_has_left_changes_in_the_audit(kept):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        foreign = kept.made.audit / "notes.txt"
        foreign.write_text("by hand")
        kept.declare("edge", pools(2), reconcile=ENFORCE)
        await kept.force(kept.push())
        await kept.until(lambda: "uncommitted changes: notes.txt" in troubles(kept))
        await kept.looked("edge")
        assert len(kept.made.lab["edge"].rows(POOL)) == 1
        git(kept.made.audit, "add", "notes.txt")
        git(kept.made.audit, "commit", "--quiet", "--message", "Notes")
        kept.daemon.turns.hurry("edge")
        await kept.until(lambda: len(kept.made.lab["edge"].rows(POOL)) == 2)
        await kept.until(lambda: troubles(kept) == "")

    kept.run(story)


def test_a_full_disk_here_is_told_and_the_routers_are_kept_all_the_same(kept):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")

        def full(*, last: bool = False) -> None:
            raise OSError(28, "No space left on device")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kept.daemon.board, "save", full)
            await kept.until(lambda: "No space left on device" in troubles(kept))
            kept.edit("edge", f"{POOL}/remove", "=.id=*1")
            await kept.until(lambda: kept.told("reverted"))
        await kept.until(lambda: troubles(kept) == "")

    kept.run(story)


def test_a_commit_that_needs_a_secret_nobody_has_is_told_and_begins_when_it_is_there(kept, monkeypatch):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        good = kept.daemon.board.fleet().commit
        kept.made.write("trueup.yaml", {"network": "net", "daemon": {"webhook": Named("hook"), "interval": "300ms"}})
        commit = kept.push()
        await kept.until(lambda: "secret 'hook' is missing" in troubles(kept))
        assert kept.daemon.board.fleet().commit == good
        monkeypatch.setenv("TRUEUP_SECRET_HOOK", "canary-hook-secret")
        kept.daemon.wake()
        await kept.force(commit)
        assert troubles(kept) == ""

    kept.run(story)


def test_an_unreachable_router_is_told_once_and_told_again_when_it_is_back(kept, monkeypatch):
    monkeypatch.setattr("trueup.daemon.schedule.FIRST", 0.1)

    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        kept.edit("edge", "/user/set", "=numbers=trueup", "=password=another")
        await kept.until(lambda: kept.status("edge").failures >= 4)
        assert kept.status("edge").state == State.UNREACHABLE
        assert kept.status("edge").backoff is not None
        assert len(kept.told("unreachable", "edge")) == 1
        kept.edit("edge", "/user/set", "=numbers=trueup", f"=password={PASSWORD}")
        await kept.is_in(State.CONVERGED, "edge")
        assert len(kept.told("back", "edge")) == 1
        assert kept.status("edge").backoff is None

    kept.run(story)
