"""Every point of an apply, every fault, under every net: the schedules, and what must hold after each."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from interrupted import NETLESS, Journey, Memory, Truth, journey, misreported

from trueup.apply import carry
from trueup.device import line, mux, session
from trueup.fleet.nets import Asked
from trueup.plan import Outcome, Plan, Report
from trueup.plan.net import ours

FAULTS = (
    "drop",
    "drop-late",
    "vanish",
    "vanish-late",
    "stall",
    "stall-late",
    "slow",
    "lost",
    "garbage",
    "garbage-late",
    "torn",
    "trap",
    "trap-late",
    "reboot",
    "reboot-late",
    "disk-full",
)
"""How a command fails; `late`: it was carried out all the same. `slow` is answered late, but in time."""

SOON = 0.15
"""Seconds that a command of an interrupted run may take, and again until the connection counts as dead."""

LATER = 700.0
"""Seconds of the router's time after which every net has acted: nine minutes for a lost hold, two for a script."""

SEEN = {"net": "unroll from the scheduler", "works": True}


NETTED = Asked()


@dataclass(frozen=True)
class Setting:
    """One router and one net that the journey is made under, and how many commands its apply takes.

    `most` are actions of a batch. `script`: an inverse script is part of the net, and it takes no secrets back. `ends`:
    the manager is known. `renumbers`: a restart gives rows other `.id`s, and all that is told is that it is not known.
    """

    name: str
    version: str
    points: int
    asked: Asked = NETTED
    drilled: tuple[str, ...] = ()
    most: int = 80
    script: bool = False
    hold: bool = True
    ends: bool = False
    console: bool = False
    renumbers: bool = False


SETTINGS = (
    Setting("safe mode", "7.24", 39),
    Setting("safe mode and inverse script", "7.18", 48, script=True, ends=True),
    Setting("inverse script", "7.16", 44, script=True, hold=False),
    Setting("inverse script of RouterOS 7.9", "7.9", 44, script=True, hold=False),
    Setting("safe mode with a guard", "7.24.5", 46, drilled=("unroll from the scheduler",)),
    Setting("batches", "7.20", 66, most=6, script=True),
    Setting("to be confirmed", "7.24", 48, Asked(confirm=600), script=True),
    Setting("safe mode over SSH", "7.16", 35, drilled=("safe mode over SSH",), console=True),
    Setting("ids that a restart changes", "7.24", 39, renumbers=True),
    Setting("none", "7.24", 35, Asked(none=True), hold=False),
)

EACH, EACH_AT_CONSOLES = 5, 1
"""Faults that strike at one point; from point to point they are others, so that each comes again and again."""

STEP = 5
"""How far the faults of one point are from those of the one before; it divides nothing of their number."""


def schedules() -> list[tuple[Setting, str, int]]:
    """Every setting, point and fault of the matrix."""
    return [
        (setting, FAULTS[(STEP * (EACH * point + number)) % len(FAULTS)], point)
        for setting in SETTINGS
        for point in range(setting.points)
        for number in range(EACH_AT_CONSOLES if setting.console else EACH)
    ]


@dataclass(frozen=True)
class Arrived:
    """What an apply without faults comes to, and how many commands it takes."""

    commands: tuple[str, ...]
    before: Any
    holdings: Any
    foreign: Any
    owned: Counter[str]


@dataclass
class Travel:
    """A journey under one setting, begun anew for each schedule."""

    setting: Setting
    way: Journey
    patch: pytest.MonkeyPatch
    arrived: Arrived = field(init=False)

    def __post_init__(self) -> None:
        audit = self.begin()
        before, foreign = self.way.holdings(), self.way.foreign()
        marks: list[int] = []
        self.way.coming = lambda: marks.append(len(self.way.served.log))
        _, report = self.way.run(audit)
        assert report is not None
        assert report.converged, report
        commands = tuple(words[0] for words in list(self.way.served.log)[marks[0] :])
        self.end_waiting(audit)
        self.arrived = Arrived(commands, before, self.way.holdings(), foreign, on_record(audit))

    def begin(self) -> Memory:
        return self.way.begin()

    def interrupted(self, fault: str, point: int) -> tuple[Memory, Plan, Report]:
        """An apply whose command at a point fails."""
        audit = self.begin()
        with self.patch.context() as soon:
            soon.setattr(mux, "GRACE", SOON)
            self.way.coming = lambda: order(self.way, fault, point, soon)
            plan, report = self.way.run(audit)
        assert report is not None
        return audit, plan, report

    def strangers(self, renumbered: bool) -> Any:
        return strangers(self.way.foreign(), renumbered)

    def whole(self, fault: str) -> bool:
        """Whether the net leaves all of a plan or nothing; after a restart some nets are gone, and none is exact."""
        return (self.setting.script or self.setting.hold) and not fault.startswith("reboot")

    def bare(self, holdings: Any) -> Any:
        """What a net brings back: empty texts are as good as none, and no script holds a secret."""
        left_out = ("password", "secret") if self.setting.script else ()
        return {
            menu: [{n: v for n, v in row.items() if v and n not in left_out} for row in rows]
            for menu, rows in holdings.items()
        }

    def end_waiting(self, audit: Memory) -> None:
        """What waits to be confirmed is confirmed by hand, and the record settled by a run with nothing to do."""
        if not self.setting.asked.confirm:
            return
        for menu in ("/system/scheduler", "/system/script"):
            rows = self.way.served.router.menu(menu).table.rows
            rows[:] = [row for row in rows if not ours(row.values["name"])]
        self.way.served.router.reschedule()
        self.way.run(audit)


def noticed(way: Journey) -> None:
    """Give the router time to see that a console has been closed, which it does in a thread of its own."""
    for _ in range(100):
        if not way.served.router.rows("/user/active"):
            return
        time.sleep(0.01)


def strangers(foreign: Any, renumbered: bool) -> Any:
    """The rows of others, `.id`s and all unless a restart has changed those."""
    return [(menu, [pair for pair in row if pair[0] != ".id" or not renumbered]) for menu, row in foreign]


def order(way: Journey, fault: str, point: int, patch: pytest.MonkeyPatch) -> None:
    """Have the command at a point of the apply fail, and little patience from now on, when the plan is made."""
    patch.setattr(session, "DEADLINE", SOON)
    patch.setattr(line, "FIRST", SOON)
    kind, _, late = fault.partition("-")
    if fault == "disk-full":
        fill_the_disk(point, patch)
    elif kind == "slow":
        way.served.faults.add("stall", skip=point, seconds=SOON / 3)
    else:
        way.served.faults.add(kind, skip=point, executed=bool(late))


def fill_the_disk(point: int, patch: pytest.MonkeyPatch) -> None:
    """From the journal's n-th entry on there is no room."""
    write, written = carry.Journal.write, 0

    def full(self: carry.Journal, doing: str, **state: Any) -> None:
        nonlocal written
        written += 1
        if written > point:
            with patch.context() as no_room:
                no_room.setattr("trueup.apply.journal.os.fsync", refuse)
                write(self, doing, **state)
        write(self, doing, **state)

    patch.setattr(carry.Journal, "write", full)


def refuse(_: int) -> None:
    raise OSError(28, "No space left on device")


@contextmanager
def travel(folder: Path, setting: Setting) -> Iterator[Travel]:
    ends = {"source": "10.9.9.9", "destination": "10.20.0.1"} if setting.ends else None
    about = {"version": setting.version, "ssh_port": 0 if setting.console else None, "fresh_ids": setting.renumbers}
    with pytest.MonkeyPatch.context() as patch, journey(folder, ends, **about) as way:
        patch.setattr("trueup.risk.batches.MOST", setting.most)
        way.asked = setting.asked
        if setting.drilled:
            nets = [{"net": net, "works": True} for net in setting.drilled]
            way.owned.kept["drill"] = {"version": setting.version, "serial": "SNedge", "nets": nets}
        yield Travel(setting, way, patch)


def on_record(audit: Memory) -> Counter[str]:
    """The rows on record, but for what differs from one way to the next."""
    rows = json.loads(audit.owned["edge"])["rows"]
    return Counter(json.dumps({name: value for name, value in row.items() if name != "id"}) for row in rows)


def holds(made: Travel, fault: str, point: int) -> None:
    """The promise about one schedule: told as it is, nothing half, nothing twice, repaired by the next plan."""
    way, arrived = made.way, made.arrived
    made.begin()
    before = {menu: way.rows(menu) for menu in arrived.holdings}
    audit, plan, report = made.interrupted(fault, point)
    assert not way.served.faults.waiting() or not report.converged, "the fault has struck"
    renumbered = made.setting.renumbers and fault.startswith("reboot")
    if not renumbered:
        assert misreported(plan, report, Truth(before, way).done(plan)) == [], report
    if report.taken_back:
        assert made.bare(way.holdings()) == made.bare(arrived.before)
    assert made.strangers(renumbered) == strangers(arrived.foreign, renumbered)

    certain = not report.notes and not report.waiting and Outcome.UNKNOWN not in {r.outcome for r in report.results}
    then = way.holdings()
    way.served.faults.clear()
    way.coming = lambda: None
    if made.setting.console:
        noticed(way)
    way.served.router.advance(LATER)
    if certain:
        assert way.holdings() == then, "what was reported for certain changes no more"
    assert made.strangers(renumbered) == strangers(arrived.foreign, renumbered)
    for menu in ("/system/scheduler", "/system/script"):
        assert [row["name"] for row in way.rows(menu) if ours(row["name"])] == []
    if made.whole(fault):
        assert made.bare(way.holdings()) in (made.bare(arrived.before), made.bare(arrived.holdings)), "all or nothing"

    way.asked = NETLESS
    _, repaired = way.run(audit)
    way.asked = made.setting.asked
    assert repaired is None or repaired.converged, repaired
    assert way.holdings() == arrived.holdings
    assert made.strangers(renumbered) == strangers(arrived.foreign, renumbered)
    assert on_record(audit) == arrived.owned
    assert not list((way.made.network / ".trueup" / "journal").glob("*"))
