"""A router's time: a clock that can be moved on, and what is due on it."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

MOST = 200_000
"""Events that one look at the clock may run: more than two days of a job each second."""


class TooMuchDue(Exception):
    """More is due than a router could ever do."""


@dataclass(order=True, slots=True)
class Due:
    """Something that will happen once; events of one moment happen in the order in which they were put down."""

    when: float
    number: int
    run: Callable[[], object] = field(compare=False)
    called_off: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """It will not happen; what has happened stays."""
        self.called_off = True


class Timeline:
    """Time and what is due; whoever uses it holds the machine's lock.

    Nothing happens by itself: `catch_up` runs what has become due, each event at its own moment, so that `now` is that
    moment while it runs and a job may put down its next run. Routers catch up before every command.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ahead = 0.0
        self._moment: float | None = None
        self._due: list[Due] = []
        self._numbers = 0

    def now(self) -> float:
        """Seconds since 1970 as the router has them; while an event runs, the moment it was due."""
        return self._clock() + self._ahead if self._moment is None else self._moment

    def after(self, seconds: float, run: Callable[[], object]) -> Due:
        """Have something happen later; the answer can be cancelled."""
        return self.at(self.now() + max(0.0, seconds), run)

    def at(self, when: float, run: Callable[[], object]) -> Due:
        """Have something happen at a moment; a moment that is past is due at once."""
        self._numbers += 1
        due = Due(when, self._numbers, run)
        heapq.heappush(self._due, due)
        return due

    def catch_up(self) -> None:
        """Run all that is due by now, in order; does nothing while an event runs. Raises TooMuchDue."""
        if self._moment is not None or not self._due:
            return
        until = self.now()
        try:
            for _ in range(MOST):
                if not self._due or self._due[0].when > until:
                    return
                due = heapq.heappop(self._due)
                self._moment = due.when
                if not due.called_off:
                    due.run()
        finally:
            self._moment = None
        raise TooMuchDue(f"more than {MOST} events are due at once")

    def advance(self, seconds: float) -> None:
        """Let time pass at once, and happen what is due in it."""
        self._ahead += seconds
        self.catch_up()

    def jump(self, seconds: float) -> None:
        """Set the clock ahead; what was to happen after a while still waits as long."""
        self._ahead += seconds
        for due in self._due:
            due.when += seconds

    def stand_still(self) -> None:
        """Let no time pass from now on but by `advance` and `jump`, however long whoever looks on may take."""
        now = self._clock()
        self._clock = lambda: now

    def clear(self) -> None:
        """Forget what was due, as a reboot does; whoever needs it again puts it down again."""
        self._due.clear()
