"""`remove`: the rows go, what refers to them keeps a dead id."""

from __future__ import annotations

from trueup.lab import references
from trueup.lab.actions import Removed, following, record
from trueup.lab.call import Call, Reply
from trueup.lab.derive import settle
from trueup.lab.table import Row
from trueup.lab.trap import failure

REFUSALS = {
    "dynamic": "can not remove dynamic",
    "builtin": "cannot remove builtin",
    "default": "can not remove default",
}
"""What is said where no fact has the menu's own words."""

DYNAMIC_GO = frozenset({"/ip/firewall/address-list", "/ip/dhcp-server/lease"})
"""Menus whose dynamic rows an operator may remove: timed list entries, leases."""


def remove(call: Call) -> Reply:
    """Remove every row named, or none."""
    rows = call.menu.pick(call.ids())
    for row in rows:
        allow(call, row)
    gone = {id(row) for row in rows}
    table = call.menu.table.rows
    for at in range(len(table) - 1, -1, -1):  # from behind, so that each returns before the one that then stands there
        if id(table[at]) in gone:
            record(call.machine, call.user, Removed(call.machine, call.menu, table[at], following(table, at)))
            del table[at]
    for row in rows:
        references.orphan(call.machine, call.menu, row)
    settle(call.machine, call.menu.path)
    return [["!done"]]


def allow(call: Call, row: Row) -> None:
    """Refuse rows that are the router's own, and rows that others cannot do without."""
    menu = call.menu
    for mark, text in REFUSALS.items():
        if row.marked(mark) and not (mark == "dynamic" and menu.path in DYNAMIC_GO):
            raise failure(menu.behaviour.protects.get(f"remove-{mark}", text))
    for rule in menu.behaviour.in_use:
        if call.machine.menu(rule.menu).table.where({rule.by: row.values.get("name", "")}):
            raise failure(rule.trap)
    for rule in menu.behaviour.keeps:
        held = menu.table.where({rule.by: next(iter(rule.says))})
        if held == [row]:
            raise failure(rule.trap)
