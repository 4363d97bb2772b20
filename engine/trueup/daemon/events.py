"""What happens, told to whoever wants to know: the log, notifications, metrics, the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

Listener = Callable[["Event"], None]

WAITING = 1000
"""Events that a slow reader may leave unread; older ones are dropped then."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `kind` is a trueup_schemas.operate.Happening, or "status" or "action" for the page.

    `text` is for people and holds no secret and no personal data; `router` is "" where it is about the fleet. `key`
    tells what is the same thing happening again; `detail` is for whoever mends trueup.
    """

    kind: str
    text: str
    router: str = ""
    run: str = ""
    commit: str = ""
    level: str = "info"
    key: str = ""
    detail: str = ""
    when: datetime | None = None


class Bus:
    """Passes every event to every listener at once, and to every reader in order; a slow reader delays nobody."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._readers: set[asyncio.Queue[Event]] = set()

    def listen(self, listener: Listener) -> None:
        """Call the listener with every event from now on; it must not wait."""
        self._listeners.append(listener)

    def tell(self, event: Event) -> None:
        """Pass an event on, its time filled in where it has none."""
        if event.when is None:
            event = replace(event, key=event.key or f"{event.kind} {event.router}", when=datetime.now(UTC))
        for listener in self._listeners:
            listener(event)
        for queue in self._readers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    @contextmanager
    def reading(self) -> Iterator[AsyncIterator[Event]]:
        """Events from now on, as long as the context lasts."""
        queue: asyncio.Queue[Event] = asyncio.Queue(WAITING)
        self._readers.add(queue)
        try:
            yield _each(queue)
        finally:
            self._readers.discard(queue)


async def _each(queue: asyncio.Queue[Event]) -> AsyncIterator[Event]:
    while True:
        yield await queue.get()
