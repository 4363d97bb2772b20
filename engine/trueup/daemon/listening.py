"""Routers that tell of changes between two rounds: subscriptions, kept up, and passed on a moment later."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial

from trueup.device import Session
from trueup.device.listen import listen
from trueup.errors import TrueupError

ROUTERS = 200
"""Routers that are listened to at most, each over a connection of its own."""

MENUS = 12
"""Menus of one router at most: 25 commands at once have been seen to hang one."""

QUIET = 1.0
"""Seconds from the first change in a menu until it is passed on, with all that came in between."""

REST = 5.0
"""Seconds between two reports of one menu, whatever happens there."""

ECHO = 2.0
"""Seconds after a write of ours during which its own changes may still come in."""

FIRST, LONGEST = 5.0, 300.0
"""Seconds until a lost connection is tried again: they double from the first to the longest."""

STEADY = 60.0
"""Seconds that a connection has to last for the next pause to be the first again."""

Open = Callable[[str], AbstractAsyncContextManager[Session]]
"""Connects to a router by its name, as it is declared now; may raise TrueupError."""

Told = Callable[[str, str], None]
"""Told of a router and a text, or a menu; it must not wait."""


class Watcher:
    """Listens to routers and calls `on_change(router, menu)` within seconds of a change that somebody else made.

    `say` is told, once, what cannot be listened to. A connection that is lost is made anew, and then every menu counts
    as changed. All of it runs in one event loop.
    """

    def __init__(self, open: Open, say: Told, *, routers: int = ROUTERS) -> None:
        self._open, self._say, self._most = open, say, routers
        self._watches: dict[str, _Watch] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._said: set[tuple[str, str]] = set()

    @property
    def listening(self) -> frozenset[str]:
        """The routers whose connection stands."""
        return frozenset(name for name, watch in self._watches.items() if watch.up)

    def start(self, router: str, menus: Sequence[str], on_change: Told, where: object = None) -> None:
        """Listen to a router's menus from now on, in place of those that were listened to there.

        Nothing happens where they are the same, and `where` (how it is reached) too.
        """
        wanted = tuple(dict.fromkeys(menus))
        watch = self._watches.get(router)
        if watch is not None and (watch.menus, watch.where) == (wanted[:MENUS], where):
            return
        self.stop(router)
        if not wanted:
            return
        if len(self._watches) >= self._most:
            self._tell(router, f"{self._most} routers are listened to already; it is looked at each interval only")
            return
        if len(wanted) > MENUS:
            self._tell(router, f"{MENUS} menus are listened to at most; not to {', '.join(wanted[MENUS:])}")
        watch = _Watch(router, wanted[:MENUS], on_change, where)
        watch.task = asyncio.create_task(self._keep(watch))
        self._watches[router] = watch

    def stop(self, router: str) -> None:
        """Listen to a router no longer."""
        watch = self._watches.pop(router, None)
        if watch is not None and watch.task is not None:
            watch.end()
            self._ending.add(watch.task)
            watch.task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Listen to nobody any more; every connection is closed when this returns."""
        for router in list(self._watches):
            self.stop(router)
        await asyncio.gather(*self._ending, return_exceptions=True)

    @contextmanager
    def writing(self, router: str, menus: Collection[str] | None = None) -> Iterator[None]:
        """While we write to these menus of a router (None: all), changes in them are ours, and a moment longer."""
        watch = self._watches.get(router)
        written = set(menus if menus is not None else watch.menus if watch is not None else ())
        if watch is not None:
            watch.write(written)
        try:
            yield
        finally:
            if watch is not None:
                watch.wrote(written)

    async def _keep(self, watch: _Watch) -> None:
        """Keep up one router's subscription, until every menu of it refuses."""
        loop, pause, again = asyncio.get_running_loop(), FIRST, False
        while True:
            began = loop.time()
            try:
                async with self._open(watch.router) as session:
                    watch.up = True
                    for menu in watch.menus if again else ():
                        watch.heard(menu)
                    async for change in listen(session, watch.menus, partial(self._refused, watch.router)):
                        watch.heard(change.menu)
                return
            except TrueupError:
                again = True  # the round tells whether the router answers
            finally:
                watch.up = False
            pause = FIRST if loop.time() - began >= STEADY else pause
            await asyncio.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311
            pause = min(2 * pause, LONGEST)

    def _refused(self, router: str, menu: str, why: str) -> None:
        self._tell(router, f"{menu} cannot be listened to: {why}")

    def _tell(self, router: str, text: str) -> None:
        """Say something once."""
        if (router, text) not in self._said:
            self._said.add((router, text))
            self._say(router, text)


@dataclass(eq=False)
class _Watch:
    """One router's subscription: what is on its way to being passed on, and which menus we write to."""

    router: str
    menus: tuple[str, ...]
    on_change: Told
    where: object = None
    task: asyncio.Task[None] | None = None
    up: bool = False
    _due: dict[str, asyncio.TimerHandle] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)
    _ours: dict[str, int] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)

    def heard(self, menu: str) -> None:
        """A menu has changed; it is passed on soon, with all that comes in until then."""
        loop = asyncio.get_running_loop()
        if menu in self._due or self._ours.get(menu) or loop.time() < self._until.get(menu, 0.0):
            return
        at = max(loop.time() + QUIET, self._told.get(menu, -REST) + REST)
        self._due[menu] = loop.call_at(at, self._pass_on, menu)

    def write(self, menus: Collection[str]) -> None:
        for menu in menus:
            self._ours[menu] = self._ours.get(menu, 0) + 1

    def wrote(self, menus: Collection[str]) -> None:
        until = asyncio.get_running_loop().time() + ECHO
        for menu in menus:
            self._ours[menu] -= 1
            self._until[menu] = until

    def end(self) -> None:
        for timer in self._due.values():
            timer.cancel()
        if self.task is not None:
            self.task.cancel()

    def _pass_on(self, menu: str) -> None:
        del self._due[menu]
        self._told[menu] = asyncio.get_running_loop().time()
        self.on_change(self.router, menu)
