"""A room whose routers a daemon keeps, in this process, with short intervals."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fleet_room import Room, room

from trueup.daemon.events import Bus, Event
from trueup.daemon.loop import Daemon
from trueup.daemon.status import RouterStatus, State
from trueup.lab import Spec

POOL = "/ip/pool"
QUICK = {"daemon": {"interval": "300ms", "poll": "1h"}, "rollout": {"settle": 0, "waves": ["100%"]}}
WITHIN = 30.0


class Kept:
    """A room, the daemon that keeps it, and everything that the daemon has told."""

    def __init__(self, made: Room) -> None:
        self.made, self.events = made, list[Event]()
        self.daemon: Daemon

    def declare(self, router: str, rows: dict[str, Any], **body: Any) -> None:
        """Write a router's file, with patience for a busy machine."""
        self.made.declare(router, rows, **{"connect": {"timeout": "20s"}, **body})

    def run(self, story: Callable[[Kept], Awaitable[None]]) -> None:
        """Tell a story while the daemon runs; it ends in any case."""
        asyncio.run(self._run(story))

    async def _run(self, story: Callable[[Kept], Awaitable[None]]) -> None:
        bus = Bus()
        bus.listen(self.events.append)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("trueup.daemon.loop.TICK", 0.1)
            patch.setattr("trueup.daemon.loop.AGAIN", 0.5)
            self.daemon = Daemon(self.made.network, bus)
            await self.daemon.start()
            running = asyncio.create_task(self.daemon.run())
            try:
                await story(self)
            finally:
                self.daemon.end("the test is over")
                await asyncio.wait_for(running, WITHIN)

    def status(self, router: str) -> RouterStatus:
        return self.daemon.board.router(router)

    def told(self, kind: str, router: str | None = None) -> list[str]:
        return [each.text for each in self.events if each.kind == kind and router in (None, each.router)]

    async def until(self, holds: Callable[[], Any], what: str = "") -> None:
        """Wait until something holds; fails with what the daemon knows where it never does."""
        end = asyncio.get_running_loop().time() + WITHIN
        while not holds():
            if asyncio.get_running_loop().time() > end:
                routers = {name: (s.state, s.reason) for name, s in self.daemon.board.fleet().routers.items()}
                last = self.events[-5:]
                raise AssertionError(f"{what or holds}: {routers} {self.daemon.board.fleet().troubles} {last}")
            await asyncio.sleep(0.05)

    async def is_in(self, state: State, *routers: str) -> None:
        await self.until(lambda: all(self.status(name).state == state for name in routers), f"{routers} {state}")

    async def looked(self, router: str, times: int = 2) -> None:
        """Wait until a router was looked at anew."""
        for _ in range(times):
            before = self.status(router).tried
            self.daemon.turns.hurry(router)
            await self.until(lambda before=before: self.status(router).tried != before, f"{router} looked at")

    def push(self, message: str = "Declare") -> str:
        """Commit what was declared, and have the daemon ask."""
        commit = self.made.commit(message)
        self.daemon.wake()
        return commit

    async def force(self, commit: str) -> None:
        await self.until(lambda: self.daemon.board.fleet().commit == commit, f"{commit} in force")

    def edit(self, router: str, *words: str, user: str = "anna") -> None:
        """Change a router by hand."""
        self.made.lab[router].router.execute(list(words), user=user)


def pools(count: int, second: int = 0) -> dict[str, Any]:
    return {POOL: [{"name": f"p{i}", "ranges": f"10.{i}.{second}.2-10.{i}.{second}.9"} for i in range(count)]}


@contextmanager
def keeping(folder: Path, *specs: Spec, **settings: Any) -> Iterator[Kept]:
    """Virtual routers of a network in git, not yet with any router declared."""
    with room(folder, *specs) as made:
        made.write("trueup.yaml", {"network": "net", **QUICK, **settings})
        with (made.network / ".git/info/exclude").open("a") as left_out:
            left_out.write(".trueup/\n")  # a status in somebody's commit would make them an author of what it changes
        yield Kept(made)
