"""The way back: the router's own address, and the route by which its answers leave."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.lab.machine import Machine
from trueup.lab.packets.addressing import length, within
from trueup.lab.packets.fate import Stopped, items, number, rows
from trueup.lab.packets.interface import is_one, up
from trueup.lab.table import Row

ADDRESSES, ROUTES, RULES, LEASES = "/ip/address", "/ip/route", "/routing/rule", "/ip/dhcp-client"
WIDEST = 255
"""The largest scope; a gateway is looked up among routes of a scope up to its route's `target-scope`."""


@dataclass(frozen=True, slots=True)
class Hop:
    """Where packets go next: out of an interface, to a gateway ("" is the destination itself)."""

    interface: str
    gateway: str = ""


def own(machine: Machine, address: str) -> Row:
    """The row of the router's own address, on whatever interface; raises Stopped where it has no such one."""
    for row in rows(machine, ADDRESSES):
        held, interface = row.values.get("address", "").partition("/")[0], row.values.get("interface", "")
        if held == address and up(machine, interface) and granted(machine, row, interface):
            return row
    raise Stopped(f"the router has no address {address} on an interface that is up")


def granted(machine: Machine, row: Row, interface: str) -> bool:
    """Whether what a row got from elsewhere is still given: a dynamic one hangs on a client on its interface."""
    if not row.marked("dynamic") or row.marks.get("connect") == "true" or not interface:
        return True
    leased = any(each.values.get("interface") == interface for each in rows(machine, LEASES))
    return leased or is_one(machine, interface, "all-ppp")


def back(machine: Machine, source: str, destination: str) -> Hop:
    """Where answers to `source` from the router's own `destination` go; raises Stopped where nowhere."""
    for row in rows(machine, RULES):
        if not rule_fits(row, source, destination):
            continue
        action, table = row.values.get("action", "lookup"), row.values.get("table", "main")
        if action not in ("lookup", "lookup-only-in-table"):
            raise Stopped(f"routing rule {row.id} says {action}")
        hop = lookup(machine, source, table)
        if hop is not None or action == "lookup-only-in-table":
            return reached(hop, source)
    return reached(lookup(machine, source, "main"), source)


def reached(hop: Hop | None, source: str) -> Hop:
    if hop is None:
        raise Stopped(f"no route leads back to {source}")
    return hop


def rule_fits(row: Row, source: str, destination: str) -> bool:
    """Whether a routing rule takes the router's answers; those of an interface or a mark take what it forwards."""
    if row.values.get("interface") or row.values.get("routing-mark"):
        return False
    ends = ((source, row.values.get("dst-address", "")), (destination, row.values.get("src-address", "")))
    return all(not text or within(address, text) for address, text in ends)


def lookup(machine: Machine, address: str, table: str, scope: int = WIDEST) -> Hop | None:
    """The hop of the longest prefix, then the least distance; a route without a gateway that works is none.

    Only routes of a `scope` up to the one given count. Raises Stopped where that route throws packets away.
    """
    for row in candidates(machine, address, table, scope):
        if "blackhole" in row.values or row.values.get("type", "unicast") in ("blackhole", "prohibit", "unreachable"):
            raise Stopped(f"route {row.id} throws away what goes to {address}")
        narrower = min(number(row, "target-scope", 10), scope - 1)  # so that none leads to itself
        for gateway in items(row.values.get("gateway", "")):
            hop = resolve(machine, gateway, narrower)
            if hop is not None and granted(machine, row, hop.interface):
                return hop
    return None


def candidates(machine: Machine, address: str, table: str, scope: int) -> list[Row]:
    """The routes of a table that lead to an address, the best first."""
    fitting = [
        row
        for row in rows(machine, ROUTES)
        if row.values.get("routing-table", "main") == table
        and number(row, "scope", 30) <= scope
        and within(address, row.values.get("dst-address", "0.0.0.0/0"))
    ]
    return sorted(fitting, key=lambda r: (-length(r.values.get("dst-address", "/0")), number(r, "distance", 1)))


def resolve(machine: Machine, gateway: str, scope: int) -> Hop | None:
    """Where a gateway is: an interface, an address on one (`10.0.0.1%ether1`), or an address behind a route."""
    address, _, interface = gateway.partition("%")
    if interface:
        return Hop(interface, address) if up(machine, interface) else None
    if within(address, "0.0.0.0/0") is None:
        return Hop(address) if up(machine, address) else None
    behind = lookup(machine, address, "main", scope)
    return behind and (behind if behind.gateway else Hop(behind.interface, address))
