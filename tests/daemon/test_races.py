"""What comes while something else goes on: a commit, a removal, a late answer, a request, a second daemon."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping

import pytest
from daemon_room import POOL, WITHIN, Kept, keeping, pools
from fleet_room import spec

from trueup.audit import Audit
from trueup.daemon.status import State
from trueup.device import Session
from trueup.errors import AuditError
from trueup.fleet.health import count_sessions
from trueup.fleet.requests import CONFIRM, ask

ENFORCE = {"mode": "enforce"}
EDIT = (f"{POOL}/set", "=.id=*1", "=ranges=10.9.9.2-10.9.9.9")


def held(kept: Kept, name: str = "edge") -> int:
    return len(kept.made.lab[name].rows(POOL))


async def settled(kept: Kept, *names: str) -> None:
    await kept.is_in(State.CONVERGED, *names)
    await kept.until(lambda: kept.daemon.rollouts.current is None)


@pytest.fixture
def slow(tmp_path):
    """Two routers, the first of which takes its time for every command."""
    with keeping(tmp_path, spec("edge", per_command=0.02), spec("other")) as kept:
        for name in ("edge", "other"):
            kept.declare(name, pools(1), reconcile=ENFORCE)
        kept.made.commit()
        yield kept


def test_a_router_that_is_removed_while_it_is_written_to_is_let_go(slow):
    async def story(kept: Kept) -> None:
        await settled(kept, "edge", "other")
        kept.declare("edge", pools(30), reconcile=ENFORCE)
        kept.push()
        await kept.until(lambda: held(kept) > 5)
        (kept.made.network / "harbour/edge.yaml").unlink()
        await kept.force(kept.push("Remove edge"))
        await kept.until(lambda: held(kept) == 30, "what was begun is ended")
        await kept.until(lambda: kept.daemon.turns.schedule.busy == 0)
        await kept.looked("other")
        assert list(kept.daemon.board.fleet().routers) == ["other"]
        assert kept.daemon.rollouts.current is None
        assert not kept.told("failed")

    slow.run(story)


def test_nothing_is_written_for_a_commit_that_another_one_replaces_during_the_look(slow):
    looking, on = asyncio.Event(), asyncio.Event()

    async def late(session: Session) -> Mapping[str, int]:
        looking.set()
        await on.wait()
        return await count_sessions(session)

    async def story(kept: Kept) -> None:
        await settled(kept, "edge", "other")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("trueup.daemon.visit.count_sessions", late)
            kept.declare("edge", pools(2), reconcile=ENFORCE)
            overtaken = kept.push()
            await asyncio.wait_for(looking.wait(), WITHIN)
            kept.declare("edge", pools(3), reconcile=ENFORCE)
            await kept.force(kept.push())
            on.set()
            await settled(kept, "edge", "other")
        assert held(kept) == 3
        assert [each for each in kept.events if each.kind == "applied" and each.commit == overtaken] == []

    slow.run(story)


def test_a_renamed_router_is_a_new_one_and_keeps_its_rows(slow):
    """Its record belongs to the old name, so nothing is pruned that nobody knows to be ours."""

    async def story(kept: Kept) -> None:
        await settled(kept, "edge", "other")
        file = kept.made.network / "harbour/edge.yaml"
        file.rename(file.with_name("fresh.yaml"))
        moved = file.with_name("fresh.yaml")
        moved.write_text(moved.read_text().replace("router: edge", "router: fresh"))
        await kept.force(kept.push("Rename edge"))
        await settled(kept, "fresh", "other")
        assert set(kept.daemon.board.fleet().routers) == {"fresh", "other"}

    slow.run(story)
    assert held(slow) == 1


def test_an_answer_about_one_rollout_counts_for_no_other(slow, monkeypatch):
    """A router's health is asked for while the next commit comes; that it is well says nothing about that one."""
    asked, told = asyncio.Event(), asyncio.Event()

    async def story(kept: Kept) -> None:
        await settled(kept, "edge", "other")

        async def late(*_: object) -> tuple[str, ...]:
            asked.set()
            await told.wait()
            return ()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("trueup.daemon.loop.health", late)
            kept.declare("edge", pools(2), reconcile=ENFORCE)
            await kept.force(kept.push())
            await asyncio.wait_for(asked.wait(), WITHIN)
        lock = kept.made.lab["edge"].router.lock
        lock.acquire()  # the router answers nobody, so that nothing more is written to it
        try:
            kept.declare("edge", pools(3), reconcile=ENFORCE)
            await kept.force(kept.push())
            told.set()
            await asyncio.sleep(0.5)
            rollout = kept.daemon.rollouts.current
            assert rollout is not None
            assert rollout.routers["edge"].state != "healthy"
        finally:
            lock.release()
        await kept.until(lambda: held(kept) == 3)

    slow.run(story)


def test_the_same_drift_may_be_fought_again_once_somebody_says_so_in_a_terminal(slow):
    async def story(kept: Kept) -> None:
        await settled(kept, "edge")
        for times in range(3):
            kept.edit("edge", *EDIT)
            await kept.until(lambda times=times: len(kept.told("reverted")) == times + 1)
        kept.edit("edge", *EDIT)
        await kept.is_in(State.FIGHTING, "edge")
        said = await asyncio.to_thread(terminal, kept, "resume", "edge")
        assert said.returncode == 0, said.stderr
        assert "edge: resumed" in said.stdout
        await kept.until(lambda: len(kept.told("reverted")) == 4)

    slow.run(story)


def terminal(kept: Kept, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "trueup.cli", words[0], "--network", str(kept.made.network), *words[1:]]
    return subprocess.run(command, capture_output=True, text=True, timeout=WITHIN, check=False)


def test_a_terminal_waits_while_the_daemon_only_looks(slow, tmp_path):
    """The daemon looks at the router all the time; an apply in a terminal gets its turn."""

    async def story(kept: Kept) -> None:
        await settled(kept, "edge", "other")
        kept.edit("edge", f"{POOL}/add", "=name=x", "=ranges=10.8.0.2-10.8.0.3")
        await kept.daemon.sequel.deeds.suspend("edge", "anna", "by hand now", None)
        kept.edit("edge", *EDIT)
        for _ in range(3):
            said = await asyncio.to_thread(terminal, kept, "apply", "--yes")
            assert said.returncode == 0, said.stdout + said.stderr
            kept.edit("edge", *EDIT)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trueup.daemon.schedule.JITTER", 0.0)
        slow.made.write(
            "trueup.yaml",
            {"network": "net", "daemon": {"interval": "100ms", "poll": "1h"}, "rollout": {"settle": 0}},
        )
        slow.made.commit()
        slow.run(story)


def test_a_request_waits_while_the_daemon_only_looks(slow):
    async def story(kept: Kept) -> None:
        await settled(kept, "edge")
        request, end = None, asyncio.get_running_loop().time() + WITHIN
        while request is None and asyncio.get_running_loop().time() < end:
            with Audit.open(kept.made.audit).hold("edge") as free:  # as a look of the daemon's own does
                if free:
                    request = ask(Audit.open(kept.made.audit), CONFIRM, "edge", "anna")
                    await asyncio.sleep(1.5)
            await asyncio.sleep(0.01)
        path = kept.made.audit / "requests/answered/routers/edge.json"
        await kept.until(path.exists)
        assert "nothing waits to be confirmed" in path.read_text(), request

    slow.run(story)


def test_a_second_daemon_says_who_keeps_the_audit_and_ends(slow):
    async def story(kept: Kept) -> None:
        await settled(kept, "edge")
        said = await asyncio.to_thread(terminal, kept, "daemon")
        assert said.returncode == 1
        assert "another daemon keeps" in said.stderr
        assert str(kept.made.network) in said.stderr

    slow.run(story)

    async def again(kept: Kept) -> None:
        await settled(kept, "edge")

    slow.run(again)


def test_what_cannot_be_put_in_force_is_tried_again_as_a_whole(slow, monkeypatch):
    """A disk error while the commit's approvals are read leaves the last commit in force, all of it."""

    async def story(kept: Kept) -> None:
        await settled(kept, "edge")
        shown = "commit: it cannot be put in force: no such luck"

        def broken(*_: object) -> None:
            raise AuditError("no such luck")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("trueup.daemon.loop.Consents", broken)
            kept.declare("edge", pools(2), reconcile=ENFORCE)
            commit = kept.push()
            await kept.until(lambda: shown in kept.daemon.board.fleet().troubles)
            await kept.looked("edge", 3)
            assert shown in kept.daemon.board.fleet().troubles, "it is shown for as long as it is so"
            assert kept.daemon.force.commit != commit
        kept.daemon.wake()
        await kept.force(commit)
        await kept.until(lambda: held(kept) == 2)
        assert kept.daemon.board.fleet().troubles == ()

    slow.run(story)
