"""Addresses, networks, ranges, hosts and MAC addresses."""

from __future__ import annotations

import ipaddress
import re

from trueup.lab.trap import ARGUMENT, Trap
from trueup.lab.values.refuse import invalid
from trueup_schemas.catalogue.types import Property

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def parsed(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def address(property: Property, text: str) -> str:
    """One address."""
    host, percent, zone = text.partition("%")
    found = parsed(host)
    if found is None:
        raise invalid(property, "IP address")
    return f"{found}{percent}{zone}"


def interface_address(property: Property, text: str) -> str:
    """An address with its network's length, host bits kept; one alone is a network of one."""
    try:
        return str(ipaddress.ip_interface(text))
    except ValueError as error:
        raise invalid(property, "IP address") from error


def subnet_address(property: Property, text: str) -> str:
    """The same; an IPv6 address alone is in a network of 64 bits (MikroTik's manual, IPv6/Address)."""
    return interface_address(property, text if "/" in text or ":" not in text else f"{text}/64")


def network(property: Property, text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise invalid(property, "IP prefix") from error


def prefix(property: Property, text: str) -> str:
    """A network with its length; host bits are cleared."""
    return str(network(property, text))


def target(property: Property, text: str) -> str:
    """What a matcher takes: an address (a /32 loses its length), a network, a range."""
    if "-" in text:
        return as_network(address_range(property, text))
    return short(network(property, text))


def as_network(text: str) -> str:
    """A range that fills one network exactly, as that network."""
    low, dash, high = text.partition("-")
    first, last = parsed(low), parsed(high)
    if not dash or first is None or last is None or first.version != last.version:
        return text
    bits = (int(first) ^ int(last)).bit_length()
    found = ipaddress.ip_network(f"{first}/{first.max_prefixlen - bits}", strict=False)
    return short(found) if (found[0], found[-1]) == (first, last) else text


def short(found: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    """A network of one as its address."""
    return str(found.network_address) if found.num_addresses == 1 else str(found)


def address_range(property: Property, text: str) -> str:
    """A range, a network or an address, as a pool takes them."""
    low, dash, high = text.partition("-")
    first, last = parsed(low), parsed(high)
    if dash and first is not None and last is None:
        raise Trap(f"value of {property.name} must have ip address after '-'", ARGUMENT)
    if dash and first is not None and last is not None:
        return str(first) if first == last else f"{first}-{last}"
    if dash or (first is None and "/" not in text):
        raise Trap(f"value of {property.name} expects range of ip addresses", ARGUMENT)
    return short(network(property, text))


def list_entry(property: Property, text: str) -> str:
    """What an address list takes: a target, or a DNS name; single IPv6 addresses keep their /128."""
    if re.fullmatch(r"[A-Za-z_][\w.-]*|[\w-]+(\.[\w-]+)*\.[A-Za-z][\w-]*", text, re.ASCII):
        return text
    if ":" in text and "-" not in text:
        return str(network(property, text))
    return target(property, text)


def prefix_or_name(property: Property, text: str) -> str:
    """A network with its length, or the name of an interface."""
    return prefix(property, text) if text[:1].isdigit() or ":" in text else text


def host(property: Property, text: str) -> str:
    """An address or a DNS name."""
    found = parsed(text)
    if found is None and not re.fullmatch(r"[\w.%:-]{1,253}", text):
        raise invalid(property, "IP address")
    return str(found) if found is not None else text


def address_or_name(_: Property, text: str) -> str:
    """An address in its shortest form, or the name of a row."""
    found = parsed(text)
    return text if found is None else str(found)


def mac(property: Property, text: str) -> str:
    """A MAC address, upper case with colons."""
    digits = re.sub(r"[:.-]", "", text)
    if not re.fullmatch(r"[0-9a-fA-F]{12}", digits):
        raise Trap(f"invalid value of {property.name}, mac address required", ARGUMENT)
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2)).upper()
