"""Menus that show rows of others, or of no table at all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from trueup.lab.hardware import TOLD
from trueup.lab.menu import Menu
from trueup.lab.table import Row

if TYPE_CHECKING:
    from trueup.lab.router import Router

SHARED = ("name", "default-name", "mtu", "mac-address", "comment", "disabled")
"""What /interface shows of a row of any kind."""

SERVICE_ROWS_SINCE = (7, 19)
"""/ip/service shows connections from here on (community.routeros #372)."""


def viewed(router: Router, menu: Menu) -> list[Row]:
    """The rows of a menu as a print sees them."""
    if menu.path in TOLD:
        return [Row("*0", TOLD[menu.path](router))]
    if menu.path == "/system/clock":
        return [clock(router, row) for row in menu.table]
    if menu.path == "/interface":
        return interfaces(router)
    if menu.path == "/ip/service" and router.version >= SERVICE_ROWS_SINCE:
        return menu.table.rows + [service(number, about) for number, about in sorted(router.connections.items())]
    if menu.behaviour.drops:
        return [row if row.enabled else without(row, menu.behaviour.drops) for row in menu.table]
    return menu.table.rows


def interfaces(router: Router) -> list[Row]:
    """Every interface, whatever its kind."""
    rows = []
    for path in router.members("/interface"):
        menu = router.menu(path)
        for row in menu.table:
            kind = {"type": menu.behaviour.listed} if menu.behaviour.listed else {}
            values = {name: row.values[name] for name in SHARED if name in row.values} | kind
            rows.append(Row(row.id, row.values if not kind else values, row.marks))
    return rows


def clock(router: Router, row: Row) -> Row:
    """The clock with its hands."""
    now = time.gmtime(router.clock())
    hands = {"time": time.strftime("%H:%M:%S", now), "date": time.strftime("%Y-%m-%d", now), "gmt-offset": "+00:00"}
    return Row(row.id, row.values, {**row.marks, **hands})


def service(number: int, about: Mapping[str, str]) -> Row:
    """The dynamic row of one connection to a service."""
    return Row(f"*{0x100 + number:X}", dict(about), {"dynamic": "true", "connection": "true", "invalid": "false"})


def without(row: Row, names: frozenset[str]) -> Row:
    """A row that does not show some of its values."""
    return Row(
        row.id,
        {name: value for name, value in row.values.items() if name not in names},
        {name: value for name, value in row.marks.items() if name not in names},
    )
