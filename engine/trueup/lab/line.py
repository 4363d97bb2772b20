"""One connection between the manager and the router: while the rows forbid its packets, nothing arrives either way."""

from __future__ import annotations

import asyncio
from typing import Protocol

from trueup.lab.gate import Gate
from trueup.lab.packets.fate import Outcome
from trueup.lab.safety import AFTER_CUT
from trueup.lab.timeline import Due


class Over(Exception):
    """The connection is no more: the router gave it up, or a rule resets it."""


class End(Protocol):
    """The router's end of a connection."""

    def cut(self) -> None:
        """Packets vanish from now on; the router does not know."""

    def mended(self) -> None:
        """They arrive again, in time."""

    def forget(self) -> None:
        """The router has noticed that nobody answers."""


class Line:
    """Asks the gate for one connection; TCP's patience is the router's: nine minutes of its time."""

    def __init__(self, gate: Gate, service: str, end: End, port: int = 0) -> None:
        self._gate = gate
        self._service = service
        self._port = port
        self._end = end
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._outcome: Outcome = "passes"
        self._given_up = False
        self._due: Due | None = None
        gate.watch(self._look)

    @property
    def over(self) -> bool:
        """Whether packets are answered with a reset from now on."""
        return self._outcome == "refused" or (self._given_up and self.whole)

    @property
    def unheard(self) -> bool:
        """Whether the client hears of an end that the router knows nothing of."""
        return self._outcome == "refused" and not self._gate.closed

    @property
    def whole(self) -> bool:
        """Whether packets arrive now."""
        return self._outcome == "passes" or self._gate.closed

    async def clear(self) -> None:
        """Wait until packets arrive; raises Over where they never will again."""
        while not self.whole and not self.over:
            self._changed.clear()
            if not self.whole and not self.over:
                await self._changed.wait()
        if self.over or self._gate.closed:
            raise Over

    def close(self) -> None:
        """The connection has ended; a router that knows nothing of it finds out in time."""
        self._gate.leave(self._look)
        if self._due is not None and not self.unheard:
            self._due.cancel()

    def _look(self) -> None:
        """Heed what the gate says; called from any thread, under the router's lock."""
        was, self._outcome = self._outcome, self._gate.judge(self._service, "established", self._port).outcome
        if (was == "passes") != (self._outcome == "passes"):
            if self._outcome == "passes":
                self._mend()
            else:
                self._due = self._gate.router.timeline.after(AFTER_CUT, self._give_up)  # before safe mode is undone
                self._end.cut()
        if was != self._outcome or self._gate.closed:
            self._loop.call_soon_threadsafe(self._changed.set)

    def _mend(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if not self._given_up:
            self._end.mended()

    def _give_up(self) -> None:
        self._due, self._given_up = None, True
        self._end.forget()
