"""`get` and `find`: answers in the `!done` itself."""

from __future__ import annotations

from trueup.lab.call import Call, Reply
from trueup.lab.commands.show import visible
from trueup.lab.table import Table
from trueup.lab.trap import Trap, no_match, unknown_parameter
from trueup.lab.views import viewed

ITEMS = (".id", "number")
"""What `get` calls the row by: `number` in the command trees, `.id` in what tik4net sends."""


def get(call: Call) -> Reply:
    """One value of one row; what the row does not show is empty, what the menu does not know is refused."""
    for name in call.arguments.keys() - {"value-name", *(() if call.menu.single else ITEMS)}:
        raise unknown_parameter(name)
    wanted = call.arguments.get("value-name", "")
    if not wanted:
        raise Trap("missing value(s) of argument(s) value-name")
    rows = viewed(call)
    if not call.menu.single:
        rows = Table(call.menu.path, rows).pick(item(call), call.menu.behaviour.names)
    shown = visible(call, rows[0])
    if wanted not in shown and wanted not in call.menu.shape.properties:
        raise no_match("value-name")
    return [["!done", f"=ret={shown.get(wanted, '')}"]]


def item(call: Call) -> str:
    """The one row meant."""
    found = next((call.arguments[name] for name in ITEMS if name in call.arguments), "")
    if not found or "," in found:
        raise Trap("missing =.id=" if not found else "no such item")
    return found


def find(call: Call) -> Reply:
    """Every id of the menu: query words are passed over in silence (routeros-api-php #87), arguments are refused."""
    for name in call.arguments:
        raise unknown_parameter(name)
    if call.menu.single:
        raise Trap("no such command")
    ids = ";".join(row.id for row in viewed(call))
    return [["!done", f"=ret={ids}"]]
