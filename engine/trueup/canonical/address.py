"""IPv4 and IPv6 addresses, alone or with the length of their network, and hosts, which may be names."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface

from trueup.canonical.kind import ValueType, refusal
from trueup_schemas.catalogue.types import Property

_EXAMPLE = "an address such as 10.0.0.1 or 2001:db8::1"


def address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, None where the text is none; an address may name its interface (`fe80::1%ether1`)."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def parse(property: Property, text: str) -> str:
    """The address in its shortest form."""
    found = _bare(text)
    if found is None:
        raise refusal(property, text, "address", f"write {_EXAMPLE}")
    return found


def parse_host(_: Property, text: str) -> str:
    """An address in its shortest form, or a name in lower case."""
    return _bare(text) or text.lower()


def parse_or_name(_: Property, text: str) -> str:
    """An address in its shortest form, or a row's name as it is: of a pool, or of the interface that leads out."""
    return _bare(text) or text


def parse_interface(property: Property, text: str) -> str:
    """An address with its network's length, which is all bits where none is written; host bits stay."""
    try:
        return ip_interface(text).with_prefixlen
    except ValueError as error:
        raise refusal(property, text, "address with a prefix length", "write it such as 10.5.50.1/24") from error


def parse_subnet(property: Property, text: str) -> str:
    """The same for /ipv6/address, which takes 64 bits where no length is written, as MikroTik's manual says."""
    found = address(text)
    return parse_interface(property, f"{text}/64" if isinstance(found, IPv6Address) else text)


def _bare(text: str) -> str | None:
    plain, at, vrf = text.partition("@")
    found = address(plain)
    return f"{found}{at}{vrf}" if found is not None else None


ADDRESS = ValueType(parse, "address", _EXAMPLE)
HOST = ValueType(parse_host, "host", "an address or a host name")
ADDRESS_OR_NAME = ValueType(parse_or_name, "address or name", "an address or a name")
INTERFACE_ADDRESS = ValueType(parse_interface, "address", "an address such as 10.5.50.1/24")
SUBNET_ADDRESS = ValueType(
    parse_subnet, "address", "an address such as 2001:db8::1/64, which is the length of one without"
)
