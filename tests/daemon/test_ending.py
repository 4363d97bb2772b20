"""How a daemon ends: at a safe point, with nothing lost."""

from __future__ import annotations

import pytest
from daemon_room import POOL, Kept, keeping, pools
from fleet_room import spec

from trueup.daemon.status import State

ENFORCE = {"mode": "enforce"}


@pytest.fixture
def slow(tmp_path):
    """A router that takes its time for every command."""
    with keeping(tmp_path, spec("edge", per_command=0.05)) as kept:
        kept.declare("edge", pools(1), reconcile=ENFORCE)
        kept.made.commit()
        yield kept


def test_a_run_that_is_on_comes_to_a_safe_point_and_the_next_daemon_goes_on(slow):
    """The router is as it was, or as declared; nothing in between, and nothing counts as failed."""

    async def first(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        kept.declare("edge", pools(30), reconcile=ENFORCE)
        kept.push()
        await kept.until(lambda: len(kept.made.lab["edge"].rows(POOL)) > 5)

    async def second(kept: Kept) -> None:
        assert kept.daemon.rollouts.current is None or kept.daemon.rollouts.current.state == "running"
        await kept.is_in(State.CONVERGED, "edge")

    slow.run(first)
    assert len(slow.made.lab["edge"].rows(POOL)) in (1, 30)
    assert slow.made.lab["edge"].rows("/system/scheduler") == []
    slow.run(second)
    assert len(slow.made.lab["edge"].rows(POOL)) == 30
    assert not list((slow.made.network / ".trueup/journal").glob("*"))


def test_what_a_commit_says_of_the_daemon_itself_holds_without_a_restart(slow):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        kept.made.write("trueup.yaml", {"network": "net", "daemon": {"interval": "1h", "connections": 3}})
        await kept.force(kept.push())
        assert kept.daemon.turns.schedule.interval == 3600
        assert kept.daemon.turns.places == 3

    slow.run(story)
