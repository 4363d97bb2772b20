"""The manager's own connection, its packets, and whether addresses and ports are within what a row names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Literal


@dataclass(frozen=True, slots=True)
class Manager:
    """The connection as the router sees it; `password` is the name of the secret it logs in with.

    `tls` is false for plain API. `verified` says that the certificate must be one that is trusted, `fingerprint`
    (SHA-256 in hex) that it must be this one.
    """

    source: str
    destination: str
    port: int
    user: str
    tls: bool = True
    verified: bool = False
    password: str = ""
    fingerprint: str = ""

    @property
    def known(self) -> bool:
        """Whether the addresses say anything: through a forwarded port they are those of the manager's own host."""
        try:
            ends = [ip_address(text) for text in (self.source, self.destination)]
        except ValueError:
            return False
        return not any(end.is_loopback for end in ends) and ends[0].version == ends[1].version

    @property
    def family(self) -> str:
        """The menu below which its addresses, routes and rules are."""
        return family_of(self.source)


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet as rules see it; "" and 0 stand for what is not known of it.

    `interface` is where it comes in by (chain input) or goes out by (output).
    """

    chain: Literal["input", "output"]
    state: Literal["new", "established"]
    source: str
    destination: str
    protocol: str = "tcp"
    source_port: int = 0
    port: int = 0
    interface: str = ""


def family_of(address: str) -> str:
    """`/ipv6` for an IPv6 address, else `/ip`."""
    return "/ipv6" if ":" in address else "/ip"


@lru_cache(maxsize=1 << 16)
def within(address: str, span: str) -> bool | None:
    """Whether an address is in an address, a prefix or a range; None where either is none of these (a name)."""
    first, dash, last = span.partition("-")
    try:
        own = ip_address(address)
        if dash:
            low, high = ip_address(first), ip_address(last)
            return low.version == own.version and low.packed <= own.packed <= high.packed
        return own in ip_network(span.partition("%")[0], strict=False)
    except ValueError:
        return None


def any_within(address: str, spans: str) -> bool | None:
    """Whether an address is in one of several, comma-joined; True for none at all."""
    found = [within(address, span) for span in spans.split(",") if span]
    if not found or True in found:
        return True
    return None if None in found else False


def port_within(port: int, spans: str) -> bool:
    """Whether a port is in a list of ports and ranges."""
    for span in spans.split(","):
        first, _, last = span.partition("-")
        if first.isdigit() and int(first) <= port <= int(last if last.isdigit() else first):
            return True
    return False
