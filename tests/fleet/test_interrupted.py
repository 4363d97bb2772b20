"""An apply that is interrupted at any of its writes, in any way: told exactly, nothing twice, repaired by the next.

The plan holds every kind of change; what the report says of each is compared with the virtual router's own tables.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fleet_room import is_write
from interrupted import Journey, Memory, Truth, journey, misreported

from trueup.device import mux, session
from trueup.plan import Outcome, Plan, Report, Set

POINTS = 19
WAYS = ("drop", "drop-late", "trap", "trap-late", "garbage", "garbage-late", "stall", "lost", "vanish", "dies")
"""How a command fails; `late`: it was carried out all the same. `dies`: nobody can log in any more."""

SOON = 0.15
"""Seconds that a write of an interrupted run may take, and again until the connection counts as dead."""


@pytest.fixture(scope="module")
def travel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    with journey(tmp_path_factory.mktemp("interrupted")) as made:
        yield made


@dataclass(frozen=True)
class Arrived:
    """What an apply without faults comes to."""

    commands: tuple[tuple[str, int], ...]
    holdings: Any
    foreign: list[tuple[str, tuple[tuple[str, str], ...]]]
    owned: Counter[str]


@pytest.fixture(scope="module")
def arrived(travel: Journey) -> Arrived:
    audit = travel.begin()
    foreign = travel.foreign()
    _, report = travel.run(audit)
    assert report is not None
    assert report.converged
    counted: Counter[str] = Counter()
    commands = []
    for command in travel.writes():
        commands.append((command, counted[command]))
        counted[command] += 1
    assert travel.foreign() == foreign
    return Arrived(tuple(commands), travel.holdings(), foreign, ours(audit))


def ours(audit: Memory) -> Counter[str]:
    """The rows on record, but for what differs from one way to the next."""
    rows = json.loads(audit.owned["edge"])["rows"]
    return Counter(json.dumps({name: value for name, value in row.items() if name != "id"}) for row in rows)


def on_record(audit: Memory) -> set[tuple[str, str]]:
    return {(row["menu"], row["id"]) for row in json.loads(audit.owned["edge"])["rows"]}


def break_at(travel: Journey, way: str, command: str, skip: int) -> None:
    """Order the fault: the command is hit when it comes for the (skip + 1)th time."""
    kind, _, late = way.partition("-")
    faults = travel.served.faults
    if kind == "dies":
        faults.add("drop", "/login", skip=1, times=99)
        kind = "drop"
    executed = bool(late) or (kind in ("stall", "vanish", "lost") and skip % 2 == 1)
    faults.add(kind, command, skip=skip, executed=executed)


def interrupted(travel: Journey, audit: Memory, patch: pytest.MonkeyPatch) -> tuple[Plan, Report]:
    talk = session.Session.talk

    async def hurried(self: session.Session, words: list[str], deadline: float | None = None) -> mux.Reply:
        """Reading keeps its time, however busy the machine is that the tests run on."""
        return await talk(self, words, SOON if is_write(words[0]) else deadline)

    with patch.context() as soon:
        soon.setattr(session.Session, "talk", hurried)
        soon.setattr(mux, "GRACE", SOON)
        plan, report = travel.run(audit)
    assert report is not None
    return plan, report


def test_the_plan_has_every_kind_of_change(travel, arrived):
    assert len(arrived.commands) == POINTS
    verbs = {command.rpartition("/")[2] for command, _ in arrived.commands}
    assert verbs == {"add", "set", "move", "remove"}


@pytest.mark.parametrize("point", range(POINTS))
@pytest.mark.parametrize("way", WAYS)
def test_whatever_happens_is_told_and_repaired(travel, arrived, way, point, monkeypatch):
    audit = travel.begin()
    before = {menu: travel.rows(menu) for menu in arrived.holdings}
    command, skip = arrived.commands[point]
    break_at(travel, way, command, skip)

    plan, report = interrupted(travel, audit, monkeypatch)

    truth = Truth(before, travel).done(plan)
    assert misreported(plan, report, truth) == []
    if report.converged:
        assert all(truth), "only an answer was lost"
        assert report.notes, "and that is told all the same"
    else:
        assert report.error
    if way != "dies":
        unknown = [c for c, r in zip(plan.changes, report.results, strict=True) if r.outcome == Outcome.UNKNOWN]
        assert all(isinstance(change, Set) and change.menu == "/user" for change in unknown), "only what can't be read"
    assert travel.foreign() == arrived.foreign
    assert not on_record(audit) & {(menu, dict(row)[".id"]) for menu, row in arrived.foreign}

    travel.served.faults.clear()
    _, repaired = travel.run(audit)
    assert repaired is None or repaired.converged
    assert travel.holdings() == arrived.holdings
    assert travel.foreign() == arrived.foreign
    assert ours(audit) == arrived.owned
    assert travel.run(audit, write=False)[0].empty


@pytest.mark.parametrize("point", range(1, POINTS + 1))
def test_a_stop_lets_what_was_sent_come_to_its_end(travel, arrived, point):
    audit = travel.begin()
    before = {menu: travel.rows(menu) for menu in arrived.holdings}
    plan, report = travel.run(audit, stop_at=point)
    assert report is not None
    assert misreported(plan, report, Truth(before, travel).done(plan)) == []
    outcomes = Counter(result.outcome for result in report.results)
    assert outcomes[Outcome.UNKNOWN] == 0
    assert point <= outcomes[Outcome.DONE] < point + mux.WINDOW
    if outcomes[Outcome.NOT_DONE]:
        assert report.error == "enough"
    else:
        assert report.converged, "a stop that comes too late stops nothing"
    travel.run(audit)
    assert (travel.holdings(), travel.foreign()) == (arrived.holdings, arrived.foreign)
    assert ours(audit) == arrived.owned
