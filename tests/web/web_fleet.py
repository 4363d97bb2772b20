"""A fleet made by hand: routers in every state, a rollout under way, windows; and a daemon that only remembers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trueup.audit import Audit, RouterRecord, RunRecord
from trueup.audit.run import record_to_document
from trueup.daemon.events import Bus
from trueup.daemon.status import (
    Drift,
    Fight,
    FleetStatus,
    Opening,
    RolloutRouter,
    RolloutStatus,
    RouterStatus,
    Sample,
    State,
    Suspension,
)
from trueup.errors import PlanError, Problem
from trueup.show import Line
from trueup_schemas.operate import Window

OLD = "3f0c1d9be2a7445b8f7e6a1c0d9b8e7f6a5b4c3d"
NEW = "9a41e77c0f5d4b2c8e1a6b3d7f9c0e2d4b6a8c1e"
NASTY = '<img src=x onerror="alert(1)">'
"""Text that would do something on a page that does not escape it."""

PLAN = (
    Line(2, "", "/ip/firewall/filter   chain=input"),
    Line(4, "", "  4   accept   connection-state=established,related"),
    Line(4, "+", "  5   accept   src-address-list=managers", "harbour/edge-1.yaml:31"),
    Line(4, "", "  6   drop   in-interface-list=WAN"),
    Line(10, "", "2 dynamic rows stay where they are"),
    Line(2, "", "/radius"),
    Line(4, "~", "billing   timeout   300ms -> 1100ms", "harbour/site.yaml:12"),
    Line(4, "", "          secret    changed (3f9a)"),
    Line(2, "", "/ip/hotspot/user"),
    Line(4, "-", "guest-1   was ours, no longer declared"),
    Line(4, ">", "accept   comment=ping"),
    Line(2, "!", "/ip/route: the default route is not declared", "harbour/site.yaml:30"),
    Line(2, "", "manager's path kept - nothing blinks - 41 hotspot sessions stay"),
)


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def ago(**length: float) -> datetime:
    return now() - timedelta(**length)


def router(name: str, state: State, site: str, number: int, **known: object) -> RouterStatus:
    usual = RouterStatus(
        name,
        site,
        ("hotspot",),
        f"10.20.{number // 250}.{number % 250 + 1}",
        "7.24",
        "observe",
        state,
        since=ago(hours=2),
        seen=ago(seconds=20),
        tried=ago(seconds=20),
        converged=ago(seconds=20) if state is State.CONVERGED else ago(hours=3),
        target=OLD,
        applied=OLD,
    )
    return replace(usual, **known)


def troubled() -> list[RouterStatus]:
    """One router in each state but as declared."""
    drift = (
        Drift("/ip/firewall/filter", "drift", 3, "kim", "today 09:12", "https://forge.example/network/pull/12"),
        Drift("/radius", "declared", 1),
    )
    fight = Fight("/ip/dns", "servers 8.8.8.8, by kim", "servers 10.0.0.53", 4, ago(minutes=50))
    suspended = Suspension("maria", "the mast is being rebuilt", ago(hours=5), now() + timedelta(days=2))
    return [
        router("harbour-edge-1", State.DRIFTED, "harbour", 1, reason="somebody changed 3 rows", drift=drift, plan=PLAN),
        router("harbour-edge-2", State.FIGHTING, "harbour", 2, reason="/ip/dns came back 4 times", fights=(fight,)),
        router("harbour-core", State.FAILED, "harbour", 3, reason="refused: no such item", failures=2, mode="enforce"),
        router(
            "hill-ap-1", State.UNREACHABLE, "hill", 4,
            reason="no answer within 10 s", failures=5, backoff=now() + timedelta(minutes=4), version="",
        ),
        router(
            "hill-tower", State.PENDING, "hill", 5, reason="waits for the window", target=NEW, mode="enforce",
            drift=(Drift("/queue/simple", "declared", 2),), plan=PLAN[5:8],
            opening=Opening(False, "nights", now() + timedelta(hours=9)), labels=("core", "tower"),
        ),
        router("marina-gw", State.WAITING, "marina", 6, target=NEW, waiting=now() + timedelta(minutes=8)),
        router("marina-ap", State.SUSPENDED, "marina", 7, reason="suspended by maria", suspended=suspended),
        router("marina-ap-2", State.UNKNOWN, "marina", 8, seen=None, tried=None, converged=None, since=None),
    ]  # fmt: skip


def rollout(state: str = "running") -> RolloutStatus:
    waves = (("hill-tower",), ("marina-gw", "marina-ap"), tuple(f"hq-{number}" for number in range(1, 9)))
    parts = {name: RolloutRouter() for wave in waves for name in wave}
    parts |= {
        "hill-tower": RolloutRouter("healthy", "", ago(minutes=6)),
        "marina-gw": RolloutRouter("settling", "8 of 10 sessions are back", ago(minutes=1)),
        "marina-ap": RolloutRouter("held", "suspended", ago(minutes=1)),
    }
    subject = "Let the marina's guests reach the harbour office"
    return RolloutStatus("r-9a41e77", OLD, NEW, "Harbour team", subject, ago(minutes=8), state, 1, waves, parts)


def fleet(size: int = 12) -> FleetStatus:
    """A fleet of so many routers that are as declared, and one in each other state."""
    routers = [
        *troubled(),
        *(router(f"hq-{number}", State.CONVERGED, "hq", number, mode="enforce") for number in range(1, size + 1)),
    ]
    states = {"converged": size, "drifted": 1, "failed": 1, "unreachable": 1}
    samples = tuple(
        Sample(ago(minutes=3 * (200 - index)), {**states, "drifted": 1 + index % 7}, 60.0 + 30 * (index % 40))
        for index in range(200)
    )
    past = replace(rollout("done"), id="r-3f0c1d9", subject="Raise the RADIUS timeout", ended=ago(days=1), at=2)
    return FleetStatus(
        "saltmarsh", OLD, OLD, "Raise the RADIUS timeout", "Harbour team", ago(seconds=12), ago(hours=30), now(),
        interval=180.0, round_seconds=8.4,
        routers={each.name: each for each in routers}, rollout=rollout(), past=(past,), samples=samples,
    )  # fmt: skip


WINDOWS = (
    Window.model_validate(
        {"kind": "allow", "name": "nights", "from": "22:30", "to": "04:00", "time-zone": "Europe/Lisbon"}
    ),
    Window.model_validate(
        {"kind": "deny", "name": "regatta", "days": ["sat", "sun"], "since": "2026-06-01", "sites": ["harbour"]}
    ),
)


@dataclass
class HandMade:
    """A board that shows what it is given."""

    status: FleetStatus
    declared: Sequence[Window] = WINDOWS
    bus: Bus = field(default_factory=Bus)

    def fleet(self) -> FleetStatus:
        return self.status

    def windows(self) -> Sequence[Window]:
        return self.declared

    def put(self, *routers: RouterStatus) -> None:
        """Other routers of the same names from now on."""
        self.status = replace(self.status, routers={**self.status.routers, **{each.name: each for each in routers}})


@dataclass
class Remembered:
    """Actions that are remembered, and carried out on the board; of `broken` routers none can be."""

    board: HandMade
    done: list[tuple[object, ...]] = field(default_factory=list)
    broken: str = "harbour-core"

    async def reconcile(self, router: str, who: str) -> str:
        return self._note("reconcile", router, who)

    async def suspend(self, router: str, who: str, why: str, until: datetime | None) -> str:
        self.board.put(
            replace(
                self.board.status.routers[router], state=State.SUSPENDED, suspended=Suspension(who, why, now(), until)
            )
        )
        return self._note("suspend", router, who, why, until)

    async def resume(self, router: str, who: str) -> str:
        self.board.put(replace(self.board.status.routers[router], state=State.CONVERGED, suspended=None, fights=()))
        return self._note("resume", router, who)

    async def confirm(self, router: str, who: str) -> str:
        return self._note("confirm", router, who)

    async def roll_back(self, router: str, who: str) -> str:
        return self._note("roll back", router, who)

    async def retry(self, who: str) -> str:
        return self._note("retry", "", who)

    def _note(self, what: str, router: str, *more: object) -> str:
        if router and router == self.broken:
            raise PlanError(Problem("another run is writing to this router", router, "wait for its end"))
        self.done.append((what, router, *more))
        return f"done: {what} {router}".strip()


def audited(folder: Path, runs: int = 6) -> Audit:
    """An audit of some runs, newest last: one by the daemon, one that failed."""
    audit = Audit.create(folder, "saltmarsh")
    outcomes = ("done", "done", "failed", "undone", "waiting", "done")
    for number in range(runs):
        started = ago(hours=3 * (runs - number))
        word = outcomes[number % len(outcomes)]
        parts = {"harbour-edge-1": RouterRecord(1, 2, 0, number, word), "hq-1": RouterRecord(0, 1, 0, 0, "done")}
        id = f"{number:08x}"
        place = f"{started:runs/%Y/%m/%Y%m%dT%H%M%S.%fZ}-{id}"
        record = RunRecord(id, place, "maria" if number % 2 else "trueup daemon", OLD, started, started, word, parts)
        (folder / place).mkdir(parents=True)
        (folder / place / "run.json").write_text(json.dumps(record_to_document(record)))
        (folder / place / "summary.md").write_text(f"# Run {id}\n\n1 row added on harbour-edge-1 {NASTY}\n")
    return audit
