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

    `live` holds every row in order, the dynamic ones too; `ignored` are the `.id`s of those that are none of our
    business, and a live row's own `ignore` names its properties that are not. `sets` and `adds` are by declared index,
    `returns` and `removes` by the live row's `.id`: rows that are no longer declared.
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
    ignored: frozenset[str] = frozenset()

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


ALWAYS_SAID = ("action",)
"""Properties that name a keyless row even at their default: a rule without its action says nothing."""


def brief(shape: Shape, row: Row, keys: Keys) -> dict[str, PlanValue]:
    """What names a row for people: its key, else what it holds besides defaults and secrets; a singleton needs none."""
    if shape.menu.kind == "singleton":
        return {}
    if shape.key(row):
        return plan_values(shape, row, {name: row.values[name] for name in shape.menu.key if row.text(name)}, keys)
    said = {
        name: value
        for name, value in row.values.items()
        if name not in shape.secrets and value not in (None, "") and value != shape.defaults.get(name)
    }
    said |= {name: shape.value(row, name) for name in ALWAYS_SAID if name in shape.menu.properties}
    return plan_values(shape, row, said, keys)


def plan_values(shape: Shape, row: Row, values: Mapping[str, Value], keys: Keys) -> dict[str, PlanValue]:
    """Values as plans hold them."""
    properties = shape.menu.properties
    return {name: keys.planned(properties.get(name), value, row) for name, value in values.items()}
