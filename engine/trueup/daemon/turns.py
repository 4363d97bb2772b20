"""Turns of routers, some at once: those that answer and those that did not have places of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from trueup.daemon.schedule import Schedule

Look = Callable[[str], Awaitable[bool]]
"""Gives one router its turn; whether that failed, so that it is tried again soon. Never raises."""

LONGEST = 1.0
"""Seconds between two looks at the schedule, at most."""


class Turns:
    """Gives routers their turns as they come due, and as many at once as there are places.

    A quarter of the places is for routers whose last turn failed, so that they never keep others waiting.
    """

    def __init__(self, schedule: Schedule, look: Look, ended: Callable[[str, float, bool], None]) -> None:
        self.schedule, self._look, self._ended = schedule, look, ended
        self.places = 1
        self._moved = asyncio.Event()
        self._running: dict[str, tuple[bool, asyncio.Task[None]]] = {}

    def hurry(self, router: str) -> None:
        """Give a router its turn now."""
        self.schedule.hurry(router, _now())
        self.move()

    def move(self) -> None:
        """Look at the schedule again: it has changed."""
        self._moved.set()

    async def go(self, asked: Callable[[], bool]) -> None:
        """Give turns until somebody asks to end; turns that have begun go on."""
        while not asked():
            self._moved.clear()
            self._begin()
            pause = min(self.schedule.next(_now()) or LONGEST, LONGEST)
            try:
                await asyncio.wait_for(self._moved.wait(), max(pause, 0.01))
            except TimeoutError:
                continue

    async def end(self, within: float) -> None:
        """Wait for the turns that have begun; those that take longer are broken off."""
        tasks = [task for _, task in self._running.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _begin(self) -> None:
        apart = max(self.places // 4, 1)
        for doubtful, most in ((True, apart), (False, max(self.places - apart, 1))):
            busy = sum(kind is doubtful for kind, _ in self._running.values())
            for name in self.schedule.due(_now(), doubtful=doubtful)[: max(most - busy, 0)]:
                self.schedule.begin(name)
                self._running[name] = (doubtful, asyncio.create_task(self._turn(name)))

    async def _turn(self, name: str) -> None:
        failed = True
        try:
            failed = await self._look(name)
        finally:
            del self._running[name]
            wait = self.schedule.end(name, _now(), failed=failed)
            self._ended(name, wait, failed)
            self.move()


def _now() -> float:
    return asyncio.get_running_loop().time()
