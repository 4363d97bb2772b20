"""Values that the router makes itself: keys, MAC addresses, dates, networks."""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from trueup.lab.menu import Menu
from trueup.lab.policy import partition
from trueup.lab.table import Row
from trueup.lab.trap import ARGUMENT, Trap


@dataclass(frozen=True, slots=True)
class Making:
    """What a value may be made from: the router's name and time, the row, who writes it."""

    router: str
    now: float
    row: Row
    user: str = "admin"


def private_key(_: Making) -> str:
    """A new WireGuard private key, clamped."""
    return clamped(base64.b64encode(X25519PrivateKey.generate().private_bytes_raw()).decode())


def clamped(key: str) -> str:
    """A private key as WireGuard keeps it: four bits cleared, one set; what is no key is refused."""
    try:
        raw = bytearray(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        raw = bytearray()
    if len(raw) != 32:
        raise Trap("invalid value for argument private-key", ARGUMENT)
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


def host(prefix: str) -> str:
    """A prefix of one address without its length, any other as it is."""
    address, _, length = prefix.partition("/")
    return address if length == ("128" if ":" in address else "32") else prefix


def engine_id(row: Row) -> str:
    """What SNMP calls the router: MikroTik's prefix, then the suffix in hex."""
    return "80003a8c04" + row.values.get("engine-id-suffix", "").encode("utf-8", "surrogateescape").hex()


def mac(making: Making) -> str:
    """A MAC address that is the same whenever the same router makes the same row."""
    digest = hashlib.sha256(f"{making.router}{making.row.id}".encode()).hexdigest().upper()
    return "48:A9:8A:" + ":".join(digest[at : at + 2] for at in (0, 2, 4))


def stamp(form: str) -> Callable[[Making], str]:
    """The router's time in a form."""
    return lambda making: time.strftime(form, time.gmtime(making.now))


GENERATORS: Mapping[str, Callable[[Making], str]] = {
    "private-key": private_key,
    "mac": mac,
    "user": lambda making: making.user,
    "today": stamp("%Y-%m-%d"),
    "now": stamp("%H:%M:%S"),
    "moment": stamp("%Y-%m-%d %H:%M:%S"),
}
COMPUTED: Mapping[str, Callable[[Row], str]] = {
    "public-key": public_key,
    "engine-id": engine_id,
    "network": network,
    "interface": lambda row: row.values["interface"],
}
FORMS: Mapping[str, Callable[[str, Sequence[str]], str]] = {
    "clamped": lambda key, _: clamped(key),
    "partition": partition,
    "host": lambda prefix, _: host(prefix),
}
"""By the name in a fact: a value and the words that its property has in this version, to what is read back."""


def fill(menu: Menu, making: Making, written: Mapping[str, str]) -> None:
    """Generate what was left out, then compute what follows from the rest, unless it was written."""
    row = making.row
    for name, how in menu.behaviour.generates.items():
        if not row.values.get(name):
            row.values[name] = GENERATORS[how](making)
    for name, how in menu.behaviour.computes.items():
        if name not in written:
            row.values[name] = COMPUTED[how](row)


def form(menu: Menu, name: str, value: str) -> str:
    """A value as this menu reads it back, beyond what its type says."""
    how = menu.behaviour.reads.get(name)
    return FORMS[how](value, menu.shape.properties[name].values) if how and value else value
