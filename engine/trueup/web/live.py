"""Server-sent events: tells open pages that something has changed, at most once a second."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from trueup.daemon.events import Bus, Event
from trueup.web.visitor import address_of, visitor_of

REST, CALM = 1.0, 2.5
"""Seconds between two messages, and where nothing is to be told but that the status is a newer one; what happens
meanwhile comes as one."""

BEAT = 15.0
"""Seconds after which something is said in any case, so that a line that broke and a login that ended are noticed."""

MOST, OF_ONE = 200, 40
"""Pages that may be open at once, of all and of one user, or address without a login."""

TOLD = 3
"""Events that one message repeats; how many there were beyond is said."""


class Pulse:
    """Counts events, and wakes every open page; each page knows how far it has read."""

    def __init__(self, bus: Bus) -> None:
        self.open: Counter[str] = Counter()
        self.closed = False
        self.number = 0
        self._last: deque[Event] = deque(maxlen=100)
        self._changed = asyncio.Event()
        bus.listen(self._note)

    async def beyond(self, number: int, timeout: float) -> list[Event]:
        """What happened since that number, as soon as something has; empty after the timeout, or where all ends."""
        if number == self.number and not self.closed:
            try:
                await asyncio.wait_for(self._changed.wait(), timeout)
            except TimeoutError:
                return []
        return self.since(number)

    def since(self, number: int) -> list[Event]:
        """What happened since that number, as far as it is remembered."""
        fresh = min(self.number - number, len(self._last))
        return list(self._last)[len(self._last) - fresh :]

    async def news(self, number: int, last: float) -> list[Event]:
        """What happened since that number, once it is worth a message; `last` is the loop's time of the one before."""
        found = await self.beyond(number, BEAT)
        while found and not self.closed and all(event.kind == "status" for event in found):
            left = last + CALM - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await self.beyond(self.number, left)
            found = self.since(number)
        return found

    async def rest(self, seconds: float) -> None:
        """Wait, but not beyond the end of all."""
        ends = asyncio.get_running_loop().time() + seconds
        while not self.closed and (left := ends - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, 0.2))

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self._wake()

    def _note(self, event: Event) -> None:
        self.number += 1
        self._last.append(event)
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


async def stream(request: Request) -> Response:
    """GET /live: `changed` events for as long as the page is open and its visitor may read."""
    pulse: Pulse = request.app.state.pulse
    visitor = visitor_of(request, touch=False)
    if not visitor.reads:
        return PlainTextResponse("A login is needed.\n", 401)
    who = f"user {visitor.user.name}" if visitor.user else address_of(request)
    if pulse.open.total() >= MOST or pulse.open[who] >= OF_ONE:
        return PlainTextResponse("Too many pages are open.\n", 503, {"Retry-After": "30"})
    return StreamingResponse(
        _messages(request, pulse, who), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _messages(request: Request, pulse: Pulse, who: str) -> AsyncIterator[str]:
    pulse.open[who] += 1
    number, last = pulse.number, 0.0
    try:
        yield "retry: 3000\nevent: ready\ndata: {}\n\n"
        while not pulse.closed and visitor_of(request, touch=False).reads:
            found = await pulse.news(number, last)
            number, last = pulse.number, asyncio.get_running_loop().time()
            yield _message(found) if found else ": still here\n\n"
            await pulse.rest(REST)
    finally:
        pulse.open[who] -= 1
        if not pulse.open[who]:
            del pulse.open[who]


def _message(events: list[Event]) -> str:
    told = [event.text for event in events if event.kind != "status" and event.text]
    more = [f"and {len(told) - TOLD} more"] if len(told) > TOLD else []
    about = sorted({event.router for event in events if event.router})
    data = json.dumps({"text": ". ".join([*told[:TOLD], *more]), "routers": about[:50]})
    return f"event: changed\ndata: {data}\n\n"
