"""`add`, `set` and `unset`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trueup.lab import generated, references
from trueup.lab.actions import Added, Changed, differing, record
from trueup.lab.call import Call, Reply
from trueup.lab.commands import refuse
from trueup.lab.commands.through import owners
from trueup.lab.derive import settle
from trueup.lab.menu import Menu
from trueup.lab.table import Row
from trueup.lab.trap import Trap, unknown_parameter
from trueup.lab.values import accept

DONE: Reply = [["!done"]]
HEADS = frozenset({".id", "numbers", "value-name"})


def add(call: Call) -> Reply:
    """A new row: what was written, what the router fills in; refused whole or made whole."""
    arguments = dict(call.arguments)
    before = arguments.pop("place-before", None)
    if before is not None and "move" not in call.menu.behaviour.commands:
        raise unknown_parameter("place-before")
    at = position(call.menu, before)
    values = copied(call.menu, arguments.pop("copy-from", None)) | accepted(call, arguments)
    refuse.lacking(call.menu, values)
    refuse.combined(call.menu, values)
    row = call.machine.new_row(call.menu)
    fill(call, row, {**named(call, values), **values})
    refuse.taken(call.machine, call.menu, row, row.values)
    rows = call.menu.table.rows
    record(call.machine, call.user, Added(call.machine, call.menu, row, rows[at] if at < len(rows) else None))
    rows.insert(at, row)
    settle(call.machine, call.menu.path)
    return [["!done", f"=ret={row.id}"]]


def copied(menu: Menu, source: str | None) -> dict[str, str]:
    """The writable values of the row that a new one is a copy of; none where none is named.

    Every `add` of the command trees of CHR 7.9.2, 7.16.2 and 7.24 has `copy-from` but that of /file. What is written
    besides overrides the copy; a name that must be unique must be among that (MikroTik documentation, Console).
    """
    if source is None:
        return {}
    if menu.path == "/file":
        raise unknown_parameter("copy-from")
    computed = menu.behaviour.computes
    values = menu.table.find(source, menu.behaviour.names).values
    return {name: value for name, value in values.items() if name not in computed and writable(menu, name)}


def writable(menu: Menu, name: str) -> bool:
    known = menu.shape.properties.get(name)
    return known is not None and not known.read_only


def position(menu: Menu, before: str | None) -> int:
    """Where a new row goes: before the one named, else at the end."""
    if before is None:
        return len(menu.table.rows)
    return menu.table.rows.index(menu.table.find(before, menu.behaviour.names))


def fill(call: Call, row: Row, values: Mapping[str, str]) -> None:
    """Give a new row its values and what the router adds to them."""
    behaviour = call.menu.behaviour
    row.values = {**behaviour.default(values), **values}
    row.marks = dict(behaviour.shows)
    if behaviour.timed and behaviour.timed in values:
        row.marks["dynamic"] = "true"
    for name in call.removed:
        call.menu.property(name)
        row.values.pop(name, None)
    if not row.values.get("comment", "-"):
        del row.values["comment"]
    generated.fill(call.menu, call.machine.making(row, call.user), values)


def named(call: Call, values: Mapping[str, str]) -> dict[str, str]:
    """The name that the router makes up for a row added without one."""
    prefix = call.menu.behaviour.auto_name
    if not prefix or values.get("name"):
        return {}
    taken = {row.values.get("name") for row in call.machine.kin(call.menu)}
    number = next(n for n in range(1, len(taken) + 2) if f"{prefix}{n}" not in taken)
    return {"name": f"{prefix}{number}"}


def set_(call: Call) -> Reply:
    """Change rows; several ids get the same values, and all are checked before the first is touched."""
    parts = owners(call)
    changes = [accepted(p, {name: text for name, text in p.arguments.items() if name not in HEADS}) for p in parts]
    rows = [checked(p, change, p.removed) for p, change in zip(parts, changes, strict=True)]
    for part, change, found in zip(parts, changes, rows, strict=True):
        commit(part, found, change, part.removed)
    return DONE


def unset(call: Call) -> Reply:
    """Take values away: `value-name` names one property, or several by comma."""
    names = [name for name in call.arguments.get("value-name", "").split(",") if name]
    if not names:
        raise Trap("missing value(s) of argument(s) value-name")
    commit(call, checked(call, {}, names), {}, names)
    return DONE


def checked(call: Call, changes: Mapping[str, str], removed: Sequence[str]) -> list[Row]:
    """The rows that the call means; raises what speaks against changing any of them."""
    rows = call.menu.table.rows[:1] if call.menu.single else call.menu.pick(call.ids())
    for name in removed:
        call.menu.property(name)
    refuse.bare(call.menu, removed)
    futures = [
        {name: value for name, value in {**row.values, **changes}.items() if name not in removed} for row in rows
    ]
    for row, values in zip(rows, futures, strict=True):
        refuse.protected(call.menu, row, {*changes, *removed})
        refuse.combined(call.menu, values)
        refuse.taken(call.machine, call.menu, row, values)
    refuse.alike(call.menu, futures)
    return rows


def commit(call: Call, rows: Sequence[Row], changes: Mapping[str, str], removed: Sequence[str]) -> None:
    """Rewrite rows that have been checked."""
    for row in rows:
        rewrite(call, row, changes, removed)
    settle(call.machine, call.menu.path)


def accepted(call: Call, arguments: Mapping[str, str]) -> dict[str, str]:
    """The arguments as the router will show them; raises its refusal of the first that is wrong."""
    values = {}
    for name, text in arguments.items():
        property = call.menu.property(name)
        if name in call.menu.behaviour.refers:
            values[name] = references.checked(call.machine, call.menu, property, text)
        else:
            values[name] = generated.form(call.menu, name, accept(property, text))
    return values


def rewrite(call: Call, row: Row, changes: Mapping[str, str], removed: Sequence[str]) -> None:
    """Put new values into a row and carry a new name to the rows that refer to it."""
    behaviour = call.menu.behaviour
    before = dict(row.values)
    row.values.update(changes)
    for name in removed:
        row.values.pop(name, None)
    row.values = {**behaviour.default(row.values), **row.values}
    if not row.values.get("comment", "-"):
        del row.values["comment"]
    generated.fill(call.menu, call.machine.making(row, call.user), changes)
    references.follow(call.machine, call.menu, before, row)
    record(call.machine, call.user, Changed(call.machine, call.menu, row, *differing(before, row.values)))
