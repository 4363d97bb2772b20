"""A merge reaches the routers wave by wave, and stops where one fails."""

from __future__ import annotations

import pytest
from daemon_room import POOL, Kept, keeping, pools
from fleet_room import spec

from trueup.daemon.status import State

NAMES = ("a", "b", "c")
ENFORCE = {"mode": "enforce"}
WAVES = {"rollout": {"settle": 0, "waves": [1, "100%"]}}


@pytest.fixture
def three(tmp_path):
    """Three routers as declared: the first alone in the first wave."""
    with keeping(tmp_path, *map(spec, NAMES), **WAVES) as kept:
        for name in NAMES:
            kept.declare(name, pools(1), reconcile=ENFORCE)
        kept.made.commit()
        yield kept


def declare(kept: Kept, rows: dict, *names: str) -> str:
    for name in names or NAMES:
        kept.declare(name, rows, reconcile=ENFORCE)
    return kept.push("More pools")


def held(kept: Kept, name: str) -> int:
    return len(kept.made.lab[name].rows(POOL))


def test_no_router_of_a_later_wave_is_written_to_before_the_first_is_healthy(three):
    order: list[str] = []

    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, *NAMES)
        await kept.until(lambda: kept.daemon.rollouts.current is None)
        kept.daemon.bus.listen(lambda event: order.append(event.router) if event.kind == "applied" else None)
        commit = declare(kept, pools(2))
        await kept.until(lambda: all(kept.status(name).applied == commit for name in NAMES))
        await kept.until(lambda: kept.daemon.rollouts.current is None)

    three.run(story)
    assert order[0] == "a"
    assert sorted(order) == list(NAMES)
    assert [held(three, name) for name in NAMES] == [2, 2, 2]
    assert [rollout.state for rollout in three.daemon.board.fleet().past] == ["done", "done"]


def test_a_bad_change_stops_at_the_canary_which_goes_back(three):
    """The router refuses a row of it; the others never hear of it, and the next commit goes on."""
    bad = {POOL: [*pools(1)[POOL], {"name": "x", "ranges": "10.5.0.2-10.5.0.9", "next-pool": "none-such"}]}

    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, *NAMES)
        await kept.until(lambda: kept.daemon.rollouts.current is None)
        commit = declare(kept, bad)
        await kept.until(lambda: kept.told("stopped"))
        await kept.until(lambda: kept.status("a").state == State.CONVERGED)
        for name in NAMES:
            await kept.looked(name)
            assert kept.status(name).applied != commit
        rollout = kept.daemon.board.fleet().rollout
        assert rollout is not None
        assert rollout.state == "stopped"
        assert "trueup rollout retry" in rollout.remedy
        commit = declare(kept, pools(3))
        await kept.until(lambda: all(kept.status(name).applied == commit for name in NAMES))

    three.run(story)
    assert [held(three, name) for name in NAMES] == [3, 3, 3]
    states = [rollout.state for rollout in three.daemon.board.fleet().past]
    assert states[-2:] == ["superseded", "done"]


def test_a_router_that_nothing_changes_on_is_not_part_of_it(three):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, *NAMES)
        await kept.until(lambda: kept.daemon.rollouts.current is None)
        commit = declare(kept, pools(2), "b")
        await kept.until(lambda: kept.status("b").applied == commit)
        await kept.until(lambda: kept.daemon.rollouts.current is None)
        assert kept.daemon.board.fleet().past[0].waves == (("b",),)

    three.run(story)
    assert [held(three, name) for name in NAMES] == [1, 2, 1]


def test_a_daemon_that_starts_anew_goes_on_with_what_was_under_way(three):
    async def first(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, *NAMES)
        await kept.until(lambda: kept.daemon.rollouts.current is None)
        kept.made.lab["a"].router.lock.acquire()  # the canary answers nobody, so the first wave lasts
        try:
            await kept.force(declare(kept, pools(2)))
            await kept.until(lambda: kept.daemon.rollouts.current is not None)
        finally:
            kept.made.lab["a"].router.lock.release()

    async def second(kept: Kept) -> None:
        await kept.until(lambda: all(held(kept, name) == 2 for name in NAMES))
        await kept.until(lambda: kept.daemon.rollouts.current is None)

    three.run(first)
    three.run(second)
    assert three.daemon.board.fleet().past[0].state == "done"


def test_a_suspended_router_comes_last_and_is_not_written_to_until_it_is_resumed(three):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, *NAMES)
        await kept.until(lambda: kept.daemon.rollouts.current is None)
        await kept.daemon.sequel.deeds.suspend("a", "anna", "moving the mast", None)
        await kept.is_in(State.SUSPENDED, "a")
        await kept.force(declare(kept, pools(2)))
        await kept.until(lambda: held(kept, "b") == 2 and held(kept, "c") == 2)
        await kept.looked("a", 3)
        assert held(kept, "a") == 1
        assert kept.status("a").state == State.SUSPENDED
        await kept.daemon.sequel.deeds.resume("a", "anna")
        await kept.until(lambda: all(held(kept, name) == 2 for name in NAMES))

    three.run(story)
