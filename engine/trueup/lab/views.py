"""Menus that show rows of others, or of no table at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from trueup.lab import files, packages
from trueup.lab.call import Call
from trueup.lab.device_mode import ABOUT
from trueup.lab.hardware import TOLD
from trueup.lab.ledger import KEPT_BESIDE
from trueup.lab.machine import Machine
from trueup.lab.readings import HEALTH, counted, processors, sensors
from trueup.lab.storage import free
from trueup.lab.table import Row

SHARED = ("name", "default-name", "mtu", "mac-address", "comment", "disabled")
"""What /interface shows of a row of any kind."""

SERVICE_ROWS_SINCE = (7, 19)
"""/ip/service shows connections from here on (community.routeros #372)."""


def viewed(call: Call) -> list[Row]:
    """The rows of the call's menu as a print sees them; those that device-mode makes inactive say so."""
    rows = as_kept(call)
    return [inactive(row) for row in rows] if call.machine.device_mode.inactive(call.menu.path) else rows


def inactive(row: Row) -> Row:
    """A row that does nothing: shown as disabled where it could be enabled (MikroTik documentation, Device mode)."""
    disabled = {"disabled": "true"} if "disabled" in row.values else {}
    return Row(row.id, row.values | disabled, row.marks | {".about": ABOUT})


def as_kept(call: Call) -> list[Row]:
    """The rows of the call's menu, wherever they are kept."""
    machine, menu = call.machine, call.menu
    if menu.path in NO_TABLE:
        return NO_TABLE[menu.path](call)
    if menu.path in TOLD:
        told = TOLD[menu.path](machine.hardware, machine.uptime)
        room = {"free-hdd-space": str(free(machine))} if "free-hdd-space" in told else {}
        return [Row("*0", told | room)]
    if menu.path == "/system/resource/cpu":
        return processors(machine.hardware)
    if menu.path == HEALTH and machine.hardware.board.sensors:
        return sensors(machine.hardware)
    if menu.path == "/system/package/update":
        return [Row(row.id, row.values, {"installed-version": machine.spec.version}) for row in menu.table]
    if menu.path == "/system/package":
        return [Row(f"*{number:X}", values) for number, values in enumerate(packages.listed(machine.hardware), 1)]
    if menu.path == "/system/clock":
        return [clock(machine, row) for row in menu.table]
    if menu.path == "/ip/service" and machine.version >= SERVICE_ROWS_SINCE:
        return menu.table.rows + [service(number, about) for number, about in sorted(machine.connections.items())]
    if menu.behaviour.drops:
        return [row if row.enabled else without(row, menu.behaviour.drops) for row in menu.table]
    return menu.table.rows


def interfaces(machine: Machine) -> list[Row]:
    """Every interface, whatever its kind."""
    rows = []
    for path in machine.members("/interface"):
        menu = machine.menu(path)
        for row in menu.table:
            kind = {"type": menu.behaviour.listed} if menu.behaviour.listed else {}
            values = {name: row.values[name] for name in SHARED if name in row.values} | kind
            rows.append(Row(row.id, (values if kind else row.values) | counted(row.values), row.marks))
    return rows


def clock(machine: Machine, row: Row) -> Row:
    """The clock with its hands."""
    now = time.gmtime(machine.clock())
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


NO_TABLE: Mapping[str, Callable[[Call], list[Row]]] = {
    **KEPT_BESIDE,
    files.FILE: files.shown,
    "/interface": lambda call: interfaces(call.machine),
    "/log": lambda call: list(call.machine.presence.log),
    "/user/active": lambda call: call.machine.presence.active(),
}
