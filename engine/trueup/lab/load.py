"""Rows from elsewhere put into a virtual router, past all checks but those of values."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.lab.derive import derive
from trueup.lab.machine import BadSeed
from trueup.lab.router import Router
from trueup.lab.table import Row, Table
from trueup.lab.trap import Trap
from trueup.lab.values import accept
from trueup_schemas.catalogue.types import Property


class Loading:
    """A virtual router that is being filled; what it had before is found again, and takes values."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self._first: dict[str, Table] = {}

    def add(self, path: str, values: Mapping[str, str]) -> None:
        """A row of its own, or a singleton's values; a row that came with the router takes them. Raises BadSeed."""
        key = {name: values.get(name, "") for name in self._menu_key(path)}
        self._put(path, values, self._by(path, key) if any(key.values()) else None)

    def change(self, path: str, values: Mapping[str, str], by: Mapping[str, str]) -> None:
        """Values of a row that came with the router, found by what `by` says. Raises BadSeed.

        One that this router does not have becomes a row that did.
        """
        self._menu_key(path)
        there = self._by(path, by)
        self._put(path, values if there else {**by, **values, "default": "true"}, there)

    def finish(self) -> Router:
        """The router, with the rows that follow from others."""
        for path in list(self.router.tables):
            derive(self.router, path)
        return self.router

    def _menu_key(self, path: str) -> tuple[str, ...]:
        """The menu's key, () for a singleton; remembers the rows that it came with."""
        if path not in self.router.shapes:
            raise BadSeed(f"RouterOS {self.router.spec.version} has no menu {path}")
        menu = self.router.menu(path)
        self._first.setdefault(path, Table(path, list(menu.table.rows)))
        return () if menu.single else menu.shape.key

    def _put(self, path: str, values: Mapping[str, str], there: Row | None) -> None:
        self.router.seed(path, [values])
        if there is not None:
            new = self.router.menu(path).table.rows.pop()
            there.values.update({name: new.values[name] for name in values if name in new.values})

    def _by(self, path: str, wanted: Mapping[str, str]) -> Row | None:
        properties = self.router.menu(path).shape.properties
        shown = {name: _shown(properties.get(name), text) for name, text in wanted.items()}
        return next((row for row in self._first[path].where(shown) if not row.marked("dynamic")), None)


def _shown(property: Property | None, text: str) -> str:
    """A value as rows hold it; one that is none stays as it is, and is found in no row."""
    try:
        return accept(property, text) if property else text
    except Trap:
        return text
