"""Rows that follow from others: connected routes from addresses, hotspot rules from enabled hotspots."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.lab.table import Row

if TYPE_CHECKING:
    from trueup.lab.router import Router

CONNECTED = 0x20180001
"""Ids of connected routes begin here (measured on CHR 7.23.7)."""

HOTSPOT_RULES = {
    "/ip/firewall/filter": (
        {"chain": "forward", "action": "jump", "jump-target": "hs-unauth", "hotspot": "from-client,!auth"},
        {"chain": "forward", "action": "jump", "jump-target": "hs-unauth-to", "hotspot": "to-client,!auth"},
        {"chain": "input", "action": "jump", "jump-target": "hs-input", "hotspot": "from-client"},
        {"chain": "hs-unauth", "action": "reject", "reject-with": "tcp-reset", "protocol": "tcp"},
        {"chain": "hs-unauth", "action": "reject", "reject-with": "icmp-net-prohibited"},
        {"chain": "hs-unauth-to", "action": "reject", "reject-with": "icmp-host-prohibited"},
    ),
    "/ip/firewall/nat": (
        {"chain": "dstnat", "action": "jump", "jump-target": "hotspot", "hotspot": "from-client"},
        {"chain": "hotspot", "action": "jump", "jump-target": "pre-hotspot"},
        {"chain": "hotspot", "action": "redirect", "to-ports": "64872", "dst-port": "53", "protocol": "udp"},
        {"chain": "hotspot", "action": "redirect", "to-ports": "64873", "hotspot": "local-dst", "dst-port": "80",
         "protocol": "tcp"},
        {"chain": "hotspot", "action": "jump", "jump-target": "hs-unauth", "hotspot": "!auth", "protocol": "tcp"},
        {"chain": "hotspot", "action": "jump", "jump-target": "hs-auth", "hotspot": "auth", "protocol": "tcp"},
    ),
}  # fmt: skip
"""The main ones of the dynamic rules that MikroTik's documentation of the HotSpot lists."""


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
    wanted = any(row.enabled for row in router.menu("/ip/hotspot").table)
    for path, all_rules in HOTSPOT_RULES.items():
        table = router.menu(path).table
        present = any(hotspot_rule(row) for row in table)
        if wanted and not present:
            table.rows[:0] = made(router, path, all_rules)
        if present and not wanted:
            table.rows[:] = [row for row in table if not hotspot_rule(row)]


def hotspot_rule(row: Row) -> bool:
    return row.marked("dynamic") and (
        "hotspot" in row.values or row.values.get("chain", "").startswith(("hs-", "hotspot"))
    )


def made(router: Router, path: str, all_rules: Sequence[dict[str, str]]) -> list[Row]:
    menu = router.menu(path)
    rows = [router.new_row(menu) for _ in all_rules]
    for row, values in zip(rows, all_rules, strict=True):
        row.values = dict(values)
        row.marks = {"invalid": "false", "dynamic": "true"}
    return rows
