"""Networks, ranges of addresses, and what matches either: host bits never count."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from trueup.canonical.address import address
from trueup.canonical.kind import ValueType, refusal
from trueup_schemas.catalogue.types import Property

_TARGET = "an address, a network such as 10.0.0.0/24 or a range such as 10.0.0.1-10.0.0.9"


def network(text: str) -> IPv4Network | IPv6Network | None:
    """The network, without host bits; a bare address is a network of one."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def parse_prefix(property: Property, text: str) -> str:
    """A network, always with its length."""
    found = network(text)
    if found is None:
        raise refusal(property, text, "network", "write it such as 10.0.0.0/24")
    return found.with_prefixlen


def parse_prefix_or_name(_: Property, text: str) -> str:
    """A network with its length, or a name such as an interface's."""
    found = network(text)
    return found.with_prefixlen if found else text


def parse_target(property: Property, text: str) -> str:
    """A network, range or single address; IPv4 singles lose their /32, IPv6 ones have their /128, as read back."""
    found = _target(text)
    if found is None:
        raise refusal(property, text, "address, network or range", f"write {_TARGET}")
    return found


def parse_entry(_: Property, text: str) -> str:
    """A target, or a DNS name, which an address list resolves."""
    return _target(text) or text.lower()


def parse_range(property: Property, text: str) -> str:
    """A range of addresses or a network, as in a pool."""
    first, dash, last = text.partition("-")
    low, high = address(first.strip()), address(last.strip())
    if not dash and (low is not None or network(text) is not None):
        return str(low or network(text))
    if low is None or high is None or low.version != high.version or int(low) > int(high):
        raise refusal(property, text, "range of addresses", "write it such as 10.5.50.10-10.5.50.254")
    return _span(low, high)


def _target(text: str) -> str | None:
    first, dash, last = text.partition("-")
    if dash:
        low, high = address(first.strip()), address(last.strip())
        if low is None or high is None or low.version != high.version or int(low) > int(high):
            return None
        return _as_network(low, high) or _span(low, high)
    return _single(network(text))


def _as_network(low: IPv4Address | IPv6Address, high: IPv4Address | IPv6Address) -> str | None:
    """The network that a range fills exactly; routers write such a range as the network."""
    bits = (int(low) ^ int(high)).bit_length()
    found = network(f"{low}/{low.max_prefixlen - bits}")
    exact = found is not None and found.network_address == low and found.broadcast_address == high
    return _single(found) if exact else None


def _span(low: IPv4Address | IPv6Address, high: IPv4Address | IPv6Address) -> str:
    return str(low) if low == high else f"{low}-{high}"


def _single(found: IPv4Network | IPv6Network | None) -> str | None:
    if found is None:
        return None
    return str(found.network_address) if found.version == 4 and found.prefixlen == 32 else found.with_prefixlen


PREFIX = ValueType(parse_prefix, "network", "a network such as 10.0.0.0/24")
PREFIX_OR_NAME = ValueType(parse_prefix_or_name, "network or name", "a network such as 10.0.0.0/24, or a name")
TARGET = ValueType(parse_target, "address, network or range", _TARGET)
LIST_ENTRY = ValueType(parse_entry, "target or name", f"{_TARGET}, or a DNS name")
ADDRESS_RANGE = ValueType(parse_range, "range of addresses", "a range such as 10.5.50.10-10.5.50.254")
