"""Addresses as rules and rows write them."""

from __future__ import annotations

import ipaddress
from functools import cache

Span = tuple[int, int]


@cache
def span(text: str) -> Span | None:
    """First and last address of an address, a prefix or a range; None where it is none of IPv4."""
    first, _, last = text.partition("-")
    try:
        if last:
            return int(ipaddress.IPv4Address(first)), int(ipaddress.IPv4Address(last))
        network = ipaddress.IPv4Network(first, strict=False)
    except ValueError:
        return None
    return int(network[0]), int(network[-1])


def within(address: str, text: str) -> bool | None:
    """Whether an address is in what a text means; None where either is not known, such as a DNS name."""
    one, many = span(address), span(text)
    return None if one is None or many is None else many[0] <= one[0] <= many[1]


def length(prefix: str) -> int:
    """How long a prefix is; an address alone is a prefix of its own."""
    return int(prefix.partition("/")[2] or 32)
