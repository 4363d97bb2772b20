"""Names that nothing declares: the router may have them, so that offline they are warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trueup.diff.references import names_in
from trueup.errors import Problem
from trueup.row import Row, Table, Tables
from trueup_schemas.builtin import builtin
from trueup_schemas.catalogue import Catalogue, Property, Reference


def check_references(tables: Tables, catalogue: Catalogue) -> Iterator[Problem]:
    """A warning for every hard reference to what is neither declared nor builtin."""
    known = _Known(tables, catalogue)
    for path, table in tables.items():
        menu = catalogue.menu(path)
        for property in menu.properties.values():
            hard = tuple(reference for reference in property.refers if reference.hard)
            if hard:
                for row in table:
                    yield from _check_row(path, property, hard, row, known)


def _check_row(
    path: str, property: Property, hard: tuple[Reference, ...], row: Row, known: _Known
) -> Iterator[Problem]:
    for name in names_in(property, row.values.get(property.name)):
        if not any(known.has(reference, name) for reference in hard):
            where = " or ".join(reference.menu for reference in hard)
            message = f"{path}: {property.name}={name} is not declared in {where}"
            remedy = "declare it, or make sure that the router has it"
            yield Problem(message, row.where(property.name), remedy, "warning")


class _Known:
    """The names that are declared or builtin, by menu and property."""

    def __init__(self, tables: Mapping[str, Table], catalogue: Catalogue) -> None:
        self.tables, self.catalogue = tables, catalogue
        self.cache: dict[Reference, set[str]] = {}

    def has(self, reference: Reference, name: str) -> bool:
        if reference not in self.cache:
            self.cache[reference] = self._names(reference)
        return name in self.cache[reference] or builtin(reference.menu, name)

    def _names(self, reference: Reference) -> set[str]:
        paths = (reference.menu, *self.catalogue.members(reference.menu))
        return {row.text(reference.property) for path in paths for row in self.tables.get(path, ())}
