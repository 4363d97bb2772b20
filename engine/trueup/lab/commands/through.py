"""Writes in `/interface`: each row is changed in the menu that it lives in."""

from __future__ import annotations

from dataclasses import replace

from trueup.lab.call import Call
from trueup.lab.menu import Menu
from trueup.lab.table import Row, Table
from trueup.lab.trap import failure, unknown_parameter
from trueup.lab.views import viewed

TAKES = frozenset({"comment", "disabled", "l2mtu", "mtu", "name", ".id", "numbers"})
"""What `/interface/set` takes (command trees of CHR 7.16.2 and 7.24)."""


def owners(call: Call) -> list[Call]:
    """The call on the menus that own its rows, one call for each menu; any other call stays as it is."""
    if call.menu.path != "/interface":
        return [call]
    for name in (*call.arguments, *call.removed):
        if name not in TAKES:
            raise unknown_parameter(name)
    ids: dict[str, list[str]] = {}
    for row in Table(call.menu.path, viewed(call)).pick(call.ids(), "name"):
        ids.setdefault(owner(call, row).path, []).append(row.id)
    return [on(call, path, ",".join(items)) for path, items in ids.items()]


def owner(call: Call, row: Row) -> Menu:
    """The menu that holds an interface; the ones of no other menu, such as `lo`, are the router's own."""
    for path in call.machine.members(call.menu.path):
        menu = call.machine.menu(path)
        if path != call.menu.path and menu.table.by_id(row.id):
            return menu
    raise failure("cannot change builtin")


def on(call: Call, path: str, ids: str) -> Call:
    """The call on another menu, for some of its rows."""
    rest = {name: value for name, value in call.arguments.items() if name not in (".id", "numbers")}
    return replace(call, menu=call.machine.menu(path), arguments={**rest, ".id": ids})
