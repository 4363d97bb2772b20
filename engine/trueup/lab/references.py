"""Properties that name rows elsewhere: checked when written, following a rename, orphaned by a removal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from trueup.lab.behaviour import Refers
from trueup.lab.menu import Menu
from trueup.lab.table import Row
from trueup.lab.trap import Trap, no_match

if TYPE_CHECKING:
    from trueup.lab.router import Router


def check(router: Router, menu: Menu, name: str, value: str) -> None:
    """Refuse a value that names no row, where the router checks it."""
    refers = menu.behaviour.refers.get(name)
    if refers is None:
        return
    for item in items(menu, name, value):
        if item in refers.words or item in names(router, refers):
            continue
        raise Trap(refers.trap) if refers.trap else no_match(name)


def items(menu: Menu, name: str, value: str) -> list[str]:
    """The names in a value, without the `!` that turns a matcher round."""
    bare = value.removeprefix("!")
    return [item for item in (bare.split(",") if menu.shape.properties[name].many else [bare]) if item]


def names(router: Router, refers: Refers) -> frozenset[str]:
    """Every name that a reference may hold."""
    return frozenset(
        row.values[refers.property]
        for path in router.members(refers.menu)
        for row in router.menu(path).table
        if refers.property in row.values
    )


def referrers(router: Router, menu: Menu) -> Iterator[tuple[Menu, str, Refers]]:
    """Every property of every menu that may name rows of this one."""
    for path, name, refers in router.references:
        if menu.path in router.members(refers.menu):
            yield router.menu(path), name, refers


def follow(router: Router, menu: Menu, before: Mapping[str, str], row: Row) -> None:
    """Carry a changed name to the rows that refer to it."""
    for other, name, refers in referrers(router, menu):
        old, new = before.get(refers.property), row.values.get(refers.property)
        if old and new and old != new:
            rename(other, name, old, new)


def orphan(router: Router, menu: Menu, row: Row) -> None:
    """Leave the id of a removed row where its name stood."""
    for other, name, refers in referrers(router, menu):
        if row.values.get(refers.property):
            rename(other, name, row.values[refers.property], row.id)


def rename(menu: Menu, name: str, old: str, new: str) -> None:
    """Replace one name by another in one property of every row."""
    for row in menu.table:
        value = row.values.get(name, "")
        if old not in value:
            continue
        sign = "!" if value.startswith("!") else ""
        row.values[name] = sign + ",".join(new if item == old else item for item in items(menu, name, value))
