"""A router's tables after each change of a plan, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trueup.plan import Add, Change, Created, Existing, Move, PersonalValue, PlanValue, Remove, SecretValue, Set
from trueup.plan.change import Target, Values
from trueup.row import Row, Tables, Value
from trueup_schemas.secret import SecretRef

Rows = Mapping[str, tuple[Row, ...]]

INTERFACE = ("interface", "bridge", "gateway", "in-interface", "out-interface", "slaves", "tagged", "untagged")
"""Properties that follow by themselves when the interface that they name is renamed."""

FOLLOWING = {
    "/interface/list": ("list", "in-interface-list", "out-interface-list", "include", "exclude"),
    "/user/group": ("group",),
    "/certificate": ("certificate",),
}


def rows_of(tables: Tables) -> Rows:
    """The tables as they are."""
    return {path: table.rows for path, table in tables.items()}


def after(rows: Rows, number: int, change: Change) -> Rows:
    """The tables after one change; an added row's id is `+` and its change's number."""
    table = list(rows.get(change.menu, ()))
    if isinstance(change, Add):
        new = Row(_texts(change.values), change.source, id=f"+{number}")
        table.insert(_position(table, change.before), new)
    elif isinstance(change, Remove):
        table = [row for row in table if row.id != change.target.id]
    elif isinstance(change, Move):
        ids = [id_of(target) for target in change.targets]
        moved = [row for id in ids for row in table if row.id == id]
        table = [row for row in table if row.id not in ids]
        at = _position(table, change.before)
        table[at:at] = moved
    else:
        return _set(rows, change)
    return {**rows, change.menu: tuple(table)}


def id_of(target: Target | None) -> str:
    if target is None:
        return ""
    return f"+{target.n}" if isinstance(target, Created) else target.id


def _set(rows: Rows, change: Set) -> Rows:
    id = id_of(change.target)
    table = rows.get(change.menu, ())
    old = next((row for row in table if row.id == id), None)
    if old is None:
        return rows
    values = {**old.values, **_texts(change.values)}
    new = replace(old, values=values, source=change.source or old.source)
    followed = _follow(rows, change.menu, old.text("name"), new.text("name"))
    replaced = tuple(new if row.id == id else row for row in followed[change.menu])
    return {**followed, change.menu: replaced}


def _follow(rows: Rows, menu: str, old: str, new: str) -> Rows:
    """The tables with every reference to a renamed row moved along."""
    names = FOLLOWING.get(menu, INTERFACE if menu.startswith("/interface/") else ())
    if old == new or not old or not names:
        return rows
    return {path: _renamed(table, names, old, new) for path, table in rows.items()}


def _renamed(table: tuple[Row, ...], names: tuple[str, ...], old: str, new: str) -> tuple[Row, ...]:
    """The same table where no row names the renamed one, so that it is seen not to have changed."""
    found = tuple(_following(row, names, old, new) for row in table)
    return found if any(now is not was for now, was in zip(found, table, strict=True)) else table


def _following(row: Row, names: tuple[str, ...], old: str, new: str) -> Row:
    follows = {
        name: ",".join(new if each == old else each for each in row.text(name).split(","))
        for name in names
        if old in row.text(name).split(",")
    }
    return replace(row, values={**row.values, **follows}) if follows else row


def _position(table: list[Row], before: Existing | Created | None) -> int:
    id = id_of(before)
    return next((at for at, row in enumerate(table) if row.id == id), len(table)) if id else len(table)


def _texts(values: Values) -> dict[str, Value]:
    return {name: _text(value) for name, value in values.items()}


def _text(value: PlanValue) -> Value:
    """A planned value; of a secret its name, since only whether it is the manager's own counts."""
    if isinstance(value, SecretValue):
        return value.ref or SecretRef("")
    return value.text if isinstance(value, PersonalValue) else value
