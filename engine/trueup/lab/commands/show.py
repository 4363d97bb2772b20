"""`print` and its older name `getall`."""

from __future__ import annotations

from trueup.lab.call import Call, Reply
from trueup.lab.menu import Menu
from trueup.lab.query import matches
from trueup.lab.table import Row
from trueup.lab.trap import unknown_parameter
from trueup.lab.values.moment import ISO_SINCE, month_first
from trueup.lab.views import viewed

SINGLE = frozenset({".proplist", "without-paging"})
LISTS = SINGLE | {"count-only", "detail", "terse"}
"""Arguments of the command trees of CHR 7.16.2 and 7.24; `follow`, `where` and some others do not run here."""

COUNTING = frozenset(
    {"/interface", "/ip/route", "/tool/netwatch"}
    | {f"/interface/{name}" for name in ("bridge/port", "ethernet")}
    | {f"/ip/firewall/{name}" for name in ("filter", "mangle", "nat", "raw")}
    | {f"/queue/{name}" for name in ("simple", "tree")}
)
"""Menus whose print has `stats` (the same trees)."""

EMPTY_SINCE = (7, 18)
"""MikroTik's changelog of 7.18: an `!empty` sentence when a query returns nothing."""


def show(call: Call) -> Reply:
    """The rows that the query lets through, cut to `.proplist`; unknown names in it are passed over."""
    for name in call.arguments:
        if name not in arguments_of(call.menu):
            raise unknown_parameter(name)
    rows = [shown for row in viewed(call) if matches(call.query, shown := visible(call, row))]
    if "count-only" in call.arguments:
        return [["!done", f"=ret={len(rows)}"]]
    wanted = [name for name in call.arguments.get(".proplist", "").split(",") if name]
    sentences = [sentence(row, wanted) for row in rows]
    if not sentences and call.machine.version >= EMPTY_SINCE:
        sentences = [["!empty"]]
    return [*sentences, ["!done"]]


def arguments_of(menu: Menu) -> frozenset[str]:
    """The arguments that a menu's print takes."""
    if menu.single:
        return SINGLE
    return LISTS | {"stats"} if menu.path in COUNTING else LISTS


def visible(call: Call, row: Row) -> dict[str, str]:
    """What this user sees of a row: no write-only values, secrets as asterisks without the `sensitive` policy."""
    behaviour = call.menu.behaviour
    shown = {name: value for name, value in row.shown().items() if name not in behaviour.write_only}
    if call.menu.single:
        shown.pop(".id", None)
    if call.machine.version < ISO_SINCE:
        shown |= {name: month_first(shown[name]) for name in dates(call.menu) & shown.keys()}
    if "sensitive" not in call.policies:
        for name in behaviour.secret & shown.keys():
            shown[name] = "*****" if shown[name] else ""
    return shown


def dates(menu: Menu) -> set[str]:
    """The properties of a menu that are dates."""
    named = {"date"} if menu.path == "/system/clock" else set()
    return named | {name for name, property in menu.shape.properties.items() if property.type == "date"}


def sentence(shown: dict[str, str], wanted: list[str]) -> list[str]:
    """One `!re`; without a wish list every property there is."""
    names = [name for name in wanted if name in shown] if wanted else list(shown)
    return ["!re", *(f"={name}={shown[name]}" for name in names)]
