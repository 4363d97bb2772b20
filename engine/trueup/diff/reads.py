"""Which menus must be read before a router can be compared."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.diff.owned import Owned
from trueup.diff.references import names_in, places, referring
from trueup.row import Desired, Table
from trueup_schemas.catalogue import Catalogue, Menu, Reference


def menus_to_read(desired: Desired, owned: Owned | None, catalogue: Catalogue) -> tuple[Menu, ...]:
    """Declared and owned menus, and those that hold what declared rows refer to, or what may have their names."""
    paths = dict.fromkeys((*desired.tables, *sorted(owned.menus if owned else ())))
    for path in (*_referred(desired, catalogue), *_namespaces(desired, catalogue)):
        paths.setdefault(path)
    return tuple(catalogue.menu(path) for path in paths if path in catalogue)


def _referred(desired: Desired, catalogue: Catalogue) -> Iterator[str]:
    """The menus of hard references to names that no declared row has."""
    declared = _Declared(desired, catalogue)
    for path, table in desired.tables.items():
        for property in referring(catalogue.menu(path)) if path in catalogue else ():
            hard = [reference for reference in property.refers if reference.hard]
            names = {name for row in table for name in names_in(property, row.values.get(property.name))}
            if any(not any(name in declared.names(reference) for reference in hard) for name in names):
                yield from (reference.menu for reference in hard)


def _namespaces(desired: Desired, catalogue: Catalogue) -> Iterator[str]:
    """The menus that list every name of a namespace that declared rows take one of."""
    for path, table in desired.tables.items():
        namespace = catalogue.menu(path).namespace if path in catalogue else ""
        if namespace and any(row.text("name") for row in table):
            yield namespace


class _Declared:
    """The names that declared rows give, by what refers to them."""

    def __init__(self, desired: Desired, catalogue: Catalogue) -> None:
        self.desired, self.catalogue = desired, catalogue
        self.cache: dict[Reference, set[str]] = {}

    def names(self, reference: Reference) -> set[str]:
        if reference not in self.cache:
            tables = (self.desired.tables.get(path, Table(path)) for path in places(reference, self.catalogue))
            self.cache[reference] = {row.text(reference.property) for table in tables for row in table}
        return self.cache[reference]
