"""What a daemon that starts anew takes up: the commit in force, a roll-back, what was half done when a commit was taken
back."""

from __future__ import annotations

import pytest
from daemon_room import POOL, Kept, keeping, pools
from fleet_room import git, spec

from trueup.daemon.status import State

PROPOSE = {"mode": "propose"}
BAD_PROBE = {"mode": "propose", "probes": [{"tcp": "127.0.0.1:1"}]}
"""Nobody listens there, so that no router is healthy."""


def held(kept: Kept, name: str) -> int:
    return len(kept.made.lab[name].rows(POOL))


def changed(kept: Kept) -> int:
    """How many pools have the later ranges."""
    return sum(".7.2-" in row["ranges"] for row in kept.made.lab["edge"].rows(POOL))


async def settled(kept: Kept, *names: str) -> None:
    await kept.is_in(State.CONVERGED, *names)
    await kept.until(lambda: kept.daemon.rollouts.current is None)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr("trueup.daemon.loop.AGAIN", 0.2)


@pytest.fixture
def failing(tmp_path):
    """A router whose next commit makes it unhealthy at once."""
    settings = {"rollout": {"settle": 0, "patience": "100ms", "waves": ["100%"]}}
    with keeping(tmp_path, spec("edge", per_command=0.01), **settings) as kept:
        kept.declare("edge", pools(1), reconcile=PROPOSE)
        kept.made.commit()
        yield kept


def test_without_the_remote_the_commit_that_was_in_force_is_in_force_again(tmp_path):
    """A router that was left behind by a rollout has an older one, which is nobody's business but its own."""
    settings = {"rollout": {"settle": 0, "patience": "100ms", "max-failures": 1, "waves": ["100%"]}}
    with keeping(tmp_path, spec("a"), spec("b"), **settings) as kept:
        for name in ("a", "b"):
            kept.declare(name, pools(1), reconcile=PROPOSE)
        kept.made.commit()

        async def first(kept: Kept) -> None:
            await settled(kept, "a", "b")
            await kept.daemon.sequel.deeds.suspend("a", "anna", "moving the mast", None)
            await kept.is_in(State.SUSPENDED, "a")
            for name in ("a", "b"):
                kept.declare(name, pools(2), reconcile=PROPOSE)
            await kept.force(kept.push())
            await kept.until(lambda: held(kept, "b") == 2)
            await kept.until(lambda: kept.daemon.rollouts.current is None)

        async def second(kept: Kept) -> None:
            assert kept.daemon.board.fleet().commit == commit
            await kept.looked("b")
            assert held(kept, "b") == 2

        kept.run(first)
        commit = git(kept.made.network, "rev-parse", "HEAD").strip()
        git(kept.made.network, "branch", "--move", "main", "elsewhere")
        kept.run(second)


def test_a_roll_back_that_was_broken_off_is_gone_on_with_and_is_no_drift(failing):
    async def first(kept: Kept) -> None:
        await settled(kept, "edge")
        kept.daemon.bus.listen(lambda event: kept.daemon.end("killed") if event.kind == "stopped" else None)
        kept.declare("edge", pools(2), reconcile=BAD_PROBE)
        kept.push()
        await kept.until(lambda: kept.told("stopped"))

    async def second(kept: Kept) -> None:
        await kept.until(lambda: held(kept, "edge") == 1, "it goes back")
        await kept.is_in(State.CONVERGED, "edge")
        assert not kept.told("drift")

    failing.run(first)
    assert held(failing, "edge") == 2, "ended too late to prove anything"
    failing.run(second)
    assert not failing.told("proposed")


def test_drift_after_a_roll_back_is_drift(failing):
    async def story(kept: Kept) -> None:
        await settled(kept, "edge")
        kept.declare("edge", pools(2), reconcile=BAD_PROBE)
        kept.push()
        await kept.until(lambda: kept.told("stopped"))
        await kept.until(lambda: held(kept, "edge") == 1)
        await kept.looked("edge")
        kept.edit("edge", f"{POOL}/set", "=.id=*1", "=ranges=10.9.9.2-10.9.9.9")
        await kept.is_in(State.DRIFTED, "edge")

    failing.run(story)
    assert failing.made.lab["edge"].rows(POOL)[0]["ranges"] == "10.9.9.2-10.9.9.9"


def test_a_commit_that_takes_back_what_failed_reaches_the_router_that_holds_it(tmp_path):
    """Between the commit before and this one nothing differs; the router has what was between them."""
    settings = {"rollout": {"settle": 0, "patience": "100ms", "waves": ["100%"], "on-failure": "hold"}}
    with keeping(tmp_path, spec("edge"), **settings) as kept:
        kept.declare("edge", pools(1), reconcile=PROPOSE)
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await settled(kept, "edge")
            kept.declare("edge", pools(2), reconcile=BAD_PROBE)
            kept.push()
            await kept.until(lambda: kept.told("stopped"))
            assert held(kept, "edge") == 2
            kept.declare("edge", pools(1), reconcile=PROPOSE)
            await kept.force(kept.push())
            await kept.until(lambda: held(kept, "edge") == 1)
            await kept.is_in(State.CONVERGED, "edge")

        kept.run(story)
        assert not kept.told("drift")


def test_a_commit_that_takes_back_what_is_being_written_reaches_the_router(failing):
    async def story(kept: Kept) -> None:
        kept.declare("edge", pools(30), reconcile=PROPOSE)
        kept.push()
        await kept.until(lambda: held(kept, "edge") == 30)
        await settled(kept, "edge")
        kept.declare("edge", pools(30, 7), reconcile=PROPOSE)
        kept.push()
        await kept.until(lambda: 5 < changed(kept) < 30)
        kept.declare("edge", pools(30), reconcile=PROPOSE)
        await kept.force(kept.push())
        await kept.until(lambda: changed(kept) == 0)
        await kept.is_in(State.CONVERGED, "edge")

    failing.run(story)
    assert not failing.told("drift")


def test_a_retry_that_was_answered_is_kept_whatever_happens_then(failing, monkeypatch):
    async def story(kept: Kept) -> None:
        await settled(kept, "edge")
        kept.declare("edge", pools(2), reconcile=BAD_PROBE)
        kept.push()
        await kept.until(lambda: kept.told("stopped"))
        await kept.until(lambda: held(kept, "edge") == 1)
        await kept.daemon.sequel.deeds.retry("anna")
        current = kept.made.audit / "rollouts/current.json"
        assert '"state": "running"' in current.read_text()

    failing.run(story)


def test_what_nobody_can_read_of_a_rollout_is_told_and_ends_nothing(failing):
    async def first(kept: Kept) -> None:
        await settled(kept, "edge")

    async def second(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        kept.declare("edge", pools(2), reconcile=PROPOSE)
        await kept.force(kept.push())
        await kept.until(lambda: held(kept, "edge") == 2)

    failing.run(first)
    (past,) = (path for path in (failing.made.audit / "rollouts").iterdir() if path.name[0].isdigit())
    past.write_text('{"format-version": "1.0", "rollout": 7}\n')
    (failing.made.audit / "rollouts/current.json").write_text('{"rollout": {"id": 7}}\n')
    git(failing.made.audit, "commit", "--quiet", "--all", "--message", "By hand")
    failing.run(second)
    assert any("rollouts/current.json" in text for text in failing.told("audit"))
