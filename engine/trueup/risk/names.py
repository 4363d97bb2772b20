"""Rows by their names, and whether what a name stands for is there and enabled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from trueup.plan.risk import Verdict
from trueup.risk.state import Rows
from trueup.row import Row

DEPTH = 16
"""Lists within lists, and chains within chains, that are followed."""

BUILTIN = ("all", "dynamic", "static", "none")
"""Lists whose members are not written down."""

TAGS_ITSELF = (7, 16)
"""From here on a VLAN interface makes the filtering bridge below it a tagged member (MikroTik documentation)."""


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


def list_members(rows: Rows, name: str, depth: int = 0) -> set[str] | None:
    """The interfaces of a list, with those it includes; None where that is not plain."""
    if depth >= DEPTH or name in BUILTIN:
        return None
    listed = named(rows, "/interface/list", name)
    if listed is None and rows.get("/interface/list"):
        return None
    table = rows.get("/interface/list/member", ())
    members = {row.text("interface") for row in table if row.text("list") == name and on(row)}
    for way in ("include", "exclude") if listed else ():
        for other in filter(None, listed.text(way).split(",") if listed else ()):
            found = list_members(rows, other, depth + 1)
            if found is None:
                return None
            members = members | found if way == "include" else members - found
    return members


def is_among(rows: Rows, name: str, names: str) -> bool:
    """Whether an interface is one of several interfaces and interface lists, comma-joined."""
    return any(each == name or name in (list_members(rows, each) or ()) for each in names.split(",") if each)


class Names:
    """Interfaces of a state by their names of before: those that went, were switched off, or go by another name now."""

    def __init__(self, before: Rows, version: str = "") -> None:
        release = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
        self.tags_itself = release >= TAGS_ITSELF
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
