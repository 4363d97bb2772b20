"""The way back to the manager: connected networks, static routes, and what dynamic ones were read."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface, ip_network
from typing import NamedTuple

from trueup.risk.matching import Matching
from trueup.risk.names import Finding, Names, on
from trueup.risk.packet import Packet, any_within, family_of, within
from trueup.risk.state import Rows
from trueup.row import Row

DEPTH = 4
"""Gateways behind gateways that are looked up."""


class Hop(NamedTuple):
    """The way back: over an interface ("" where several or none are known), by a gateway ("" on its own network)."""

    interface: str
    gateway: str = ""
    row: Row | None = None
    scope: int = 10


class Routes:
    """Looks up where a state sends what goes to an address."""

    def __init__(self, rows: Rows, names: Names) -> None:
        self.rows, self.names = rows, names

    def to(self, target: str, scope: int = 255, depth: int = 0) -> Hop | None:
        """The best route; None where there is none. Equally good ones over several interfaces leave it open."""
        found: list[tuple[tuple[int, int], Hop]] = []
        for length, distance, hop in (*self._connected(target), *self._written(target, depth)):
            if hop.scope <= scope:
                found.append(((length, -distance), hop))
        if not found:
            return None
        best = max(rank for rank, _ in found)
        hops = [hop for rank, hop in found if rank == best]
        return hops[0] if len({(h.interface, h.gateway) for h in hops}) == 1 else hops[0]._replace(interface="")

    def _connected(self, target: str) -> Iterator[tuple[int, int, Hop]]:
        for row in self.rows.get(f"{family_of(target)}/address", ()):
            network = network_of(row)
            if on(row) and network and within(target, network) and self.names.works(self.rows, row.text("interface")):
                yield ip_network(network).prefixlen, 0, Hop(row.text("interface"), "", row)

    def _written(self, target: str, depth: int) -> Iterator[tuple[int, int, Hop]]:
        every = "::/0" if ":" in target else "0.0.0.0/0"
        for row in self.rows.get(f"{family_of(target)}/route", ()):
            network = row.text("dst-address") or every
            if not on(row) or row.text("routing-table") not in ("", "main") or not within(target, network):
                continue
            distance = row.text("distance")
            scope = int(row.text("scope")) if row.text("scope").isdigit() else 30
            for hop in self._hops(row, target, scope, depth):
                yield ip_network(network, strict=False).prefixlen, int(distance) if distance.isdigit() else 1, hop

    def _hops(self, row: Row, target: str, scope: int, depth: int) -> Iterator[Hop]:
        """Where one route leads; nowhere while its gateway cannot be reached."""
        if row.text("blackhole") not in ("", "no"):
            yield Hop("", "blackhole", row, scope)
            return
        within_scope = int(row.text("target-scope")) if row.text("target-scope").isdigit() else 10
        for gateway in row.text("gateway").split(","):
            address, _, interface = gateway.partition("%")
            if within(address, address) is None:
                if address and self.names.works(self.rows, address):
                    yield Hop(address, gateway, row, scope)
            elif interface:
                if self.names.works(self.rows, interface):
                    yield Hop(interface, gateway, row, scope)
            elif depth < DEPTH:
                behind = self.to(address, within_scope, depth + 1)
                if behind is not None and behind.gateway != "blackhole":
                    yield Hop(behind.interface, gateway, row, scope)


def network_of(row: Row) -> str:
    """The network that an address is on, as a prefix; "" where it is none that can be read."""
    try:
        own = ip_interface(row.text("address"))
        if row.text("network") and own.network.prefixlen == own.max_prefixlen:
            return str(ip_network(f"{row.text('network')}/{own.max_prefixlen}"))
        return str(own.network)
    except ValueError:
        return ""


def steered(rows: Rows, reply: Packet) -> Iterator[Finding]:
    """Rules that send what goes back to the manager, or what comes from it, by another table than the main one."""
    menu = "/routing/rule"
    for row in rows.get(menu, ()):
        if not on(row) or (row.text("action").startswith("lookup") and row.text("table") == "main"):
            continue
        asked = (
            any_within(reply.source, row.text("src-address")),
            any_within(reply.destination, row.text("dst-address")),
        )
        if False not in asked and not row.text("routing-mark"):
            yield Finding("may be cut", menu, f"a rule sends what goes back to {reply.destination} elsewhere", row)
    menu = f"{family_of(reply.source)}/firewall/mangle"
    matching = Matching(rows, family_of(reply.source))
    coming = Packet("input", "new", reply.destination, reply.source, reply.protocol, 0, reply.source_port)
    for row in rows.get(menu, ()):
        if on(row) and row.text("action") in ("mark-routing", "route"):
            packet = {"output": reply, "prerouting": coming}.get(row.text("chain"))
            unknown = row.text("chain") not in ("output", "prerouting", "input", "forward", "postrouting")
            if unknown or (packet is not None and matching.asked(row, packet) is not None):
                yield Finding(
                    "may be cut", menu, f"a mark routes what goes between {reply.source} and the manager", row
                )
