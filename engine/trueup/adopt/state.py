"""An export's commands become the tables that the router held, as far as the catalogue knows its menus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from trueup.adopt.meant import meant
from trueup.adopt.script import Command, Pair, Script, left_headings
from trueup.adopt.shipped import Shipped
from trueup.canonical import canonical, from_wire
from trueup.errors import BadValue, Problem, Source
from trueup.row import Row, Table, Tables
from trueup_schemas.catalogue import Catalogue, Menu, Property


@dataclass(frozen=True, slots=True)
class State:
    """Rows by menu, in the export's order; `left` tells everything that is not in them, each with its place.

    `shipped` is what rows that came with the router held before, by their made-up ids, as far as that is known.
    """

    tables: Tables
    left: tuple[Problem, ...]
    shipped: Mapping[str, Shipped] = field(default_factory=dict)


def state_of(script: Script, catalogue: Catalogue) -> State:
    """What the export says the router held. Rows that came with the router are `default`; all have made-up ids."""
    return _Stater(catalogue).run(script)


class _Stater:
    """Carries out `add` and `set` on tables that begin empty, beside what routers are shipped with."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.rows: dict[str, list[Row]] = {}
        self.left: list[Problem] = []
        self.unknown: dict[str, list[Source]] = {}
        self.shipped: dict[str, Shipped] = {}
        self.count = 0

    def run(self, script: Script) -> State:
        self.left += script.left
        for command in script.commands:
            if command.menu not in self.catalogue:
                self.unknown.setdefault(command.menu, []).append(command.source)
            elif command.verb == "add":
                self._add(self.catalogue.menu(command.menu), command)
            else:
                self._set(self.catalogue.menu(command.menu), command)
        self.left += self._unknown_menus()
        for path, where in left_headings(script):
            if not any(known == path or known.startswith(f"{path}/") for known in self.catalogue.paths):
                self._leave(f"{path} is no menu that trueup knows; it says nothing", where)
        tables = {path: Table(path, tuple(rows)) for path, rows in self.rows.items()}
        return State(tables, tuple(self.left), self.shipped)

    def _add(self, menu: Menu, command: Command) -> None:
        if not menu.addable:
            self._leave(f"{menu.path}: rows cannot be added in RouterOS {self.catalogue.version}", command.source)
            return
        self._append(menu, self._filled(menu, self._row(source=command.source), command.pairs))

    def _set(self, menu: Menu, command: Command) -> None:
        if menu.kind == "singleton":
            if command.items or command.find is not None:
                self._leave(f"{menu.path}: this menu has one row, so that nothing can be looked for", command.source)
                return
            rows = self.rows.setdefault(menu.path, [Row({}, source=command.source)])
            rows[0] = self._filled(menu, rows[0], command.pairs)
            return
        for index in self._meant(menu, command):
            rows = self.rows[menu.path]
            rows[index] = self._filled(menu, rows[index], command.pairs)

    def _meant(self, menu: Menu, command: Command) -> Iterator[int]:
        """The indexes of the rows that a `set` is about; those that came with the router are put in first."""
        rows = self.rows.setdefault(menu.path, [])
        if command.find is None and not command.items:
            self._leave(f"{menu.path}: set without a row", command.source)
        for each in meant(menu, self.catalogue.version, command, rows):
            if each.index >= 0:
                yield each.index
            elif each.values is not None:
                row = self._row(source=command.source)
                self.shipped[row.id] = each.shipped or {}
                rows.append(replace(row, values=each.values, fixed="default"))
                yield len(rows) - 1
            else:
                self._leave(
                    f"{menu.path}: set {each.called}: the export does not tell which row that is", command.source
                )

    def _row(self, source: Source) -> Row:
        self.count += 1
        return Row({}, source=source, id=f"*{self.count:X}")

    def _append(self, menu: Menu, row: Row) -> None:
        self.rows.setdefault(menu.path, []).append(row)

    def _filled(self, menu: Menu, row: Row, pairs: tuple[Pair, ...]) -> Row:
        """The row with these properties; what cannot be understood is told and left alone."""
        values, sources, ignore = dict(row.values), dict(row.sources), set(row.ignore)
        for pair in pairs:
            property = menu.properties.get(pair.name)
            if property is None or (property.read_only and pair.name not in menu.key):
                what = "is only read" if property else "is not known"
                message = f"{menu.path}: {pair.name} {what} in RouterOS {self.catalogue.version}; it is left out"
                self._leave(message, pair.source)
                ignore.add(pair.name)
            elif pair.bare and property.type != "flag":
                self._leave(f"{menu.path}: {pair.name} stands without a value; it is left out", pair.source)
                ignore.add(pair.name)
            elif pair.text is None:
                values.pop(pair.name, None)
            else:
                values[pair.name] = from_wire(property, _whole_text(menu, pair))
                sources[pair.name] = pair.source
                if problem := _odd(menu, property, pair):
                    self.left.append(problem)
                    ignore.add(pair.name)
        return replace(row, values=values, sources=sources, ignore=frozenset(ignore))

    def _unknown_menus(self) -> Iterator[Problem]:
        for path, places in self.unknown.items():
            lines = ", ".join(str(place.line) for place in places[:8])
            more = f" and {len(places) - 8} more" if len(places) > 8 else ""
            rows = f"line {lines}" if len(places) == 1 else f"lines {lines}{more}"
            message = f"{path} is not in the catalogue of RouterOS {self.catalogue.version}; left out: {rows}"
            yield Problem(message, places[0], severity="warning")

    def _leave(self, message: str, where: Source) -> None:
        self.left.append(Problem(message, where, severity="warning"))


def _whole_text(menu: Menu, pair: Pair) -> str:
    """A value with what exports leave out of it: the length of an IPv6 address's network, where it is 64 bits."""
    text = pair.text or ""
    bare = menu.path == "/ipv6/address" and pair.name == "address" and "/" not in text
    return f"{text}/64" if bare and text else text


def _odd(menu: Menu, property: Property, pair: Pair) -> Problem | None:
    try:
        canonical(property, pair.text or "")
    except BadValue as error:
        message = f"{menu.path} {property.name}: {error.problems[0].message}; it is left alone"
        return Problem(message, pair.source, severity="warning")
    return None
