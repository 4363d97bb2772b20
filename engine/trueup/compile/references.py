"""Names that nothing declares: the router may have them, so that offline they are warnings."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.compile.rules import Rules
from trueup.diff.references import names_in
from trueup.errors import Problem
from trueup.row import Table, Tables
from trueup_schemas.builtin import builtin
from trueup_schemas.catalogue import Property, Reference


def check_references(tables: Tables, rules: Rules) -> Iterator[Problem]:
    """A warning for every hard reference to what is neither declared nor builtin."""
    known = _Known(tables, rules)
    for path, table in tables.items():
        for property, hard in rules.menu(path).referring:
            yield from _check(table, property, hard, known)


def _check(table: Table, property: Property, hard: tuple[Reference, ...], known: _Known) -> Iterator[Problem]:
    unknown: dict[str, list[str]] = {}
    for row in table.rows:
        value = row.values.get(property.name)
        if not isinstance(value, str):
            continue
        if value not in unknown:
            unknown[value] = [name for name in names_in(property, value) if not known.has_any(hard, name)]
        for name in unknown[value]:
            where = " or ".join(reference.menu for reference in hard)
            message = f"{table.menu}: {property.name}={name} is not declared in {where}"
            remedy = "declare it, or make sure that the router has it"
            yield Problem(message, row.where(property.name), remedy, "warning")


class _Known:
    """The names that are declared or builtin, by menu and property."""

    def __init__(self, tables: Tables, rules: Rules) -> None:
        self.tables, self.rules = tables, rules
        self.cache: dict[Reference, set[str]] = {}

    def has_any(self, references: tuple[Reference, ...], name: str) -> bool:
        return any(name in self._names(each) or builtin(each.menu, name) for each in references)

    def _names(self, reference: Reference) -> set[str]:
        if reference not in self.cache:
            tables = (self.tables[path] for path in self.rules.places(reference) if path in self.tables)
            self.cache[reference] = {row.text(reference.property) for table in tables for row in table.rows}
        return self.cache[reference]
