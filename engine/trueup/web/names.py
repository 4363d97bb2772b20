"""By which names the page may be asked for: a name that somebody points at us (DNS rebinding) is not one of them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach what listens there; other names than localhost may be anything."""
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Names:
    """Names in lower case; `*.example` has one more label. Addresses and localhost always fit."""

    known: frozenset[str]

    @classmethod
    def of(cls, *names: Iterable[str]) -> Names:
        return cls(frozenset(name.lower().rstrip(".") for some in names for name in some))

    def fit(self, host: str) -> bool:
        """Whether a Host header names us; its port does not matter."""
        name = host_of(host)
        if not name:
            return False
        if name == "localhost" or name in self.known or f"*.{name.partition('.')[2]}" in self.known:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def host_of(host: str) -> str:
    """The name or address in a Host header, "" where it is none."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower().rstrip(".")
