"""Netwatch: what its probes find, each at its time (MikroTik documentation, Netwatch)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from trueup.lab.packets.echo import echo
from trueup.lab.router import Router
from trueup.lab.table import Row
from trueup.lab.timeline import Due
from trueup.lab.values.moment import ISO_SINCE, microseconds

PATH = "/tool/netwatch"
PINGING = ("simple", "icmp")
"""Types that ping; what others find is not simulated."""

START, STARTUP = "3s", "5m"
"""Until the first probe of a row that is added or enabled, and of rows that a start finds."""

UNKNOWN, UP, DOWN = "unknown", "up", "down"


@dataclass(slots=True)
class _Watched:
    """A row that is probed; `about` is what, as it was when the probes began."""

    row: Row
    about: tuple[str, ...]
    due: Due


class Netwatch:
    """Keeps the rows' `status` and `since` for one router; whoever calls it holds the router's lock."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._watched: dict[int, _Watched] = {}
        router.listeners.append(self._settled)
        self._begin()

    def start(self) -> None:
        """Begin anew, as a start of the router does, which has cleared its timeline."""
        for watched in self._watched.values():
            _forget(watched.row)
        self._watched.clear()
        self._begin()

    def _begin(self) -> None:
        if PATH in self._router.tables:
            self._follow("startup-delay", STARTUP)

    def _settled(self, path: str) -> None:
        if path == PATH:
            self._follow("start-delay", START)

    def _follow(self, delay: str, otherwise: str) -> None:
        """Begin to probe rows that are new, changed or enabled; forget those that are gone or disabled."""
        rows = {id(row): row for row in self._router.menu(PATH).table if row.enabled and _kind(row) in PINGING}
        for key, watched in list(self._watched.items()):
            if key not in rows or _about(rows[key]) != watched.about:
                watched.due.cancel()
                _forget(watched.row)
                del self._watched[key]
        for key, row in rows.items():
            if key not in self._watched:
                wait = _seconds(row.values.get(delay, otherwise))
                self._watched[key] = _Watched(
                    row, _about(row), self._router.timeline.after(wait, partial(self._look, key))
                )

    def _look(self, key: int) -> None:
        """One probe, and the next one put down."""
        watched = self._watched[key]
        row, router = watched.row, self._router
        status = DOWN if echo(router, row.values.get("host", "")) else UP
        if row.marks.get("status") != status:
            form = "%Y-%m-%d %H:%M:%S" if router.version >= ISO_SINCE else "%b/%d/%Y %H:%M:%S"
            since = time.strftime(form, time.gmtime(router.clock())).lower()
            row.marks.update(status=status, since=since)
            router.stir()
        wait = _seconds(row.values.get("interval", "10s"))
        watched.due = router.timeline.after(wait, partial(self._look, key))


def _forget(row: Row) -> None:
    row.marks.update(status=UNKNOWN)
    row.marks.pop("since", None)


def _kind(row: Row) -> str:
    return row.values.get("type", "simple")


def _about(row: Row) -> tuple[str, ...]:
    return tuple(row.values.get(name, "") for name in ("host", "type", "interval"))


def _seconds(text: str) -> float:
    """A duration; what is none, or no time at all, counts as a second."""
    return max(1_000_000, microseconds(text) or 0) / 1_000_000
