"""The tunnel that carries the manager: the far end knows what it was set up with, and answers nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trueup.lab.machine import Machine
from trueup.lab.packets.addressing import length, within
from trueup.lab.packets.fate import Packet, Stopped, called, items, number, rows
from trueup.lab.packets.firewall import enter
from trueup.lab.packets.interface import found
from trueup.lab.packets.routing import lookup
from trueup.lab.spec import Manager
from trueup.lab.table import Row

WIREGUARD, PEERS = "/interface/wireguard", "/interface/wireguard/peers"

AGREED = (
    *("connect-to", "user", "password", "port", "certificate", "ac-name", "service-name", "use-ipsec", "ipsec-secret"),
    *("cipher", "auth", "authentication", "protocol", "mode", "http-proxy", "proxy-port", "tls-version", "pfs"),
)
"""What a client and its server have to agree on; a change of any ends the tunnel."""

CARRIERS = {"sstp": "tcp", "ovpn": "tcp", "l2tp": "udp", "pptp": "tcp", "wireguard": "udp"}
"""What carries a kind of tunnel; PPPoE needs no address."""

SOMEWHERE = "198.51.100.1"
"""Stands for a far end whose address nobody knows; it is nobody's (RFC 5737)."""

OWN_PORT = 50000
"""A port that a client took for itself."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """What the far end was told: of the interface, and of the WireGuard peer that it is."""

    path: str
    own: Mapping[str, str]
    peer: Mapping[str, str] = field(default_factory=dict)

    @property
    def far(self) -> str:
        """The far end's address, "" where it has a name or is not known."""
        told = self.peer.get("endpoint-address") or self.own.get("connect-to", "")
        return told if within(told, "0.0.0.0/0") else ""

    @property
    def carrier(self) -> str:
        return next((carrier for kind, carrier in CARRIERS.items() if f"/{kind}" in self.path), "")


def agreed(machine: Machine, manager: Manager) -> Tunnel | None:
    """What holds of the manager's tunnel now; None where it has none, or where there is no such interface."""
    there = found(machine, manager.tunnel) if manager.tunnel else None
    if there is None:
        return None
    path, row = there
    if path != WIREGUARD:
        return Tunnel(path, kept(row, AGREED))
    peer = peer_of(machine, called(row), manager.source)
    told = kept(peer, ("public-key", "preshared-key", "endpoint-address", "endpoint-port")) if peer else {}
    own = ("private-key",) if told.get("endpoint-address") else ("private-key", "listen-port")
    return Tunnel(path, kept(row, own), told)


def kept(row: Row, names: tuple[str, ...]) -> dict[str, str]:
    return {name: row.values.get(name, "") for name in names}


def peer_of(machine: Machine, interface: str, address: str) -> Row | None:
    """The peer that an address belongs to: the longest of the prefixes allowed to any."""
    best: tuple[int, Row] | None = None
    for row in rows(machine, PEERS):
        if row.values.get("interface") != interface:
            continue
        for prefix in items(row.values.get("allowed-address", "")):
            if within(address, prefix) and (best is None or length(prefix) > best[0]):
                best = length(prefix), row
    return best[1] if best else None


def carried(machine: Machine, tunnel: Tunnel | None, manager: Manager, below: str) -> str:
    """The interface on which what the tunnel carries comes out; its own packets come in `below`. Raises Stopped."""
    if tunnel is None:
        raise Stopped(f"there is no tunnel {manager.tunnel}")
    row = next((row for row in rows(machine, tunnel.path) if kept(row, tuple(tunnel.own)) == tunnel.own), None)
    if row is None:
        raise Stopped(f"no enabled row of {tunnel.path} is what the far end knows")
    name = called(row)
    if tunnel.path == WIREGUARD:
        peer = peer_of(machine, name, manager.source)
        if peer is None or kept(peer, tuple(tunnel.peer)) != tunnel.peer:
            raise Stopped(f"the peer of {name} that {manager.source} belongs to is another or none")
    if not tunnel.carrier:
        if row.values.get("interface") != below:
            raise Stopped(f"{name} dials on {row.values.get('interface')}, while its packets come in by {below}")
        return name
    underneath(machine, tunnel, row, below)
    return name


def underneath(machine: Machine, tunnel: Tunnel, row: Row, below: str) -> None:
    """Raise Stopped where the tunnel's own packets are: they belong to a flow that stands."""
    hop = lookup(machine, tunnel.far or SOMEWHERE, "main")
    if hop is None or hop.interface != below:
        raise Stopped(f"no route leads to the far end of {row.values['name']} by {below}")
    own = next((each for each in rows(machine, "/ip/address") if each.values.get("interface") == below), None)
    if own is None:
        raise Stopped(f"{below} has no address for {row.values['name']}")
    port = number(row, "listen-port", OWN_PORT) if tunnel.path == WIREGUARD else OWN_PORT
    address = own.values["address"].partition("/")[0]
    enter(machine, Packet(tunnel.far, address, port, below, "established", tunnel.carrier))
