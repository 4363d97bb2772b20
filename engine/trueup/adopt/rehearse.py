"""An export as the rows that a virtual router begins with, and the hardware that it needs. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trueup.adopt.script import Script
from trueup.adopt.shipped import LEFT_OUT
from trueup.adopt.state import State
from trueup.diff.references import names_in, referring
from trueup.errors import Problem, Source
from trueup.row import Row, Secret, Tables
from trueup_schemas.catalogue import Catalogue

_OWN = {**LEFT_OUT, "/user": "a virtual router has logins of its own"}
"""Menus that no virtual router takes from an export, with the reason."""

_INTERFACES = "/interface"
_PORT = re.compile(r"(?:ether|sfp|sfp-sfpplus|sfp28-|qsfp28-|qsfpplus|combo|wlan|wlan60-|wifi|lte)[0-9]+(?:-[0-9]+)?\Z")
"""Names that only hardware has: what an export says nothing of is there under such a name."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """A row to begin with; where `by` is not empty the router has it already, found by that, and takes the values."""

    menu: str
    values: Mapping[str, str]
    source: Source | None
    by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a virtual router is to be: `ports` by default name; `left` tells what of the export is in none of it."""

    model: str
    serial: str
    ports: tuple[str, ...]
    rows: tuple[Seeded, ...]
    left: tuple[Problem, ...]


def rehearse(script: Script, state: State, catalogue: Catalogue) -> Rehearsal:
    """The rows and the hardware of an export that was read; secrets are in the rows as texts."""
    left = list(state.left)
    rows: list[Seeded] = []
    for path, table in state.tables.items():
        if path in _OWN:
            left.append(_warning(f"{path} is left out: {_OWN[path]}", table.rows[0].source))
            continue
        rows += (_seeded(catalogue, path, row, state.shipped.get(row.id, {}), left) for row in table)
    ports, strange = _hardware(state.tables, catalogue)
    left += (_warning(f"{name} is no interface of the export, nor a port", where) for name, where in strange)
    return Rehearsal(script.model, script.serial, ports, tuple(rows), tuple(left))


def _seeded(catalogue: Catalogue, path: str, row: Row, shipped: Mapping[str, str], left: list[Problem]) -> Seeded:
    menu = catalogue.menu(path)
    values: dict[str, str] = {}
    for name, value in row.values.items():
        if isinstance(value, Secret) and value.masked:
            left.append(_warning(f"{path}: the value of {name} was hidden; it is left out", row.where(name)))
        elif isinstance(value, Secret):
            values[name] = value.reveal()
        elif isinstance(value, str):
            values[name] = value
    if menu.kind == "singleton" or not (row.fixed or not menu.addable):
        return Seeded(path, values, row.source)
    hardware = row.text("default-name")
    key = {name: text for name in menu.key if (text := row.text(name))}
    return Seeded(path, values, row.source, {"default-name": hardware} if hardware else key or shipped)


def _hardware(tables: Tables, catalogue: Catalogue) -> tuple[tuple[str, ...], list[tuple[str, Source | None]]]:
    """Default names of ports, and names of interfaces that nothing accounts for, each with its first place."""
    ports: dict[str, None] = {}
    names: set[str] = set()
    for path in (_INTERFACES, *catalogue.members(_INTERFACES)):
        for row in tables.get(path, ()):
            names.add(row.text("name"))
            if hardware := row.text("default-name"):
                ports.setdefault(hardware)
    strange: dict[str, Source | None] = {}
    for name, where in _named(tables, catalogue):
        if name in names or name in ports:
            continue
        if _PORT.match(name):
            ports.setdefault(name)
        else:
            strange.setdefault(name, where)
    return tuple(ports), list(strange.items())


def _named(tables: Tables, catalogue: Catalogue) -> Iterator[tuple[str, Source | None]]:
    """The interfaces that rows name; what may as well be a list, and is one, is none."""
    for path, table in tables.items():
        for property in referring(catalogue.menu(path)):
            menus = [reference.menu for reference in property.refers if reference.hard]
            if _INTERFACES not in menus:
                continue
            other = {row.text("name") for menu in menus if menu != _INTERFACES for row in tables.get(menu, ())}
            for row in table:
                for name in names_in(property, row.values.get(property.name)):
                    if name not in other:
                        yield name, row.where(property.name)


def _warning(message: str, where: Source | None) -> Problem:
    return Problem(message, where, severity="warning")
