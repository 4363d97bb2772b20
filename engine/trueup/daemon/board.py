"""What the daemon knows, kept for all who look: the page in this process, the terminal through a file."""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from trueup.daemon.events import Bus, Event
from trueup.daemon.status import FleetStatus, RouterStatus, Sample, State
from trueup.daemon.status_document import status_to_document
from trueup_schemas.operate import Window

FILE = ".trueup/status.json"
"""Below the network's folder: the fleet's status, for `trueup status`."""

SAMPLES = 480
"""Moments of the fleet that are remembered for charts, one a minute."""

EVERY = timedelta(minutes=1)


class Board:
    """Holds the fleet's status; every change goes through here, and is told on the bus."""

    def __init__(self, network: str, root: Path, bus: Bus) -> None:
        self.bus = bus
        self._path = root / FILE
        self._status = FleetStatus(network, started=datetime.now(UTC))
        self._routers: dict[str, RouterStatus] = {}
        self._samples: deque[Sample] = deque(maxlen=SAMPLES)
        self._changed, self._next = True, 0.0
        self.declared: tuple[Window, ...] = ()

    def fleet(self) -> FleetStatus:
        """The fleet as of now."""
        return replace(self._status, routers=dict(self._routers), samples=tuple(self._samples))

    def windows(self) -> tuple[Window, ...]:
        """The windows that the commit in force declares."""
        return self.declared

    def router(self, name: str) -> RouterStatus:
        """One router as of now."""
        return self._routers.get(name, RouterStatus(name))

    def post(self, status: RouterStatus) -> None:
        """Replace a router's status."""
        before = self._routers.get(status.name)
        now = datetime.now(UTC)
        since = before.since if before is not None and before.state == status.state else now
        self._routers[status.name] = replace(status, since=since)
        self._touch()
        if before is None or replace(before, seen=None, tried=None, converged=None, since=None) != replace(
            status, seen=None, tried=None, converged=None, since=None
        ):
            self.bus.tell(Event("status", str(status.state), status.name))

    def keep(self, names: Iterable[str]) -> None:
        """Forget routers that are no longer declared."""
        known = set(names)
        for name in set(self._routers) - known:
            del self._routers[name]
        self._touch()

    def change(self, **parts: Any) -> None:
        """Replace parts of the fleet's own status."""
        changed = replace(self._status, **parts)
        if changed != self._status:
            self._status = changed
            self._touch()
            self.bus.tell(Event("status", "fleet"))

    def trouble(self, kind: str, text: str) -> bool:
        """Tell what is wrong besides routers, "" where it no longer is; whether that is news.

        That something is over is told on the bus; what is wrong, by whoever finds it.
        """
        before = self._status.troubles
        over = [each for each in before if each.startswith(f"{kind}: ")]
        others = tuple(each for each in before if each not in over)
        self.change(troubles=(*others, f"{kind}: {text}") if text else others)
        if over and not text:
            self.bus.tell(Event("back", f"over: {over[0]}", key=f"back {kind} "))
        return before != self._status.troubles

    def troubled(self, kind: str) -> bool:
        """Whether something of this kind is wrong now."""
        return any(each.startswith(f"{kind}: ") for each in self._status.troubles)

    def sample(self) -> None:
        """Remember this moment, once a minute."""
        now = datetime.now(UTC)
        if self._samples and now - self._samples[-1].when < EVERY:
            return
        ages = [(now - router.converged).total_seconds() for router in self._routers.values() if router.converged]
        self._samples.append(Sample(now, self.fleet().counts(), max(ages, default=0.0)))
        self._touch()

    def save(self, *, last: bool = False) -> None:
        """Write the file where something has changed since, as a whole or not at all; raises OSError.

        That may take a twentieth of the time, unless it is the last one.
        """
        began = time.monotonic()
        if not self._changed or (began < self._next and not last):
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            text = json.dumps(status_to_document(self.fleet()), ensure_ascii=False)
            draft.write_text(text, encoding="utf-8", errors="backslashreplace")
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)
        self._changed, ended = False, time.monotonic()
        self._next = ended + 20 * (ended - began)

    def worst(self, *states: State) -> list[str]:
        """The routers that are in one of these states."""
        return [name for name, router in self._routers.items() if router.state in states]

    def _touch(self) -> None:
        self._changed = True
        self._status = replace(self._status, updated=datetime.now(UTC))
