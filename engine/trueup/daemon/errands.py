"""Work beside the routers' turns, each under a name that is never at work twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from trueup.daemon.attempt import attempt

Failed = Callable[[str, Exception], None]


class Errands:
    """Runs coroutines in the background; what one raises goes to `failed` and disturbs nobody."""

    def __init__(self, failed: Failed) -> None:
        self._failed = failed
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def run(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Begin the work unless work of this name goes on; whether it was begun."""
        if name in self._tasks:
            return False
        self._tasks[name] = asyncio.create_task(self._do(name, work()))
        return True

    async def end(self, within: float) -> None:
        """Wait for what goes on, and break off what takes longer."""
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def __len__(self) -> int:
        return len(self._tasks)

    async def _do(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            ended = await attempt(work)
        finally:
            del self._tasks[name]
        if isinstance(ended, Exception):
            self._failed(name, ended)
