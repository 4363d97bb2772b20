"""`/system/scheduler`: when each row runs next, on the router's own clock (MikroTik documentation, Scheduler)."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass

from trueup.lab.table import Row, Table
from trueup.lab.timeline import Due, Timeline
from trueup.lab.values.moment import ISO_SINCE, microseconds, month_first

BOOT_DELAY = 3.0
"""`start-time=startup` runs three seconds after the console is up."""

DEAF = ((7, 24), (7, 24, 4))
"""Releases that never fire a start that was left to its default (MikroTik's changelog of 7.24.5)."""

Plan = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Armed:
    """A row that waits for its moment, and what it was told when it began to."""

    row: Row
    plan: Plan
    due: Due | None


class Schedule:
    """Keeps the timeline in line with the rows; whoever uses it holds the router's lock."""

    def __init__(
        self,
        timeline: Timeline,
        version: tuple[int, ...],
        counters: MutableMapping[str, int],
        fire: Callable[[Row], None],
    ) -> None:
        self._timeline = timeline
        self._version = version
        self._counters = counters
        self._fire = fire
        self._armed: dict[int, Armed] = {}

    def settle(self, table: Table, booted: float, booting: bool = False) -> None:
        """Arm new and changed rows, call off those that have gone; `booting` lets `startup` rows run."""
        rows = {id(row): row for row in table}
        for key in [key for key in self._armed if key not in rows]:
            self._call_off(key)
        for key, row in rows.items():
            known = self._armed.get(key)
            if known is None or known.plan != plan(row):
                self._call_off(key)
                self._heed_default(row, known)
                self._arm(row, booted, booting)

    def forget(self) -> None:
        """Everything is armed anew with the next settling: the clock was set."""
        for key in list(self._armed):
            self._call_off(key)

    def _call_off(self, key: int) -> None:
        known = self._armed.pop(key, None)
        if known is not None and known.due is not None:
            known.due.cancel()

    def _heed_default(self, row: Row, known: Armed | None) -> None:
        """Note rows whose start was left to its default, which is their creation."""
        if known is None and DEAF[0] <= self._version <= DEAF[1] and begins(row) == int(self._timeline.now()):
            self._counters[defaulted(row)] = 1
        elif known is not None and known.plan[:2] != plan(row)[:2]:
            self._counters.pop(defaulted(row), None)

    def _arm(self, row: Row, booted: float, booting: bool) -> None:
        when = None
        if row.enabled and defaulted(row) not in self._counters:
            when = moment(row, self._timeline.now(), booted, booting)
        self._put(row, when)

    def _put(self, row: Row, when: float | None) -> None:
        """Have a row run at a moment, and tell of it."""
        due = None if when is None else self._timeline.at(when, lambda: self._run(row, when))
        self._armed[id(row)] = Armed(row, plan(row), due)
        row.marks.pop("next-run", None)
        if when is not None:
            row.marks["next-run"] = self._written(when)

    def _run(self, row: Row, when: float) -> None:
        """A row's moment has come: the next one is put down before the script runs, which may remove the row."""
        interval = every(row)
        row.marks["run-count"] = str(int(row.marks.get("run-count", "0")) + 1)
        self._put(row, self._timeline.now() + interval if interval else None)
        self._fire(row)

    def _written(self, when: float) -> str:
        """A moment as this version writes it."""
        day, clock = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(when)).split(" ")
        return f"{day if self._version >= ISO_SINCE else month_first(day)} {clock}"


def plan(row: Row) -> Plan:
    """What decides when a row runs."""
    return tuple(row.values.get(name, "") for name in ("start-date", "start-time", "interval", "disabled"))


def defaulted(row: Row) -> str:
    """What the router remembers a default start by."""
    return f"default-start {row.id}"


def every(row: Row) -> float:
    """Seconds between two runs, 0 for a single one; less than a second is one."""
    amount = microseconds(row.values.get("interval", "0s")) or 0
    return max(1.0, amount / 1_000_000) if amount else 0.0


def begins(row: Row) -> float | None:
    """The start that a row names; None where it is `startup`."""
    text = f"{row.values.get('start-date', '')} {row.values.get('start-time', '')}"
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.UTC).timestamp()
    except ValueError:
        return None


def moment(row: Row, now: float, booted: float, booting: bool) -> float | None:
    """When a row runs next, None for never again."""
    interval, start = every(row), begins(row)
    if start is None:
        if not interval:
            return booted + BOOT_DELAY if booting else None
        start = booted + interval
    if start > now:
        return start
    return start + (int((now - start) // interval) + 1) * interval if interval else None
