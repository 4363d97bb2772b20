"""What happens to a fleet in the course of a day, in a few minutes: faults, hands, merges, a remote that is away."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gitops_room import POOL, Team

from trueup.lab.faults import Fault

READS = ("", "/login", f"{POOL}/print", "/system/resource/print")
WRITES = (f"{POOL}/set", f"{POOL}/add", f"{POOL}/remove", "/safe-mode/take", "/safe-mode/release")
POOLS = 20
SILENT = ("vanish", "lost")
"""Faults that a client finds out about by waiting alone."""

CUT = 600.0
"""Seconds of the router's time after which it knows that a silent peer is gone; nine minutes are enough."""

PATIENCE = 5.0
"""Seconds that a fault waits for the command that it is to hit."""


@dataclass
class Pending:
    """A fault on its way: ordered, then struck, then over."""

    router: str
    fault: Fault
    ordered: float
    struck: float = 0.0


@dataclass
class Storm:
    """Lets things happen, one by one; `calm` is since when nothing is wrong with a router, None while it is."""

    both: Team
    names: tuple[str, ...]
    watching: frozenset[str]
    chance: random.Random
    pending: dict[str, Pending] = field(default_factory=dict)
    calm: dict[str, float | None] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    _edits: dict[str, int] = field(default_factory=dict)
    _restore: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calm = dict.fromkeys(self.names, time.monotonic())
        self.sizes = dict.fromkeys(self.names, POOLS)

    def step(self) -> None:
        """Let one more thing happen, and end what is over."""
        self._settle()
        happening = self.chance.choices(
            (self._fault, self._edit, self._reboot, self._merge, self._remote, lambda: None), (8, 6, 1, 0.6, 0.2, 20)
        )[0]
        happening()

    def end(self) -> None:
        """From here on nothing more goes wrong, and what the hands did to routers that are only watched is undone."""
        for name in self.names:
            self.both.made.lab[name].faults.clear()
        for pending in list(self.pending.values()):
            self._over(pending)
        for _, undo in self._restore:
            undo()
        self._restore.clear()

    def _settle(self) -> None:
        now = time.monotonic()
        for pending in list(self.pending.values()):
            if pending.fault.times <= 0 and not pending.struck:
                pending.struck = now
            if pending.struck and now - pending.struck > (PATIENCE if pending.fault.kind in SILENT else 0.0):
                self._over(pending)
            elif not pending.struck and now - pending.ordered > PATIENCE:
                pending.fault.times = 0  # nobody sent such a command
                self._over(pending)
        for due in [each for each in self._restore if each[0] <= now]:
            self._restore.remove(due)
            due[1]()

    def _over(self, pending: Pending) -> None:
        """What a fault was about goes on: a silent peer's session is given up by the router at once."""
        if pending.fault.kind == "vanish":
            self.both.made.lab[pending.router].router.advance(CUT)
        del self.pending[pending.router]
        self.calm[pending.router] = time.monotonic()

    def _fault(self) -> None:
        free = [name for name in self.names if name not in self.pending]
        if not free:
            return
        name = self.chance.choice(free)
        kinds = ("drop", "torn", "garbage", "trap", "stall", "lost", "vanish", "reboot")
        kind = self.chance.choices(kinds, (4, 4, 2, 3, 3, 0.5, 0.5, 1))[0]
        match = self.chance.choice(READS + WRITES)
        said: dict[str, Any] = {"executed": self.chance.random() < 0.5, "seconds": self.chance.uniform(0.2, 3.0)}
        fault = self.both.made.lab[name].faults.add(kind, match, **said)  # type: ignore[arg-type]
        self.pending[name] = Pending(name, fault, time.monotonic())
        self.calm[name] = None
        self._count(kind)

    def _edit(self) -> None:
        """Somebody changes a row by hand, each time another one; on routers that are only watched they undo it."""
        name = self.chance.choice(self.names)
        number = self._edits.get(name, 0)
        self._edits[name] = number + 1
        watched, served = name in self.watching, self.both.made.lab[name]
        place = number % (1 if watched else POOLS)
        if not any(row["name"] == f"p{place}" for row in served.rows(POOL)):
            return
        change = (f"{POOL}/set", f"=.id=p{place}")
        served.done_by("anna", *change, f"=ranges=172.16.{number % 250}.2-172.16.{number % 250}.9")
        self._count("edit")
        if watched:
            later = time.monotonic() + self.chance.uniform(2, 6)
            declared = f"=ranges={ranges(place)}"
            self._restore.append((later, lambda: served.done_by("anna", *change, declared)))

    def _reboot(self) -> None:
        name = self.chance.choice(self.names)
        self.both.made.lab[name].reboot(self.chance.uniform(0.5, 3.0))
        self.calm[name] = time.monotonic() + 3.0 if self.calm[name] is not None else None
        self._count("restart")

    def _merge(self) -> None:
        if not self.both.served.trouble:
            self.merge()

    def merge(self) -> str:
        """A commit that changes some of the routers that are not only watched."""
        for name in self.chance.sample([name for name in self.names if name not in self.watching], 5):
            self.sizes[name] = POOLS + (self.sizes[name] == POOLS)
            declare(self.both, name, self.sizes[name], watched=False)
        self._count("merge")
        return self.both.push(message=f"Change {self.counts['merge']}")

    def _remote(self) -> None:
        if not self.both.served.trouble:
            self.both.served.trouble = self.chance.choice(("unreachable", "error"))
            self._restore.append((time.monotonic() + self.chance.uniform(2, 8), self._bring_back))
            self._count("remote away")

    def _bring_back(self) -> None:
        self.both.served.trouble = ""

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def ranges(number: int) -> str:
    """What is declared of a pool."""
    return f"10.{number}.0.2-10.{number}.0.9"


def declare(both: Team, name: str, pools: int, *, watched: bool) -> None:
    """A router's file: those that are only watched are never written to; every third is listened to."""
    listen = [POOL] if int(name.rpartition("-")[2]) % 3 == 0 else []
    both.declare(name, pools, reconcile={"mode": "observe" if watched else "enforce", "listen": listen})
