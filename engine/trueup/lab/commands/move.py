"""`move`: a block of rows goes before another, or to the end of the whole table (probes on a CHR, 7.23.7)."""

from __future__ import annotations

from trueup.lab.call import Call, Reply
from trueup.lab.commands import refuse
from trueup.lab.derive import settle
from trueup.lab.trap import Trap, failure


def move(call: Call) -> Reply:
    """Move rows in the order given; a destination that is not there means the end, without a word."""
    moved = call.menu.pick(call.ids())
    for row in moved:
        refuse.protected(call.menu, row, {"place"})
    table = call.menu.table
    destination = call.arguments.get("destination", "")
    target = None
    if destination:
        try:
            target = table.find(destination, call.menu.behaviour.names)
        except Trap:
            target = None
    if target is not None and any(row is target for row in moved):
        raise failure("can not move object before itself")
    rest = [row for row in table.rows if not any(row is other for other in moved)]
    at = len(rest) if target is None else rest.index(target)
    table.rows[:] = [*rest[:at], *moved, *rest[at:]]
    settle(call.machine, call.menu.path)
    return [["!done"]]
