"""When each router is looked at next: every interval with jitter, sooner after a failure, one after the other."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

FIRST, LONGEST = 5.0, 300.0
"""Seconds until a router that failed is tried again: they double from the first to the longest."""

JITTER = 0.1
"""Share of the interval that a router's time is moved by at random, so that they do not come all at once."""


@dataclass
class Turn:
    """One router's turn: when it is due, in seconds of the loop's clock, and how often it has failed in a row."""

    due: float
    failures: int = 0
    busy: bool = False


@dataclass
class Schedule:
    """Turns of all routers. A router is never given out while it is busy; one that is hurried has its turn after that.

    `doubtful` routers are those that failed at their last turn: they are counted apart, so that many that answer slowly
    or not at all never keep the others waiting.
    """

    interval: float
    chance: random.Random = field(default_factory=random.Random)
    _turns: dict[str, Turn] = field(default_factory=dict)
    _hurried: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)

    def keep(self, routers: Iterable[str], now: float) -> None:
        """Have turns for exactly these routers; new ones are spread over the first interval, the first at once."""
        names = list(routers)
        for name in set(self._turns) - set(names):
            if self._turns[name].busy:
                self._gone.add(name)
            else:
                del self._turns[name]
        self._gone -= set(names)
        new = [name for name in names if name not in self._turns]
        step = min(self.interval / max(len(new), 1), 0.2)
        for number, name in enumerate(new):
            self._turns[name] = Turn(now + number * step)

    def hurry(self, router: str, now: float) -> None:
        """Give the router its turn at once, again where it is busy; unknown ones are left out."""
        turn = self._turns.get(router)
        if turn is None:
            return
        if turn.busy:
            self._hurried.add(router)
        turn.due = min(turn.due, now)

    def due(self, now: float, *, doubtful: bool) -> list[str]:
        """The routers whose time has come, the one that waits longest first."""
        found = [
            (turn.due, name)
            for name, turn in self._turns.items()
            if turn.due <= now and not turn.busy and bool(turn.failures) is doubtful
        ]
        return [name for _, name in sorted(found)]

    def begin(self, router: str) -> None:
        self._turns[router].busy = True

    def end(self, router: str, now: float, *, failed: bool) -> float:
        """End a router's turn; the seconds until its next: the interval, or backoff where it failed."""
        turn = self._turns[router]
        turn.busy = False
        turn.failures = turn.failures + 1 if failed else 0
        wait = 0.0 if router in self._hurried else self._wait(turn.failures)
        self._hurried.discard(router)
        turn.due = now + wait
        if router in self._gone:  # it was let go while it was busy
            self._gone.discard(router)
            del self._turns[router]
        return wait

    def next(self, now: float) -> float:
        """Seconds until the next router that is not busy is due."""
        waiting = [turn.due for turn in self._turns.values() if not turn.busy]
        return max(min(waiting, default=now + self.interval) - now, 0.0)

    def failures(self, router: str) -> int:
        turn = self._turns.get(router)
        return turn.failures if turn else 0

    @property
    def busy(self) -> int:
        """How many routers are being looked at."""
        return sum(turn.busy for turn in self._turns.values())

    def oldest(self, now: float) -> float:
        """Seconds by which the router that waits longest is late."""
        return max((now - turn.due for turn in self._turns.values() if not turn.busy), default=0.0)

    def _wait(self, failures: int) -> float:
        base = self.interval if not failures else min(FIRST * 2 ** min(failures - 1, 16), LONGEST)
        return base * (1 + JITTER * (2 * self.chance.random() - 1))
