"""`remove`: the rows go, what refers to them keeps a dead id."""

from __future__ import annotations

from trueup.lab import references
from trueup.lab.call import Call, Reply
from trueup.lab.menu import Menu
from trueup.lab.table import Row
from trueup.lab.trap import failure

REFUSALS = {
    "dynamic": "can not remove dynamic",
    "builtin": "cannot remove builtin",
    "default": "can not remove default",
}
"""What is said where no fact has the menu's own words."""


def remove(call: Call) -> Reply:
    """Remove every row named, or none."""
    rows = call.menu.pick(call.ids())
    for row in rows:
        allow(call, call.menu, row)
    for row in rows:
        call.menu.table.rows.remove(row)
        references.orphan(call.router, call.menu, row)
    call.router.changed(call.menu)
    return [["!done"]]


def allow(call: Call, menu: Menu, row: Row) -> None:
    """Refuse rows that are the router's own, and rows that others cannot do without."""
    for mark, text in REFUSALS.items():
        if row.marked(mark):
            raise failure(menu.behaviour.protects.get(f"remove-{mark}", text))
    for path, name, trap in menu.behaviour.in_use:
        if call.router.menu(path).table.where({name: row.values.get("name", "")}):
            raise failure(trap)
