"""Listening to menus: a router tells which rows have changed, as they change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from trueup.device.faults import Lost, Refused
from trueup.device.read import NOT_DYNAMIC
from trueup.device.session import Session

INTERFACE = "/interface"
"""Interfaces of every kind; only here are removed ones told (an operator's tests of 2019)."""

WANTED = "=.proplist=.id,.dead,dynamic"
DEAD = ("true", "yes")
"""`.dead` in RouterOS 7, and in what the documentation shows of older ones."""

INTERRUPTED = 2
"""The category of the `!trap` of a command that was told to stop."""

ALIVE = 120.0
"""Seconds between two questions on a connection that says nothing, so that a dead one is noticed."""

OVERDUE = 30.0
"""Seconds that such a question may take."""

BEHIND = 10_000
"""Changes that a slow reader may leave unread: more are not told one by one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A row of a menu has changed, is new, or is gone (`dead`); dynamic rows are not told."""

    menu: str
    id: str
    dead: bool = False


Refuse = Callable[[str, str], None]
"""Told of a menu that refuses to be listened to, and why."""


async def listen(session: Session, menus: Sequence[str], refused: Refuse) -> AsyncIterator[Changed]:
    """Changes in these menus, until the reader leaves; nothing of what rows hold is asked for.

    Menus that refuse are told and left out; with none left it ends. Raises RouterError once the connection is lost, or
    the router ends what it should go on with. The session is to be used for nothing else.
    """
    listener = _Listener(session, refused)
    try:
        async for change in listener.run(menus):
            yield change
    finally:
        await listener.stop()


@dataclass
class _Menu:
    """One menu's subscription: the `.id`s of its rows that are not dynamic, once they are `known`.

    `beside` is set where only removals count, and only for the menus of the kinds of interfaces.
    """

    path: str
    rows: set[str] = field(default_factory=set)
    known: bool = False
    beside: bool = False


class _Listener:
    """The subscriptions of one session, one task for each, and what they told."""

    def __init__(self, session: Session, refused: Refuse) -> None:
        self._session, self._refused = session, refused
        self._told: asyncio.Queue[Changed | None] = asyncio.Queue(BEHIND)
        self._tasks: set[asyncio.Task[None]] = set()
        self._kinds: list[_Menu] = []

    async def run(self, menus: Sequence[str]) -> AsyncIterator[Changed]:
        wanted = [_Menu(path) for path in dict.fromkeys(menus)]
        self._kinds = [menu for menu in wanted if menu.path.startswith(f"{INTERFACE}/")]
        if self._kinds:
            wanted.append(_Menu(INTERFACE, beside=True))
        following = [self._task(self._follow(menu)) for menu in wanted]
        alive = self._task(self._ask())
        while not all(task.done() for task in following) or not self._told.empty():
            change = await self._told.get()
            for task in (*following, alive):
                if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                    raise error
            if change is not None:
                yield change

    async def stop(self) -> None:
        """End every subscription, each with its `/cancel`."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._wake())
        return task

    def _wake(self) -> None:
        if not self._told.full():
            self._told.put_nowait(None)

    async def _follow(self, menu: _Menu) -> None:
        """Listen to one menu for ever; returns where it refuses."""
        known = asyncio.create_task(self._known(menu))
        try:
            await self._session.follow([f"{menu.path}/listen", WANTED], lambda row: self._row(menu, row))
        except Refused as error:
            if not any(trap.category == INTERRUPTED for trap in error.traps):
                if not menu.beside:
                    self._refused(menu.path, error.problems[0].message)
                return
        finally:
            known.cancel()
            await asyncio.gather(known, return_exceptions=True)
        where = f"{self._session.where} {menu.path}/listen"
        raise Lost("the router ended what should go on", where, sent=True, remedy="it is begun anew")

    async def _known(self, menu: _Menu) -> None:
        """Learn which rows are there that are not dynamic; the end of others is not told."""
        reply = await self._session.talk([f"{menu.path}/print", "=.proplist=.id", *NOT_DYNAMIC])
        menu.rows.update(row[".id"] for row in reply.rows if ".id" in row)
        menu.known = True

    def _row(self, menu: _Menu, said: dict[str, str]) -> None:
        id = said.get(".id", "")
        if said.get(".dead") in DEAD:
            if id in menu.rows or not menu.known:
                menu.rows.discard(id)
                self._gone(menu, id)
        elif said.get("dynamic") == "true":
            menu.rows.discard(id)
        else:
            menu.rows.add(id)
            if not menu.beside:
                self._tell(Changed(menu.path, id))

    def _gone(self, menu: _Menu, id: str) -> None:
        """Tell that a row is gone; an interface in the menu of its kind, or in all of them where that is not known."""
        kinds = [kind for kind in self._kinds if id in kind.rows] or self._kinds if menu.beside else [menu]
        for kind in kinds:
            kind.rows.discard(id)
            self._tell(Changed(kind.path, id, dead=True))

    def _tell(self, change: Changed) -> None:
        if not self._told.full():
            self._told.put_nowait(change)

    async def _ask(self) -> None:
        """Ask for something from time to time: a connection on which nothing comes may be a dead one."""
        while True:
            await asyncio.sleep(ALIVE)
            await self._session.talk(["/system/identity/print", "=.proplist=name"], OVERDUE)
