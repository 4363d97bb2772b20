"""Rows that follow from others: connected routes from addresses, hotspot rules from enabled hotspots."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from trueup.lab.expiry import TIMED
from trueup.lab.machine import Machine
from trueup.lab.table import Row

CONNECTED = 0x20180001
"""Ids of connected routes begin here (measured on CHR 7.23.7)."""


def settle(machine: Machine, path: str) -> None:
    """Called after every write to a menu."""
    machine.dirty = True
    derive(machine, path)
    if path == "/system/scheduler":
        machine.reschedule()
    for tell in machine.listeners:
        tell(path)
    machine.stir()


def derive(machine: Machine, path: str) -> None:
    """Bring the rows that follow from a menu in line with it."""
    if path in ("/ip/address", "/interface/ethernet"):
        routes(machine)
    if path == "/ip/hotspot":
        rules(machine)
    if path == TIMED:
        machine.expiry.settle(machine.menu(path).table, lambda: settle(machine, path))


def routes(machine: Machine) -> None:
    """One dynamic route for each enabled address with a network."""
    wanted = []
    for row in machine.menu("/ip/address").table:
        own = ipaddress.ip_interface(row.values["address"])
        if row.enabled and own.version == 4:
            interface = row.values.get("interface", "")
            wanted.append(
                {"dst-address": str(own.network), "gateway": interface, "local-address": f"{own.ip}%{interface}"}
            )
    table = machine.menu("/ip/route").table
    old = [row for row in table if row.marks.get("connect") == "true"]
    kept = [row for row in old if {k: row.values.get(k) for k in ("dst-address", "gateway", "local-address")} in wanted]
    have = [row.values for row in kept]
    table.rows[:] = [row for row in table if row not in old or row in kept]
    for values in wanted:
        if not any(all(row.get(k) == v for k, v in values.items()) for row in have):
            table.rows.append(connected(machine, values))


def connected(machine: Machine, values: dict[str, str]) -> Row:
    number = machine.counters.get("connected", CONNECTED)
    machine.counters["connected"] = number + 1
    filled = {**values, "routing-table": "main", "distance": "0", "scope": "10", "target-scope": "5"}
    marks = {"dynamic": "true", "connect": "true", "active": "true", "inactive": "false"}
    return Row(f"*{number:X}", filled, marks)


def rules(machine: Machine) -> None:
    """The hotspot's dynamic rules stand before all others while any hotspot is enabled."""
    hotspot = machine.menu("/ip/hotspot")
    wanted = any(row.enabled for row in hotspot.table)
    for path, brought in hotspot.behaviour.brings.items():
        table = machine.menu(path).table
        present = any(hotspot_rule(row) for row in table)
        if wanted and not present:
            table.rows[:0] = [made(machine, path, values) for values in brought]
        if present and not wanted:
            table.rows[:] = [row for row in table if not hotspot_rule(row)]


def hotspot_rule(row: Row) -> bool:
    """Whether a row is one of those that hotspots bring."""
    in_chain = row.values.get("chain", "").startswith(("hs-", "hotspot"))
    return row.marked("dynamic") and (in_chain or "hotspot" in row.values)


def made(machine: Machine, path: str, values: Mapping[str, str]) -> Row:
    menu = machine.menu(path)
    row = machine.new_row(menu)
    row.values, row.marks = dict(values), {**menu.behaviour.shows, "dynamic": "true"}
    return row
