"""The record of what is ours, before the first write and after the last."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from trueup.diff import Difference
from trueup.diff.content import Keys, Shape, identity_digest
from trueup.diff.difference import MenuDifference
from trueup.diff.owned import Owned, OwnedRow, boot_time, key_digest, same_boot, scope_digest
from trueup.plan import Add, Change, PlanValue, Remove, Set
from trueup.plan.change import Values
from trueup.row import Facts, Row
from trueup_schemas.secret import SecretRef


def attempted(difference: Difference, before: Owned | None, facts: Facts, commit: str, keys: Keys) -> Owned:
    """The record to write before the first change: declared rows that are there, what was ours, and the coming adds.

    `before` is the record that held, None where nothing counted as ours. What this read showed gone has left it.
    """
    rows: list[OwnedRow] = []
    for menu in difference.menus:
        rows += _coming_keys(menu, keys)
        rows += _declared(menu, keys)
        rows += (replace(row, going=row.id in menu.removes) for row in _undeclared(menu))
        rows += (_record(menu.shape, menu.declared[index], "", keys) for index in menu.adds)
    return _owned(difference, [*rows, *_unread(difference, before, facts)], facts, commit, keys)


def _coming_keys(menu: MenuDifference, keys: Keys) -> Iterator[OwnedRow]:
    """Our rows under the keys that they are about to get: whether or not a rename is answered, its row stays ours."""
    for index in menu.sets:
        live = menu.matching.live[index]
        before = menu.matching.ours.get(live.id)
        coming = _record(menu.shape, menu.declared[index], live.id, keys)
        if before is not None and before.identity != coming.identity:
            yield replace(coming, secrets=before.secrets)


def _unread(difference: Difference, before: Owned | None, facts: Facts) -> Iterator[OwnedRow]:
    """Records of menus that were not there to read; their `.id`s hold until a restart."""
    if before is None:
        return
    read = {menu.path for menu in difference.menus}
    holds = same_boot(before, facts)
    yield from (row if holds else replace(row, id="") for row in before.rows if row.menu not in read)


def written(record: Owned, difference: Difference, done: Collection[tuple[Change, str]], keys: Keys) -> Owned:
    """The record once the router has confirmed changes, each with the `.id` of its row.

    Added rows have their `.id`, removed ones have left, secrets of changed ones are written; a row matched anew is
    ours.
    """
    gone = {(change.menu, id) for change, id in done if isinstance(change, Remove)}
    fresh = dict(_changed(difference, {(c.menu, id): c.values for c, id in done if isinstance(c, Set)}, keys))
    added = _added(difference, done, keys)
    singletons = {menu.path for menu in difference.menus if menu.shape.menu.kind == "singleton"}
    rows: list[OwnedRow] = []
    for row in record.rows:
        if row.id or row.menu in singletons:
            if (row.menu, row.id) not in gone:
                rows.append(fresh.pop((row.menu, row.id), row))
        else:
            ids = added.get((row.menu, row.content))
            rows.append(replace(row, id=ids.pop(0)) if ids else row)
    return replace(record, rows=(*rows, *fresh.values()))


def _changed(
    difference: Difference, changed: Mapping[tuple[str, str], Values], keys: Keys
) -> Iterator[tuple[tuple[str, str], OwnedRow]]:
    """Records of rows whose whole change is done: of one made in two steps, the first alone proves nothing."""
    for menu in difference.menus:
        for index, change in menu.sets.items():
            id = menu.matching.live[index].id
            if changed.get((menu.path, id), {}).items() >= change.values.items():
                yield (menu.path, id), _record(menu.shape, menu.declared[index], id, keys)


def _added(
    difference: Difference, done: Collection[tuple[Change, str]], keys: Keys
) -> dict[tuple[str, str], list[str]]:
    """The `.id`s of added rows by menu and content; rows with the same content may swap theirs."""
    ids: dict[tuple[str, frozenset[tuple[str, PlanValue]]], list[str]] = {}
    for change, id in done:
        if isinstance(change, Add) and id:
            ids.setdefault((change.menu, frozenset(change.values.items())), []).append(id)
    added: dict[tuple[str, str], list[str]] = {}
    for menu in difference.menus:
        for index, add in menu.adds.items():
            found = ids.get((menu.path, frozenset(add.values.items())))
            if found:
                content = menu.shape.declared_digest(menu.declared[index], keys.digest)
                added.setdefault((menu.path, content), []).append(found.pop(0))
    return added


def settled(difference: Difference, before: Owned | None, facts: Facts, commit: str, keys: Keys) -> Owned:
    """The record after reading back: every declared row that is there, and what was ours and still is there.

    `difference` compares the same declaration with the router as read back, under the record `before`. A secret that
    has not been written yet keeps the digest it had.
    """
    rows: list[OwnedRow] = []
    for menu in difference.menus:
        rows += _declared(menu, keys)
        rows += _undeclared(menu)
    return _owned(difference, [*rows, *_unread(difference, before, facts)], facts, commit, keys)


def unconfirmed(record: Owned, before: Owned) -> Owned:
    """The record of a plan that may still be taken back: what it removed may return, and is ours then."""
    there = {(row.menu, row.identity or row.content) for row in record.rows}
    gone = (replace(row, id="") for row in before.rows if (row.menu, row.identity or row.content) not in there)
    return replace(record, rows=(*record.rows, *gone))


def _owned(difference: Difference, rows: list[OwnedRow], facts: Facts, commit: str, keys: Keys) -> Owned:
    scopes = ((menu.path, scope) for menu in difference.menus for scope in menu.scopes if scope.remove)
    return Owned(
        serial=facts.serial,
        key=key_digest(keys.digest),
        commit=commit,
        time=facts.read_at,
        booted=boot_time(facts),
        rows=tuple(rows),
        pruned=frozenset(scope_digest(path, scope, keys.digest) for path, scope in scopes),
    )


def _declared(menu: MenuDifference, keys: Keys) -> Iterator[OwnedRow]:
    """Declared rows that are there; one whose change is still to be made keeps the record it had."""
    for index, row in enumerate(menu.declared):
        live = menu.matching.live.get(index)
        if live is None:
            continue
        pending = menu.sets.get(index)
        before = menu.matching.ours.get(live.id)
        if pending is not None and before is not None:
            yield replace(before, id=live.id)
            continue
        record = _record(menu.shape, row, live.id, keys)
        unwritten = pending.values if pending is not None else ()
        yield replace(record, secrets={n: digest for n, digest in record.secrets.items() if n not in unwritten})


def _undeclared(menu: MenuDifference) -> Iterator[OwnedRow]:
    """Rows of ours that are no longer declared: protected, perhaps protected, or still to be removed or returned."""
    matched = {row.id for row in menu.matching.live.values()}
    for row in menu.live:
        record = menu.matching.ours.get(row.id)
        if row.id in menu.matching.perhaps and row.id not in matched:
            yield menu.matching.perhaps[row.id]
        elif record is not None and row.id not in matched:
            removable = menu.shape.menu.addable and not row.fixed
            if removable or row.id in menu.returns:
                yield replace(record, id=row.id, going=False)


def _record(shape: Shape, row: Row, id: str, keys: Keys) -> OwnedRow:
    properties = shape.menu.properties
    secrets = {
        name: keys.secret_digest(properties[name], keys.secret(properties[name], value, row))
        for name, value in row.values.items()
        if isinstance(value, SecretRef) and name not in row.ignore
    }
    return OwnedRow(
        menu=shape.menu.path,
        identity=identity_digest(shape.menu, shape.key(row), keys.digest),
        content=shape.declared_digest(row, keys.digest),
        names=frozenset(row.values) - row.ignore,
        secrets=secrets,
        ignore=row.ignore,
        id=id,
        protect=row.protect,
    )
