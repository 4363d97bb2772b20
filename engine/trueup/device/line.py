"""The one connection that a run reads and writes over, and the way back where it is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from trueup.device.session import Session
from trueup.errors import Problem, RouterError

Open = Callable[[], AbstractAsyncContextManager[Session]]

FIRST, LONGEST = 0.5, 10.0
"""Seconds between two tries to come back: they double from the first to the longest."""

PROBES = 2
"""Tries of a probe: one lost packet must not undo a change."""


class Line:
    """A session that can be opened anew; use `session` each time, never keep it."""

    def __init__(self, open: Open, where: str) -> None:
        self._open, self._where = open, where
        self._stack = AsyncExitStack()
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The open session; raises RouterError where there is none."""
        if self._session is None:
            raise RouterError(Problem("there is no connection", self._where, "try again"))
        return self._session

    async def open(self) -> None:
        """Connect; raises RouterError."""
        self._session = await self._stack.enter_async_context(self._open())

    async def again(self, patience: float) -> None:
        """Connect anew, as often as `patience` seconds allow and once at least; raises the last RouterError."""
        await self.close()
        until, pause = time.monotonic() + patience, FIRST
        while True:
            try:
                await self.open()
                return
            except RouterError:
                if time.monotonic() + pause >= until:
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST)

    async def probe(self) -> None:
        """Log in over a connection of its own and ask for something; raises RouterError where that fails."""
        for left in reversed(range(PROBES)):
            try:
                async with self._open() as session:
                    await session.talk(["/system/identity/print", "=.proplist=name"])
                return
            except RouterError:
                if not left:
                    raise
                await asyncio.sleep(FIRST)

    async def close(self) -> None:
        """Hang up; `open` and `again` connect anew."""
        self._session = None
        await self._stack.aclose()
