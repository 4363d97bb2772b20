"""What a box makes itself, and a new one makes anew; and what the old one takes along. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_interface, ip_network

from trueup.errors import Source
from trueup.row import Desired, Row, Table
from trueup_schemas.secret import SecretRef

WIREGUARD, PEERS = "/interface/wireguard", "/interface/wireguard/peers"
CERTIFICATES, LEASES = "/certificate", "/ip/dhcp-server/lease"
ADDRESSES = "/ip/address"
NARROW = 24
"""The shortest prefix that still says whose tunnel it is; a client's peer allows everything."""


@dataclass(frozen=True, slots=True)
class Anew:
    """One thing that the new box has otherwise, and where that matters."""

    text: str
    source: Source | None = None


def made_anew(router: str, hosts: Iterable[str], desired: Mapping[str, Desired]) -> Iterator[Anew]:
    """Keys and addresses that the network relies on; `desired` holds every router's rows that could be compiled."""
    own = desired[router]
    others = {name: each for name, each in desired.items() if name != router}
    yield from _wireguard(router, set(hosts), own, others)
    for row in _rows(own, CERTIFICATES):
        yield Anew(f"certificate {row.text('name')}: its key is on the old box; import it, or sign anew", row.source)
    yield from _leases(set(hosts) | {_host(row.text("address")) for row in _rows(own, ADDRESSES)}, others)


def left_behind(own: Desired, password: SecretRef | None) -> list[str]:
    """The names of the secrets that the old box holds, sorted."""
    values = (value for table in own.tables.values() for row in table.rows for value in row.values.values())
    found = {value.name for value in values if isinstance(value, SecretRef)}
    return sorted(found | ({password.name} if password else set()))


def _rows(desired: Desired, path: str) -> tuple[Row, ...]:
    return desired.tables.get(path, Table(path)).rows


def _wireguard(router: str, hosts: set[str], own: Desired, others: Mapping[str, Desired]) -> Iterator[Anew]:
    """Interfaces whose private key is not declared, with the rows elsewhere that hold the old public key."""
    for row in _rows(own, WIREGUARD):
        if "private-key" in row.values:
            continue
        name = row.text("name")
        yield Anew(f"WireGuard {name}: the new box makes another key; its peers need the new public key", row.source)
        addresses = {_host(each.text("address")) for each in _rows(own, ADDRESSES) if each.text("interface") == name}
        for other, desired in others.items():
            for peer in _rows(desired, PEERS):
                if isinstance(peer.values.get("public-key"), str) and _is_of(peer, router, hosts, addresses):
                    yield Anew(f"  {other} {PEERS} {peer.text('name')}: holds the old one", peer.where("public-key"))


def _is_of(peer: Row, router: str, hosts: set[str], addresses: set[str]) -> bool:
    """Whether a peer is this router by its name, its endpoint or its address in the tunnel."""
    if router in (peer.text("name"), peer.text("comment")) or peer.text("endpoint-address") in hosts:
        return True
    allowed = peer.text("allowed-address").split(",")
    return any(_tells(text, address) for text in allowed for address in addresses)


def _tells(allowed: str, address: str) -> bool:
    """Whether allowed addresses hold one, and are few enough to tell one peer from others."""
    try:
        network = ip_network(allowed, strict=False)
        return network.prefixlen >= NARROW and ip_interface(address).ip in network
    except ValueError:
        return False


def _leases(addresses: set[str], others: Mapping[str, Desired]) -> Iterator[Anew]:
    """Reservations elsewhere that know the old box by a MAC address."""
    for other, desired in others.items():
        for row in _rows(desired, LEASES):
            if row.text("mac-address") and row.text("address") in addresses - {""}:
                yield Anew(f"{other} {LEASES} {row.text('address')}: by the old box's MAC address", row.source)


def _host(address: str) -> str:
    """The address of a prefix, "" where it is none."""
    try:
        return str(ip_interface(address).ip)
    except ValueError:
        return ""
