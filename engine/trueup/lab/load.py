"""Rows from elsewhere put into a virtual router, past all checks but those of values."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.lab.derive import derive
from trueup.lab.machine import BadSeed
from trueup.lab.router import Router
from trueup.lab.table import Row
from trueup.lab.trap import Trap
from trueup.lab.values import accept
from trueup_schemas.catalogue.types import Property


def load_row(router: Router, path: str, values: Mapping[str, str]) -> None:
    """A row of its own, or a singleton's values; a row that the router has already takes them. Raises BadSeed."""
    if path not in router.shapes:
        raise BadSeed(f"RouterOS {router.spec.version} has no menu {path}")
    menu = router.menu(path)
    key = {name: values.get(name, "") for name in menu.shape.key}
    there = _by(router, path, key) if any(key.values()) and not menu.single else None
    if there is None:
        router.seed(path, [values])
    else:
        change(router, path, there, values)


def load_known(router: Router, path: str, values: Mapping[str, str], by: Mapping[str, str]) -> None:
    """Values of a row that such a router has, found by what `by` says. Raises BadSeed.

    One that this router does not have becomes a row that came with it.
    """
    if path not in router.shapes:
        raise BadSeed(f"RouterOS {router.spec.version} has no menu {path}")
    there = _by(router, path, by)
    if there is not None:
        change(router, path, there, values)
    else:
        router.seed(path, [{**by, **values, "default": "true"}])


def settle_all(router: Router) -> None:
    """Bring the rows that follow from others in line, once everything is in."""
    for path in list(router.tables):
        derive(router, path)


def change(router: Router, path: str, row: Row, values: Mapping[str, str]) -> None:
    """Give a row other values; raises BadSeed where one is none."""
    table = router.menu(path).table
    before = list(table.rows)
    router.seed(path, [values])
    new = next(each for each in table.rows if not any(each is old for old in before))
    table.rows[:] = before
    row.values.update({name: new.values[name] for name in values if name in new.values})


def _by(router: Router, path: str, wanted: Mapping[str, str]) -> Row | None:
    menu = router.menu(path)
    shown = {name: _shown(menu.shape.properties.get(name), text) for name, text in wanted.items()}
    return next((row for row in menu.table.where(shown) if not row.marked("dynamic")), None)


def _shown(property: Property | None, text: str) -> str:
    """A value as rows hold it; one that is none stays as it is, and is found in no row."""
    try:
        return accept(property, text) if property else text
    except Trap:
        return text
