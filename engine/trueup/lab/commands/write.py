"""`add`, `set` and `unset`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trueup.lab import generated, references
from trueup.lab.call import Call, Reply
from trueup.lab.menu import Menu
from trueup.lab.table import Row
from trueup.lab.trap import Trap, failure, unknown_parameter
from trueup.lab.values import accept

DONE: Reply = [["!done"]]


def add(call: Call) -> Reply:
    """A new row: what was written, what the router fills in; refused whole or made whole."""
    arguments = dict(call.arguments)
    before = arguments.pop("place-before", None)
    if before is not None and "move" not in call.menu.behaviour.commands:
        raise unknown_parameter("place-before")
    at = position(call.menu, before)
    values = accepted(call, arguments)
    need(call.menu, values)
    row = call.router.new_row(call.menu)
    row.values = {**call.menu.behaviour.default, **name_of(call.menu, values), **values}
    row.marks = dict(call.menu.behaviour.shows)
    for name in call.removed:
        call.menu.property(name)
        row.values.pop(name, None)
    generated.fill(call.menu, row, values)
    check_unique(call.menu, row, row.values)
    call.menu.table.rows.insert(at, row)
    call.router.changed(call.menu)
    return [["!done", f"=ret={row.id}"]]


def position(menu: Menu, before: str | None) -> int:
    """Where a new row goes; rows of the router's own stand where they stand."""
    if before is None:
        return len(menu.table.rows)
    return menu.table.rows.index(menu.table.find(before, menu.behaviour.names))


def need(menu: Menu, values: Mapping[str, str]) -> None:
    """Refuse an `add` that lacks what the menu demands."""
    missing = [name for name in menu.behaviour.needs if name not in values]
    if missing:
        raise Trap(f"missing value(s) of argument(s) {' '.join(missing)}")
    for names, trap in menu.behaviour.needs_any:
        if not any(values.get(name) for name in names):
            raise Trap(trap)


def name_of(menu: Menu, values: Mapping[str, str]) -> dict[str, str]:
    """The name that the router makes up for a row added without one."""
    prefix = menu.behaviour.auto_name
    if not prefix or values.get("name"):
        return {}
    taken = {row.values.get("name") for row in menu.table}
    number = next(n for n in range(1, len(taken) + 2) if f"{prefix}{n}" not in taken)
    return {"name": f"{prefix}{number}"}


def set_(call: Call) -> Reply:
    """Change rows; several ids get the same values, and all are checked before the first is touched."""
    arguments = {name: value for name, value in call.arguments.items() if name not in (".id", "numbers")}
    rows = call.menu.table.rows[:1] if call.menu.single else call.menu.pick(call.ids())
    changes = accepted(call, arguments)
    for name in call.removed:
        call.menu.property(name)
    for row in rows:
        protect(call.menu, row, changes, call.removed)
        check_unique(call.menu, row, {**row.values, **changes})
    for row in rows:
        rewrite(call, row, changes, call.removed)
    call.router.changed(call.menu)
    return DONE


def unset(call: Call) -> Reply:
    """Take values away: `value-name` names one property or several, by comma."""
    names = [name for name in call.arguments.get("value-name", "").split(",") if name]
    if not names:
        raise Trap("missing value(s) of argument(s) value-name")
    rows = call.menu.table.rows[:1] if call.menu.single else call.menu.pick(call.ids())
    for name in names:
        call.menu.property(name)
    for row in rows:
        protect(call.menu, row, {}, names)
        rewrite(call, row, {}, names)
    call.router.changed(call.menu)
    return DONE


def accepted(call: Call, arguments: Mapping[str, str]) -> dict[str, str]:
    """The arguments as the router will show them; raises its refusal of the first that is wrong."""
    values = {}
    for name, text in arguments.items():
        property = call.menu.property(name)
        value = accept(property, text, call.menu.behaviour.reads.get(name, ""))
        references.check(call.router, call.menu, name, value)
        values[name] = value
    return values


def protect(menu: Menu, row: Row, changes: Mapping[str, str], removed: Sequence[str]) -> None:
    """Refuse changes of rows that are the router's own; default rows keep their names."""
    if row.marked("dynamic"):
        raise failure(menu.behaviour.protects.get("dynamic", "can not change dynamic"))
    if row.marked("builtin") and set(changes) - {"comment", "disabled"} | set(removed):
        raise failure(menu.behaviour.protects.get("builtin", "cannot change builtin"))


def check_unique(menu: Menu, row: Row, values: Mapping[str, str]) -> None:
    """Refuse what another row of the menu, or of its namespace, already holds."""
    for rule in menu.behaviour.unique:
        wanted = {name: values.get(name, "") for name in rule.properties}
        if not any(wanted.values()) or (rule.enabled and values.get("disabled") == "true"):
            continue
        if menu.table.where(wanted, lambda other: other is not row and (not rule.enabled or other.enabled)):
            raise failure(rule.trap.format(**values))


def rewrite(call: Call, row: Row, changes: Mapping[str, str], removed: Sequence[str]) -> None:
    """Put new values into a row and carry a new name to the rows that refer to it."""
    before = dict(row.values)
    row.values.update(changes)
    for name in removed:
        row.values.pop(name, None)
        if name in call.menu.behaviour.default:
            row.values[name] = call.menu.behaviour.default[name]
    if not row.values.get("comment", "-"):
        del row.values["comment"]
    generated.fill(call.menu, row, changes)
    references.follow(call.router, call.menu, before, row)
