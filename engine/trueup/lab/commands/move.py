"""`move`: a block of rows goes before another, or to the end of the whole table (probes on a CHR, 7.23.7)."""

from __future__ import annotations

from trueup.lab.actions import Moved, following, record
from trueup.lab.call import Call, Reply
from trueup.lab.commands import refuse
from trueup.lab.derive import settle
from trueup.lab.table import Row, Table
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
    for row in moved:  # one by one, because each is an action of its own
        at = place_of(table, row)
        record(call.machine, call.user, Moved(call.machine, call.menu, row, following(table.rows, at), target))
        del table.rows[at]
        table.rows.insert(len(table.rows) if target is None else place_of(table, target), row)
    settle(call.machine, call.menu.path)
    return [["!done"]]


def place_of(table: Table, row: Row) -> int:
    """Where a row stands; two rows with the same values are two."""
    return next(at for at, each in enumerate(table.rows) if each is row)
