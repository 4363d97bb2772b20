"""A declared row may name only what is declared, builtin or on the router."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trueup.canonical import named
from trueup.diff.difference import MenuDifference
from trueup.errors import Problem
from trueup.row import Live, Row, Table
from trueup_schemas.catalogue import Catalogue, Menu, Property, Reference


def names_in(property: Property, value: object) -> tuple[str, ...]:
    """The names of rows that a referring value holds."""
    return named(property, value) if isinstance(value, str) and value else ()


def referring(menu: Menu) -> tuple[Property, ...]:
    """The properties of a menu that name rows by a hard reference."""
    return tuple(p for p in menu.properties.values() if not p.read_only and any(r.hard for r in p.refers))


def places(reference: Reference, catalogue: Catalogue) -> tuple[str, ...]:
    """The menus whose rows a reference may name: a menu, or all of a namespace."""
    members = catalogue.members(reference.menu)
    return (reference.menu, *(m for m in members if m != reference.menu))


def check_references(menus: Sequence[MenuDifference], live: Live, catalogue: Catalogue) -> Iterator[Problem]:
    """Every declared hard reference to nothing, and to a row that this very plan removes."""
    known = _Known(menus, live, catalogue)
    for menu in menus:
        for property in referring(menu.shape.menu):
            for row in menu.declared:
                for name in names_in(property, row.values.get(property.name)):
                    problem = known.problem(property, name, row)
                    if problem:
                        yield problem


class _Known:
    """The names that exist, by menu and property."""

    def __init__(self, menus: Sequence[MenuDifference], live: Live, catalogue: Catalogue) -> None:
        self.menus = {menu.path: menu for menu in menus}
        self.live, self.catalogue = live, catalogue
        self.cache: dict[tuple[str, str], set[str]] = {}

    def problem(self, property: Property, name: str, row: Row) -> Problem | None:
        hard = [reference for reference in property.refers if reference.hard]
        if any(name in self.names(reference) for reference in hard):
            return None
        where = " or ".join(reference.menu for reference in hard)
        message = f"{property.name}={name} refers to nothing: neither declared nor on the router in {where}"
        return Problem(message, row.where(property.name), "declare it, or correct the name")

    def names(self, reference: Reference) -> set[str]:
        key = (reference.menu, reference.property)
        if key not in self.cache:
            self.cache[key] = {
                text
                for path in places(reference, self.catalogue)
                for row in self.rows(path, reference)
                if (text := row.text(reference.property))
            }
        return self.cache[key]

    def rows(self, path: str, reference: Reference) -> Iterable[Row]:
        """Rows that will be there: declared ones, and live ones that stay; a namespace's own menu lists them all.

        A port that is declared without its name keeps the one that it has.
        """
        menu = self.menus.get(path)
        if menu is not None:
            yield from menu.declared
            for index, there in menu.matching.live.items():
                if reference.property not in menu.declared[index].values:
                    yield there
            gone = menu.removes.keys() | {row.id for row in menu.matching.live.values()}
            yield from (row for row in menu.live if row.id not in gone)
            return
        gone = self._names_that_go(path) if path == reference.menu else set()
        yield from (row for row in self.live.tables.get(path, Table(path)) if row.text("name") not in gone)

    def _names_that_go(self, namespace: str) -> set[str]:
        """Names of rows that are removed or renamed; where another row takes one, that row's own menu tells."""
        gone: set[str] = set()
        for menu in self.menus.values():
            if menu.shape.menu.namespace == namespace:
                gone.update(row.text("name") for row in menu.live if row.id in menu.removes)
                renamed = (index for index, change in menu.sets.items() if "name" in change.values)
                gone.update(menu.matching.live[index].text("name") for index in renamed)
        return gone
