"""Values that the router makes itself: keys, networks, MAC addresses."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from trueup.lab.menu import Menu
from trueup.lab.table import Row


def private_key() -> str:
    """A new WireGuard private key, clamped."""
    return clamped(base64.b64encode(X25519PrivateKey.generate().private_bytes_raw()).decode())


def clamped(key: str) -> str:
    """A private key as WireGuard keeps it: three bits cleared, one set."""
    raw = bytearray(base64.b64decode(key))
    raw[0] &= 248
    raw[31] = raw[31] & 127 | 64
    return base64.b64encode(raw).decode()


def public_key(row: Row) -> str:
    """The public half of a row's private key."""
    private = X25519PrivateKey.from_private_bytes(base64.b64decode(row.values["private-key"]))
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def network(row: Row) -> str:
    """The network address of a row's address."""
    return str(ipaddress.ip_interface(row.values["address"]).network.network_address)


def actual_interface(row: Row) -> str:
    """The interface that carries a row's address."""
    return row.values["interface"]


GENERATORS: Mapping[str, Callable[[], str]] = {"private-key": private_key}
COMPUTED: Mapping[str, Callable[[Row], str]] = {
    "public-key": public_key,
    "network": network,
    "interface": actual_interface,
}


def fill(menu: Menu, row: Row, written: Mapping[str, str]) -> None:
    """Generate what was left out, then compute what follows from the rest, unless it was written."""
    for name, how in menu.behaviour.generates.items():
        if not row.values.get(name):
            row.values[name] = GENERATORS[how]()
    for name, how in menu.behaviour.computes.items():
        if name not in written:
            row.values[name] = COMPUTED[how](row)
