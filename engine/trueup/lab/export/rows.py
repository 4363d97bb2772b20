"""Which rows of a menu an export tells, and how: what differs from what the router came with."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.lab.commands.show import dates
from trueup.lab.export.wanted import Wanted
from trueup.lab.export.writing import Command
from trueup.lab.machine import Machine
from trueup.lab.menu import Menu
from trueup.lab.table import Row
from trueup.lab.values.moment import ISO_SINCE, month_first

HARDWARE = "default-name"
BY_NAME = frozenset(
    {"/ip/firewall/service-port", "/ip/hotspot/service-port", "/ip/service", "/queue/interface", "/user/group"}
)
"""Menus whose rows are called by their name alone (published exports)."""

NUMBERED = ("*0", "*FFFFFFFE")
"""Ids that exports call profiles by (published exports)."""

TELLING = ("action", "chain")
"""What a rule says though it be the default (published exports)."""

Values = dict[str, str | None]


class Teller:
    """Tells one menu of a router, held against the same menu of a router that was never touched."""

    def __init__(self, machine: Machine, factory: Menu, menu: Menu, wanted: Wanted) -> None:
        self._machine = machine
        self._factory = factory
        self._menu = menu
        self._wanted = wanted
        behaviour, properties = menu.behaviour, menu.shape.properties
        secret = behaviour.secret | {name for name, known in properties.items() if known.secret}
        hidden = behaviour.write_only if wanted.open else behaviour.write_only | secret
        self._told = {name for name, known in properties.items() if not known.read_only} - hidden
        self._dates = dates(menu) if machine.version < ISO_SINCE else set()

    def commands(self) -> Iterator[Command]:
        """A command for each row that has something to tell."""
        for place, row in enumerate(self._menu.table):
            if row.marked("dynamic") or row.marked("builtin"):
                continue
            first = self._first(row)
            about = self._about(row, first, place)
            if about is None:
                yield Command("add", "", self._added(row))
                continue
            values = self._changed(row, first, about)
            if values:
                yield Command("set", about, values)

    def _first(self, row: Row) -> Row | None:
        """The row as the router came with it; None where it is somebody's own."""
        if self._menu.single:
            return self._factory.table.rows[0] if self._factory.table.rows else None
        port = row.values.get(HARDWARE) or row.marks.get(HARDWARE)
        if port:
            return next((each for each in self._factory.table if each.values.get(HARDWARE) == port), None)
        first = self._factory.table.by_id(row.id)
        names = self._menu.behaviour.names
        same = first is not None and (first.values.get(names) == row.values.get(names) or row.marked("default"))
        return first if same else None

    def _about(self, row: Row, first: Row | None, place: int) -> str | None:
        """What a `set` calls the row, "" for a singleton; None for a row to add."""
        name = row.values.get("name", "")
        if self._menu.single:
            return ""
        port = row.values.get(HARDWARE) or row.marks.get(HARDWARE)
        if port:
            return f"[ find {HARDWARE}={Command('', port).words()[1]} ]"
        if first is None and "add" in self._menu.behaviour.commands:
            return None
        if self._menu.path in BY_NAME:
            return Command("", row.values.get("name") or row.values.get("interface", "")).words()[1]
        if row.marked("default") and sum(each.marked("default") for each in self._factory.table) == 1:
            return "[ find default=yes ]"
        if row.marked("default") and row.id in NUMBERED:
            return row.id
        key = {each: row.values[each] for each in self._menu.shape.key if row.values.get(each)}
        by = {"name": name} if name else key
        return f"[ {' '.join(Command('find', '', by).words())} ]" if by else str(place)

    def _written(self, name: str, value: str) -> str:
        """A value as an export spells it."""
        known = self._menu.shape.properties[name]
        if known.type == "boolean" and not known.many:
            return {"true": "yes", "false": "no"}.get(value, value)
        return month_first(value) if name in self._dates else value

    def _own(self, row: Row) -> dict[str, str]:
        return {n: value for n, value in row.values.items() if n in self._told and (value or n != "comment")}

    def _added(self, row: Row) -> Values:
        """What an `add` has to say so that the router would make the same row."""
        filled, own = self._menu.behaviour.default(row.values), self._own(row)
        said: Values = {
            name: self._written(name, value)
            for name, value in own.items()
            if self._wanted.verbose or filled.get(name) != value or name in TELLING
        }
        return said | {name: None for name in filled.keys() & self._told - own.keys() if filled[name] != ""}

    def _changed(self, row: Row, first: Row | None, about: str) -> Values:
        """What a `set` has to say; what calls the row is not said again."""
        before = self._own(first) if first is not None else {}
        own = self._own(row)
        said: Values = {
            name: self._written(name, value)
            for name, value in own.items()
            if self._wanted.verbose or before.get(name) != value
        }
        said |= {name: None for name in before.keys() - own.keys() if before[name] != ""}
        called = f"name={Command('', row.values.get('name', '')).words()[-1]} ]" if about else ""
        if self._menu.path in BY_NAME or (called and about.endswith(called)):
            said.pop("name", None)
        if self._menu.path == "/queue/interface":
            said.pop("interface", None)
        return said
