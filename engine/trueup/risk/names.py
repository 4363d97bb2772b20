"""Rows by their names, and whether what a name stands for is there and enabled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from trueup.plan.risk import Verdict
from trueup.risk.state import Rows
from trueup.row import Row


class Finding(NamedTuple):
    """Something that keeps the manager out, or may: in words, with the row where there is one."""

    verdict: Verdict
    menu: str
    text: str
    row: Row | None = None


def on(row: Row) -> bool:
    """Whether a row is enabled."""
    return row.text("disabled") != "yes"


def named(rows: Rows, menu: str, name: str) -> Row | None:
    return next((row for row in rows.get(menu, ()) if row.text("name") == name), None)


def is_kind(menu: str) -> bool:
    """Whether the rows of a menu are interfaces, or what belongs to one."""
    return menu.startswith("/interface/") and not menu.startswith("/interface/list")


def interfaces(rows: Rows) -> Iterator[tuple[str, Row]]:
    """The interfaces that have a row, each with its menu."""
    for menu, table in rows.items():
        if is_kind(menu) and menu.count("/") == 2:
            for row in table:
                if row.text("name"):
                    yield menu, row


class Names:
    """Interfaces of a state by their names of before: those that went, were switched off, or go by another name now."""

    def __init__(self, before: Rows) -> None:
        self.before = {row.text("name"): (menu, row) for menu, row in interfaces(before)}

    def now(self, rows: Rows, name: str) -> str:
        """The name that an interface has now."""
        if name not in self.before:
            return name
        menu, was = self.before[name]
        return next((row.text("name") for row in rows.get(menu, ()) if row.id == was.id), name)

    def works(self, rows: Rows, name: str) -> bool:
        """Whether an interface is there and enabled; one whose menu has no row for it is taken to be."""
        found = next((row for _, row in interfaces(rows) if row.text("name") == name), None)
        if found is not None:
            return on(found)
        return name not in self.before
