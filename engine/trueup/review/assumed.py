"""A router as it would be if it were exactly as declared: what a plan is made against where the router is not known."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from trueup.diff import Keys, Owned, difference
from trueup.diff.owned import boot_time, key_digest
from trueup.diff.record import attempted, settled, written
from trueup.diff.references import names_in, referring
from trueup.errors import PlanError
from trueup.order import order
from trueup.plan import Change, Existing
from trueup.row import Desired, Facts, Live, Row, Secret, Table, Value
from trueup_schemas.catalogue import Catalogue, Menu
from trueup_schemas.secret import PublicKeyOf, SecretRef

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def stand_in_keys() -> Keys:
    """Keys without any secret: names stand for values, so that a changed name is a changed value."""
    return Keys(
        resolve=lambda ref: Secret(_made(ref.name)),
        public_key=lambda key: f"(public key of {key.private.name})",
        digest=lambda text: hashlib.sha256(text.encode()).hexdigest(),
    )


def _made(name: str) -> str:
    """A value of the form that keys have, which passwords may have too."""
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


def assume(base: Desired | None, head: Desired, version: str, catalogue: Catalogue, keys: Keys) -> tuple[Live, Owned]:
    """The router as `base` declares it, all of it ours; rows that are only named are taken to be there.

    Raises PlanError.
    """
    facts = Facts(version, "", "", "", 1, NEVER)
    declared = base.tables if base is not None else {}
    tables = {
        path: _as_live(table, catalogue.menu(path), keys) for path, table in declared.items() if path in catalogue
    }
    for path, table in head.tables.items():
        tables[path] = _with_fixed(tables.get(path, Table(path)), table, catalogue.menu(path))
    tables = _with_named(tables, (*declared.values(), *head.tables.values()), catalogue)
    live = Live(facts, tables)
    nothing = Owned("", key_digest(keys.digest), "", NEVER, boot_time(facts))
    return live, nothing if base is None else _as_ours(base, live, nothing, catalogue, keys)


def _as_ours(base: Desired, live: Live, nothing: Owned, catalogue: Catalogue, keys: Keys) -> Owned:
    """The record of a run that has just brought the router to `base`; `nothing` where that could not be."""
    try:
        found = difference(base, live, nothing, catalogue, keys)
        plan = order(found, base, live, catalogue, keys)
        done = [(change, _id(change)) for change in plan.changes]
        record = written(attempted(found, nothing, live.facts, base.commit, keys), found, done, keys)
        found = difference(base, live, record, catalogue, keys)
    except PlanError:
        return nothing
    return settled(found, record, live.facts, base.commit, keys)


def _id(change: Change) -> str:
    target = getattr(change, "target", None)
    return target.id if isinstance(target, Existing) else ""


def _as_live(table: Table, menu: Menu, keys: Keys) -> Table:
    rows = (
        Row(_live_values(row, menu, keys), id=f"*{number:X}", source=None)
        for number, row in enumerate(map(keys.with_public_keys, table), 1)
    )
    if menu.kind == "singleton":
        return Table(table.menu, tuple(replace(row, id="") for row in rows))
    return Table(table.menu, tuple(rows))


def _live_values(row: Row, menu: Menu, keys: Keys) -> Mapping[str, Value]:
    values: dict[str, Value] = {}
    for name, value in row.values.items():
        if isinstance(value, SecretRef):
            values[name] = keys.secret(menu.properties[name], value, row)
        elif value is not None and not isinstance(value, PublicKeyOf):
            values[name] = value
    return values


def _with_fixed(table: Table, wanted: Table, menu: Menu) -> Table:
    """The table with the rows that nobody can add, and that the router must have if they are declared."""
    if menu.addable:
        return table
    if menu.kind == "singleton":
        return table if table.rows else Table(table.menu, (Row({}),))
    there = {_key(menu, row) for row in table}
    missing = [row for row in wanted if _key(menu, row) not in there]
    rows = [
        Row({name: row.values[name] for name in menu.key if name in row.values}, id=f"*F{number:X}", fixed="default")
        for number, row in enumerate(missing)
    ]
    return replace(table, rows=(*table.rows, *rows))


def _key(menu: Menu, row: Row) -> tuple[str, ...]:
    return tuple(row.text(name) for name in menu.key)


def _with_named(tables: Mapping[str, Table], declared: tuple[Table, ...], catalogue: Catalogue) -> dict[str, Table]:
    """The tables with rows that declared ones only name: nobody here can tell that the router lacks them."""
    found = dict(tables)
    for path, names in _named(declared, catalogue).items():
        members = (path, *catalogue.members(path))
        texts = [row for member in members for row in (*found.get(member, ()), *_of(declared, member))]
        there = {(property, row.text(property)) for row in texts for property, _ in names}
        rows = [
            Row({property: name}, id=f"*A{number:X}", fixed="builtin")
            for number, (property, name) in enumerate(names)
            if (property, name) not in there
        ]
        if rows:
            own = found.get(path, Table(path))
            found[path] = replace(own, rows=(*own.rows, *rows))
    return found


def _named(declared: tuple[Table, ...], catalogue: Catalogue) -> dict[str, dict[tuple[str, str], None]]:
    named: dict[str, dict[tuple[str, str], None]] = {}
    for table in declared:
        for property in referring(catalogue.menu(table.menu)) if table.menu in catalogue else ():
            reference = next(each for each in property.refers if each.hard)
            for row in table:
                for name in names_in(property, row.values.get(property.name)):
                    named.setdefault(reference.menu, {})[reference.property, name] = None
    return named


def _of(declared: tuple[Table, ...], path: str) -> Iterator[Row]:
    return (row for table in declared if table.menu == path for row in table)
