"""The manager's own connection, and whether addresses and ports are within what a row names."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, ip_address, ip_network


@dataclass(frozen=True, slots=True)
class Manager:
    """The connection as the router sees it; `password` is the name of the secret it logs in with.

    `tls` is false for plain API. `verified` says that the certificate must be the one that is trusted now.
    """

    source: str
    destination: str
    port: int
    user: str
    tls: bool = True
    verified: bool = False
    password: str = ""

    @property
    def known(self) -> bool:
        """Whether the addresses say anything: through a forwarded port they are those of the manager's own host."""
        try:
            return not any(ip_address(text).is_loopback for text in (self.source, self.destination))
        except ValueError:
            return False


def within(address: str, span: str) -> bool | None:
    """Whether an address is in an address, a prefix or a range; None where the text is none of these (a name)."""
    first, dash, last = span.partition("-")
    try:
        if dash:
            return IPv4Address(first) <= IPv4Address(address) <= IPv4Address(last)
        return ip_address(address) in ip_network(span, strict=False)
    except AddressValueError:
        return None
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
