"""One target of notifications: its queue, the thread that empties it, tries again, and gives up in the end."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from trueup.daemon.events import Event
from trueup.daemon.notices import BACK, Notices

WAITING = 500
"""Events that wait for one target; beyond, the oldest are only counted."""

TOLD = 20
"""Events that one message tells of; beyond, they are only counted."""

LINE = 400
"""Characters of an event in a message."""

KINDS = ("failure", "warning", "success", "info")
"""Kinds of messages, the one first that a message is of which tells of several."""

Deliver = Callable[[str, str, str], str]
"""Sends a title, a text and a kind; "" where it was taken, else why not."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds in which events are gathered to one message, since an uplink that is gone takes many routers along;
    seconds before a message is tried again, at first and at most; and how often it is tried at all."""

    gather: float = 2.0
    first: float = 5.0
    longest: float = 300.0
    tries: int = 8


class Messenger:
    """Tells one target. `heard` and `trouble` are for the loop's thread; all else happens in a thread of its own."""

    def __init__(
        self,
        name: str,
        events: Collection[str],
        repeat: float,
        network: str,
        deliver: Deliver,
        counted: Callable[[bool], None],
        say: Callable[[Event], None],
        waits: Waits,
    ) -> None:
        self.name, self._network, self._deliver, self._waits = name, network, deliver, waits
        self._counted, self._say = counted, say
        self._notices = Notices(events, repeat)
        self._queue: deque[Event] = deque()
        self._left_out = 0
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None
        self.trouble = ""

    def heard(self, event: Event, now: float) -> None:
        """Take an event where the target is to be told of it."""
        if not self._notices.wanted(event, now):
            return
        with self._changed:
            if self._closing:
                return
            if len(self._queue) >= WAITING:
                self._queue.popleft()
                self._left_out += 1
            self._queue.append(event)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"notify {self.name}", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def closing(self) -> None:
        """Take nothing more, and wait for nothing but the sending of what is there."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def close(self, wait: float) -> None:
        """End, after so many seconds at most."""
        self.closing()
        if self._thread is not None:
            self._thread.join(wait)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._closing)
                if not self._queue:
                    return
            self._pause(self._waits.gather)
            with self._changed:
                events, left_out = list(self._queue), self._left_out
                self._queue.clear()
                self._left_out = 0
            self._tell(events, left_out)

    def _tell(self, events: Sequence[Event], left_out: int) -> None:
        """Send one message, again and again where it is not taken."""
        title, text, kind = message(self._network, events, left_out)
        wait = self._waits.first
        for attempt in range(1, self._waits.tries + 1):
            why = self._deliver(title, text, kind)
            self._note(why)
            if not why or self._closing or attempt == self._waits.tries:
                break
            self._pause(wait)
            wait = min(wait * 2, self._waits.longest)
        self._counted(not why)

    def _note(self, why: str) -> None:
        """Say that the target cannot be told, once until it can be again."""
        before = self.trouble
        remedy = f"correct the secret '{self.name}', or look at the service"
        self.trouble = f"notify: {self.name} cannot be told: {why}; {remedy}" if why else ""
        if bool(before) != bool(why):
            text = self.trouble or f"notify: {self.name} can be told again"
            self._say(Event("notify", text, level="warning" if why else "info"))

    def _pause(self, seconds: float) -> None:
        """Wait, but not when everything ends."""
        until = time.monotonic() + seconds
        with self._changed:
            while not self._closing and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)


def message(network: str, events: Sequence[Event], left_out: int = 0) -> tuple[str, str, str]:
    """The title, the text and the kind of a message that tells of these events."""
    lines = [_line(event) for event in events[:TOLD]]
    more = len(events) - len(lines) + left_out
    if more:
        lines.append(f"and {more} more")
    kind = min((_kind(event) for event in events), key=KINDS.index)
    first = events[0]
    about = first.kind if len(events) == 1 else f"{len(events) + left_out} events"
    where = f" {first.router}" if first.router and len(events) == 1 else ""
    return f"trueup {network}: {about}{where}", "\n".join(lines), kind


def _line(event: Event) -> str:
    text = " ".join(event.text.split())
    if event.router and not text.startswith(event.router):
        text = f"{event.router}: {text}"
    return text if len(text) <= LINE else f"{text[:LINE]}…"


def _kind(event: Event) -> str:
    if event.kind == BACK:
        return "success"
    return {"error": "failure", "warning": "warning"}.get(event.level, "info")
