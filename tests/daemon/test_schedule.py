"""When routers have their turns: every interval, with backoff, none twice at once, none kept waiting by others."""

from __future__ import annotations

import asyncio
import random

from hypothesis import given
from hypothesis import strategies as st

from trueup.daemon.schedule import FIRST, JITTER, LONGEST, Schedule
from trueup.daemon.turns import Turns


def scheduled(*names: str, interval: float = 180.0) -> Schedule:
    made = Schedule(interval, random.Random(7))
    made.keep(names, 0.0)
    return made


def test_new_routers_do_not_come_all_at_once() -> None:
    made = scheduled(*(f"r{i}" for i in range(100)))
    assert len(made.due(0.0, doubtful=False)) == 1
    assert len(made.due(20.0, doubtful=False)) == 100


def test_a_router_is_never_given_out_twice_at_once() -> None:
    made = scheduled("edge")
    made.begin("edge")
    made.hurry("edge", 0.0)
    assert made.due(1000.0, doubtful=False) == []
    assert made.end("edge", 1000.0, failed=False) == 0.0, "it was hurried meanwhile"
    assert made.due(1000.0, doubtful=False) == ["edge"]


@given(st.integers(1, 40))
def test_waits_double_from_the_first_to_the_longest(failures: int) -> None:
    made = scheduled("edge")
    for _ in range(failures):
        made.begin("edge")
        wait = made.end("edge", 0.0, failed=True)
    due = min(FIRST * 2 ** (failures - 1), LONGEST)
    assert due * (1 - JITTER) <= wait <= due * (1 + JITTER)
    made.begin("edge")
    assert made.end("edge", 0.0, failed=False) >= 180 * (1 - JITTER)


def test_what_is_no_longer_declared_has_no_turn_and_a_busy_one_goes_later() -> None:
    made = scheduled("a", "b")
    made.begin("a")
    made.keep(["c"], 1.0)
    assert made.due(10.0, doubtful=False) == ["c"]
    made.end("a", 1.0, failed=False)
    made.keep(["c"], 2.0)
    assert made.next(2.0) == 0.0
    assert "a" not in made.due(10_000.0, doubtful=False)


def test_routers_that_never_answer_keep_no_other_waiting() -> None:
    """Twenty that hang, four places, one of them for routers that failed: the good ones are all seen meanwhile."""
    seen: list[str] = []

    async def look(name: str) -> bool:
        if name.startswith("bad"):
            await asyncio.sleep(30)
        seen.append(name)
        return False

    async def story() -> None:
        schedule = scheduled(*(f"bad{i}" for i in range(20)), *(f"good{i}" for i in range(20)), interval=0.01)
        for name in [f"bad{i}" for i in range(20)]:
            schedule.begin(name)
            schedule.end(name, -1000.0, failed=True)
        turns = Turns(schedule, look, lambda *_: None)
        turns.places = 4
        going = asyncio.create_task(turns.go(lambda: len(set(seen)) == 20))
        await asyncio.wait_for(going, 10)
        await turns.end(0.0)

    asyncio.run(story())
    assert {name for name in seen if name.startswith("good")} == {f"good{i}" for i in range(20)}
