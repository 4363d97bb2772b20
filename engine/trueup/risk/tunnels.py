"""Tunnels that carry the connection: what they need themselves, and the path of their own packets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

from trueup.risk.names import Finding, Names, interfaces, named, on
from trueup.risk.packet import Packet, within
from trueup.risk.path import Path
from trueup.risk.state import Rows
from trueup.row import Row

PEERS = "/interface/wireguard/peers"
KEYS = ("public-key", "preshared-key", "endpoint-address", "endpoint-port", "private-key")

REMOTES = ("connect-to", "remote-address")
"""Properties of tunnels of other kinds that name the far end."""

PROTOCOLS = {
    "/interface/sstp-client": "tcp",
    "/interface/pptp-client": "tcp",
    "/interface/gre": "gre",
    "/interface/eoip": "gre",
    "/interface/ipip": "ipencap",
    "/interface/vxlan": "udp",
}


def tunnels(rows: Rows, carriers: frozenset[str]) -> Iterator[tuple[str, Row]]:
    """The tunnels among the interfaces that carry a connection, each with its menu."""
    for menu, row in interfaces(rows):
        far = menu == "/interface/wireguard" or any(row.text(name) for name in REMOTES)
        if far and row.text("name") in carriers:
            yield menu, row


def outer(rows: Rows, names: Names, menu: str, row: Row, source: str) -> Path:
    """The path of a tunnel's own packets, which either end may send first."""
    peer = peer_of(rows, row.text("name"), source) if menu == "/interface/wireguard" else None
    far, remote_port = _far(row, peer)
    far = far if within(far, far) else ""
    own = int(row.text("listen-port")) if row.text("listen-port").isdigit() else 0
    protocol = "udp" if menu == "/interface/wireguard" else PROTOCOLS.get(menu, "")
    coming = Packet("input", "new", far, "", protocol, remote_port, own)
    going = Packet("output", "new", "", far, protocol, own, remote_port)
    packets = [each for first in (coming, going) for each in (first, replace(first, state="established"))]
    return Path(rows, names, packets, what=f"tunnel {row.text('name')}: ")


def peer_of(rows: Rows, interface: str, address: str) -> Row | None:
    """The WireGuard peer to which an interface sends what goes to an address."""
    found = [
        (ip_network(span, strict=False).prefixlen, row)
        for row in rows.get(PEERS, ())
        if on(row) and row.text("interface") == interface
        for span in row.text("allowed-address").split(",")
        if within(address, span)
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def keyed(rows: Rows, before: Rows, names: Names, menu: str, was: Row, source: str) -> Iterator[Finding]:
    """What a WireGuard tunnel's two ends agreed upon: the peer for the manager's address, and its keys."""
    if menu != "/interface/wireguard":
        return
    name = was.text("name")
    old = peer_of(before, name, source)
    if old is None:
        return
    new = peer_of(rows, names.now(rows, name), source)
    if new is None:
        yield Finding("cut", PEERS, f"no peer of {name} is allowed {source} any more", old)
    elif new.id != old.id:
        yield Finding("may be cut", PEERS, f"another peer of {name} takes {source}", new)
    elif changed := [key for key in KEYS if new.values.get(key) != old.values.get(key)]:
        verdict = "cut" if "public-key" in changed or "preshared-key" in changed else "may be cut"
        text = f"the peer of {name} that carries the connection gets another {' and '.join(changed)}"
        yield Finding("cut" if verdict == "cut" else "may be cut", PEERS, text, new)
    now = named(rows, menu, names.now(rows, name))
    if now is not None and now.values.get("private-key") != was.values.get("private-key"):
        yield Finding("cut", menu, f"{name}, which carries the connection, gets another private-key", now)


def _far(row: Row, peer: Row | None) -> tuple[str, int]:
    if peer is not None:
        far = peer.text("current-endpoint-address") or peer.text("endpoint-address")
        port = peer.text("current-endpoint-port") or peer.text("endpoint-port")
    else:
        far = next((row.text(name) for name in REMOTES if row.text(name)), "")
        far, _, port = far.partition(":") if far.count(":") == 1 else (far, "", "")
    return far, int(port) if port.isdigit() else 0
