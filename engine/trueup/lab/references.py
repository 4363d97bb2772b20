"""Properties that name rows elsewhere: checked when written, following a rename, orphaned by a removal."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping

from trueup.lab.behaviour import Refers
from trueup.lab.machine import Machine
from trueup.lab.menu import Menu
from trueup.lab.table import Row
from trueup.lab.trap import ARGUMENT, Trap, no_match
from trueup.lab.values import accept
from trueup_schemas.catalogue.types import Property

NAMING = frozenset({"name", "login"})
"""What rows are named by."""

SEPARATORS = re.compile("([,/])")


def checked(machine: Machine, menu: Menu, property: Property, text: str) -> str:
    """The value as it reads back; a name that no row bears is refused where the router checks it."""
    refers = menu.behaviour.refers[property.name]
    if not any(there(machine, target) for target in refers.menus):
        return accept(property, text)  # the version lacks what it would name: a mark in RouterOS 6 is but a word
    sign = "!" if property.negatable and text.startswith("!") else ""
    bare = text[len(sign) :]
    if not bare and not property.many and "" not in refers.words:
        raise Trap(f"ambiguous value of {property.name}, more than one possible value matches input", ARGUMENT)
    if "/" in property.type and "/" not in bare:
        bare = f"{bare}/{bare}"
    for item in parts(property, bare)[::2]:
        known = not item or item in refers.words or item in names(machine, refers)
        if not known and not (refers.addresses and is_address(item)):
            raise Trap(refers.trap) if refers.trap else no_match(property.name)
    return sign + bare


def there(machine: Machine, target: str) -> bool:
    """Whether the router has a menu, or menus of a namespace, that a reference may lead to."""
    return any(path in machine.shapes for path in machine.members(target))


def parts(property: Property, value: str) -> list[str]:
    """The names in a value, with the separators between them at odd places."""
    return SEPARATORS.split(value) if property.many or "/" in property.type else [value]


def is_address(item: str) -> bool:
    """Whether an item is an address (perhaps on an interface), not a name."""
    try:
        ipaddress.ip_address(item.partition("%")[0])
    except ValueError:
        return False
    return True


def names(machine: Machine, refers: Refers) -> frozenset[str]:
    """Every name that a reference may hold."""
    return frozenset(
        row.values[refers.by]
        for menu in refers.menus
        for path in machine.members(menu)
        for row in machine.menu(path).table
        if refers.by in row.values
    )


def referrers(machine: Machine, menu: Menu) -> Iterator[tuple[Menu, str, str]]:
    """Every property of every menu that may name rows of this one, and what it names them by."""
    places = machine.kinship.namespaces
    for path, name, refers in machine.kinship.references:
        named = any(menu.path in places.get(target, (target,)) for target in refers.menus)
        if named and path in machine.shapes:
            yield machine.menu(path), name, refers.by


def follow(machine: Machine, menu: Menu, before: Mapping[str, str], row: Row) -> None:
    """Carry a changed name to the rows that refer to it."""
    changed = {name for name, old in before.items() if old and row.values.get(name) not in (old, None, "")}
    for other, name, by in referrers(machine, menu) if changed & NAMING else ():
        if by in changed:
            replace(other, name, before[by], row.values[by])


def orphan(machine: Machine, menu: Menu, row: Row) -> None:
    """Leave the id of a removed row where its name stood."""
    for other, name, by in referrers(machine, menu):
        if row.values.get(by):
            replace(other, name, row.values[by], row.id)


def replace(menu: Menu, name: str, old: str, new: str) -> None:
    """Replace one name by another in one property of every row."""
    property = menu.shape.properties.get(name)
    for row in menu.table:
        value = row.values.get(name, "")
        if property is None or old not in value:
            continue
        sign = "!" if value.startswith("!") else ""
        items = parts(property, value.removeprefix(sign))
        row.values[name] = sign + "".join(new if item == old else item for item in items)
