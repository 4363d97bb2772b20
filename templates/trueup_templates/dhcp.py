"""Recognises `dhcp`: a server with its pool, the network that the pool is in, and its leases."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from trueup_templates.guess import Guess, Row, Rows, by, distinct, few, said, taken, words

_SERVER = ("lease-time", "authoritative", "add-arp", "use-radius", "comment", "disabled")
_TOLD = ("gateway", "dns-server", "ntp-server", "domain", "dhcp-option")
_LEASE = ("address", "mac-address", "rate-limit", "lease-time", "comment", "disabled")


def recognise(rows: Rows) -> Iterator[Guess]:
    pools = by(rows, "/ip/pool", "name")
    shared: set[str] = set()
    for row in rows.get("/ip/dhcp-server", ()):
        pool = pools.get(row.get("address-pool", ""))
        network = _network(rows, row, pool)
        if network is None or not {"name", "interface"} <= row.keys():
            continue
        entry = taken(row, ("name", "interface"))
        if pool is not None and pool["name"] not in shared:
            shared.add(pool["name"])
            entry |= {"address-pool": words(pool, "ranges").get("ranges")}
        if "address-pool" in row and (row["address-pool"] != row["name"] or "address-pool" not in entry):
            entry |= {"pool": row["address-pool"]}
        entry |= {"network": _told(network, row["name"])} | taken(row, _SERVER)
        yield distinct([said({**entry, "leases": few(_leases(rows, row["name"]))}), entry])


def _told(network: Row, server: str) -> dict[str, Any]:
    found = taken(network, ("address",))
    for name in _TOLD:
        found |= words(network, name) if name not in ("gateway", "domain") else taken(network, (name,))
    comment = network.get("comment", "")
    return found | ({"comment": comment} if comment != server else {})


def _network(rows: Rows, row: Row, pool: Row | None) -> Row | None:
    """The network that the server's first address is in; without a pool, one that its interface has an address of."""
    text = pool.get("ranges", "") if pool is not None else ""
    inside = [text.split(",")[0].split("-")[0].split("/")[0]] if text else []
    inside += [
        each["address"].split("/")[0]
        for each in rows.get("/ip/address", ())
        if not text and each.get("interface") == row.get("interface") and "address" in each
    ]
    for network in rows.get("/ip/dhcp-server/network", ()):
        if any(_in(address, network.get("address", "")) for address in inside):
            return network
    return None


def _in(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(str(ip_interface(network).network))
    except ValueError:
        return False


def _leases(rows: Rows, server: str) -> Iterator[dict[str, Any]]:
    for row in rows.get("/ip/dhcp-server/lease", ()):
        named = row.get("server") == server and {"address", "mac-address"} <= row.keys()
        if named and row.keys() <= {*_LEASE, "server"}:
            yield taken(row, _LEASE)
