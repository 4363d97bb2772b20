"""Which row a `set` of an export is about: one of its own, or one that came with the router."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trueup.adopt.script import Command
from trueup.adopt.shipped import INTERNAL, Shipped, shipped_rows
from trueup.canonical import from_wire
from trueup.row import Row, Value
from trueup_schemas.catalogue import Menu

HARDWARE = "default-name"
"""What a port or radio is called whatever its name is; it is no property of every menu that has such rows."""

_LONE = {"/interface/lte": "lte1", "/interface/w60g": "wlan60-1"}
"""Radios of which a board has one, so that exports do not name it."""

_YES = ("yes", "true")


@dataclass(frozen=True, slots=True)
class Meant:
    """A row of the export by its `index`, or one to begin with `values`: it came with the router, as `shipped` says.

    Neither: the export does not tell which row `called` is.
    """

    called: str
    index: int = -1
    values: Mapping[str, Value] | None = None
    shipped: Shipped | None = None


def meant(menu: Menu, version: str, command: Command, rows: Sequence[Row]) -> Iterator[Meant]:
    """What each item, or the `find`, of a `set` is about."""
    shipped = shipped_rows(menu.path, version)
    if command.find is not None:
        looked = {pair.name: pair.text or "" for pair in command.find}
        yield _found(menu, rows, shipped, _named(menu, shipped, looked), "[ find … ]")
    for item in command.items:
        yield _found(menu, rows, shipped, _item(menu, shipped, item, command), item)


def telling(menu: Menu) -> str:
    """The part of a menu's key that a row is called by."""
    return "name" if "name" in menu.key or not menu.key else menu.key[0]


def _named(menu: Menu, shipped: Sequence[Shipped], looked: Mapping[str, str]) -> Mapping[str, str]:
    """What is looked for, with the name that the row has which every router has."""
    if not looked and menu.path in _LONE:
        return {HARDWARE: _LONE[menu.path]}
    if looked.get("default") not in _YES:
        return looked
    rest = {name: text for name, text in looked.items() if name != "default"}
    if rest:
        return rest
    if len(shipped) == 1:
        return {telling(menu): shipped[0][telling(menu)]} if menu.key else shipped[0]
    return {telling(menu): "default"} if menu.key else {}


def _item(menu: Menu, shipped: Sequence[Shipped], item: str, command: Command) -> Mapping[str, str]:
    """The row that `set ITEM` is about; {} for a number that tells nothing."""
    if item.startswith("*"):
        name = INTERNAL.get(menu.path, {}).get(item)
        return {telling(menu): name} if name else {}
    if not item.isdigit():
        return {telling(menu): item} if menu.key else {}
    if int(item) < len(shipped):
        row = shipped[int(item)]
        return {telling(menu): row[telling(menu)]} if menu.key else row
    named = next((pair.text for pair in command.pairs if pair.name == telling(menu)), None)
    return {telling(menu): named} if named and menu.key and not menu.addable else {}


def _found(
    menu: Menu, rows: Sequence[Row], shipped: Sequence[Shipped], looked: Mapping[str, str], called: str
) -> Meant:
    wanted = {name: _value(menu, name, text) for name, text in looked.items()}
    fitting = [i for i, row in enumerate(rows) if all(row.values.get(name) == value for name, value in wanted.items())]
    if wanted and len(fitting) == 1:
        return Meant(called, fitting[0])
    own = wanted.keys() <= set(menu.key) or wanted.keys() == {HARDWARE} or looked in shipped
    if fitting or not wanted or not own:
        return Meant(called)
    known = next((row for row in shipped if looked.items() <= row.items()), {})
    named = {"name": looked[HARDWARE]} if HARDWARE in looked and HARDWARE not in menu.key else {}
    values = {name: _value(menu, name, text) for name, text in {**known, **named, **looked}.items()}
    return Meant(called, values=values, shipped=known)


def _value(menu: Menu, name: str, text: str) -> Value:
    property = menu.properties.get(name)
    return from_wire(property, text) if property else text
