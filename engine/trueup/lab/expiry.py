"""Entries of address lists with a timeout: they go by themselves, and no start remembers them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from trueup.lab.table import Row, Table
from trueup.lab.timeline import Due, Timeline
from trueup.lab.values.moment import microseconds

TIMED = "/ip/firewall/address-list"


class Expiry:
    """Keeps the timeline in line with the entries; whoever uses it holds the machine's lock."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._armed: dict[int, tuple[Row, str, Due]] = {}

    def settle(self, table: Table, gone: Callable[[], None]) -> None:
        """Arm new and changed entries, call off those that have gone; `gone` is called after one has expired."""
        rows = {id(row): row for row in table}
        for key, (_, text, due) in list(self._armed.items()):
            if key not in rows or rows[key].values.get("timeout", "") != text:
                due.cancel()
                del self._armed[key]
        for key, row in rows.items():
            text = row.values.get("timeout", "")
            amount = microseconds(text) if text and key not in self._armed else None
            if amount is not None:
                due = self._timeline.after(amount / 1_000_000, partial(self._expire, table, row, gone))
                self._armed[key] = row, text, due

    def start(self, table: Table) -> None:
        """Forget every entry that would have gone by itself, as a reboot does (MikroTik documentation)."""
        self._armed.clear()
        table.rows[:] = [row for row in table if not (row.marked("dynamic") and row.values.get("timeout"))]

    def _expire(self, table: Table, row: Row, gone: Callable[[], None]) -> None:
        del self._armed[id(row)]
        table.rows[:] = [each for each in table if each is not row]
        gone()
