"""What differs, menu by menu, before it is put in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trueup.diff.content import Keys, Shape, row_digest
from trueup.diff.match import Matching
from trueup.plan import Add, Existing, Note, PlanValue, Remove, Set
from trueup.row import Row, Scope, Value


@dataclass
class MenuDifference:
    """One menu's rows and changes.

    `live` holds every row in order, the dynamic ones too. `sets` and `adds` are by declared index, `returns` and
    `removes` by the live row's `.id`: rows that are no longer declared.
    """

    shape: Shape
    declared: tuple[Row, ...]
    live: tuple[Row, ...]
    scopes: tuple[Scope, ...]
    matching: Matching
    sets: dict[int, Set] = field(default_factory=dict)
    adds: dict[int, Add] = field(default_factory=dict)
    returns: dict[str, Set] = field(default_factory=dict)
    removes: dict[str, Remove] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.shape.menu.path


@dataclass(frozen=True)
class Difference:
    """Everything that differs on one router, and what the reader should know."""

    menus: tuple[MenuDifference, ...]
    notes: tuple[Note, ...]


def existing(shape: Shape, row: Row, keys: Keys) -> Existing:
    """A live row as a change's target."""
    return Existing(row.id, row_digest(shape.menu, row, keys))


def brief(shape: Shape, row: Row, keys: Keys) -> dict[str, PlanValue]:
    """What names a row for people: its key, else its properties that are no defaults, without secrets."""
    names = shape.menu.key if shape.key(row) else tuple(n for n in row.values if n not in shape.secrets)
    values = {name: row.values.get(name) for name in names}
    return {
        name: planned
        for name, planned in plan_values(shape, row, values, keys).items()
        if planned not in (None, "") and (name in shape.menu.key or values[name] != shape.defaults.get(name))
    }


def plan_values(shape: Shape, row: Row, values: Mapping[str, Value], keys: Keys) -> dict[str, PlanValue]:
    """Values as plans hold them."""
    properties = shape.menu.properties
    return {name: keys.planned(properties.get(name), value, row) for name, value in values.items()}
