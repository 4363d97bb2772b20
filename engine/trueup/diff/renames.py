"""Hard references follow a rename by themselves: live rows are read as if the planned renames had been made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trueup.row import Row, Value
from trueup_schemas.catalogue import Menu, Property

Renames = Mapping[str, Mapping[str, str]]
"""Menu path or namespace → old name → new name."""


def renamed(menu: Menu, declared: Row, live: Row) -> dict[str, tuple[str, str]]:
    """The renames in one matched pair: for each namespace the name belongs to, the old and the new name."""
    old, new = live.text("name"), declared.text("name")
    if not old or not new or old == new:
        return {}
    return {place: (old, new) for place in (menu.path, menu.namespace) if place}


def follow(menu: Menu, rows: Sequence[Row], renames: Renames) -> tuple[Row, ...]:
    """The live rows with hard references to renamed rows replaced."""
    referring = [p for p in menu.properties.values() if any(r.hard and r.menu in renames for r in p.refers)]
    if not referring:
        return tuple(rows)
    return tuple(_follow_row(row, referring, renames) for row in rows)


def _follow_row(row: Row, referring: Sequence[Property], renames: Renames) -> Row:
    values: dict[str, Value] = dict(row.values)
    for property in referring:
        value = values.get(property.name)
        if isinstance(value, str) and value:
            names = {k: v for r in property.refers if r.hard for k, v in renames.get(r.menu, {}).items()}
            values[property.name] = _replace(property, value, names)
    return replace(row, values=values) if values != row.values else row


def _replace(property: Property, value: str, names: Mapping[str, str]) -> str:
    negated = "!" if property.negatable and value.startswith("!") else ""
    parts = value.removeprefix(negated).split(",") if property.many else [value.removeprefix(negated)]
    replaced = [names.get(part, part) for part in parts]
    return negated + ",".join(sorted(replaced) if property.many == "set" else replaced)
