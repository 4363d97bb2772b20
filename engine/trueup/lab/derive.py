"""Rows that follow from others: connected routes from addresses, hotspot rules from enabled hotspots."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING

from trueup.lab.table import Row

if TYPE_CHECKING:
    from trueup.lab.router import Router

CONNECTED = 0x20180001
"""Ids of connected routes begin here (measured on CHR 7.23.7)."""


def derive(router: Router, path: str) -> None:
    """Bring the rows that follow from a menu in line with it."""
    if path in ("/ip/address", "/interface/ethernet"):
        routes(router)
    if path == "/ip/hotspot":
        rules(router)


def routes(router: Router) -> None:
    """One dynamic route for each enabled address with a network."""
    wanted = []
    for row in router.menu("/ip/address").table:
        own = ipaddress.ip_interface(row.values["address"])
        if row.enabled and own.version == 4:
            interface = row.values.get("interface", "")
            wanted.append(
                {"dst-address": str(own.network), "gateway": interface, "local-address": f"{own.ip}%{interface}"}
            )
    table = router.menu("/ip/route").table
    old = [row for row in table if row.marks.get("connect") == "true"]
    kept = [row for row in old if {k: row.values.get(k) for k in ("dst-address", "gateway", "local-address")} in wanted]
    have = [row.values for row in kept]
    table.rows[:] = [row for row in table if row not in old or row in kept]
    for values in wanted:
        if not any(all(row.get(k) == v for k, v in values.items()) for row in have):
            table.rows.append(connected(router, values))


def connected(router: Router, values: dict[str, str]) -> Row:
    number = router.counters.get("connected", CONNECTED)
    router.counters["connected"] = number + 1
    filled = {**values, "routing-table": "main", "distance": "0", "scope": "10", "target-scope": "5"}
    marks = {"dynamic": "true", "connect": "true", "active": "true", "inactive": "false"}
    return Row(f"*{number:X}", filled, marks)


def rules(router: Router) -> None:
    """The hotspot's dynamic rules stand before all others while any hotspot is enabled."""
    hotspot = router.menu("/ip/hotspot")
    wanted = any(row.enabled for row in hotspot.table)
    for path, brought in hotspot.behaviour.brings.items():
        table = router.menu(path).table
        present = any(hotspot_rule(row) for row in table)
        if wanted and not present:
            table.rows[:0] = [made(router, path, values) for values in brought]
        if present and not wanted:
            table.rows[:] = [row for row in table if not hotspot_rule(row)]


def hotspot_rule(row: Row) -> bool:
    """Whether a row is one of those that hotspots bring."""
    in_chain = row.values.get("chain", "").startswith(("hs-", "hotspot"))
    return row.marked("dynamic") and (in_chain or "hotspot" in row.values)


def made(router: Router, path: str, values: Mapping[str, str]) -> Row:
    row = router.new_row(router.menu(path))
    row.values, row.marks = dict(values), {"invalid": "false", "dynamic": "true"}
    return row
