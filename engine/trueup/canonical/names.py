"""The rows that a value names, for properties that refer to rows elsewhere."""

from __future__ import annotations

from trueup.canonical.target import network
from trueup_schemas.catalogue.types import Property


def named(property: Property, text: str) -> tuple[str, ...]:
    """The names in a canonical text, once each: what is negated too, but neither words nor addresses."""
    if property.secret:
        return ()
    plain = text.removeprefix("!") if property.negatable else text
    separator = "," if property.many else "/" if "/" in property.type else ""
    items = plain.split(separator) if separator else [plain]
    if property.type.endswith("-or-name"):
        items = [_without_address(item) for item in items]
    return tuple(dict.fromkeys(item for item in items if item and item not in property.values))


def _without_address(text: str) -> str:
    """The interface of `10.0.0.1%ether1`, nothing for a bare address, else the name itself."""
    address, percent, interface = text.partition("%")
    if network(address.partition("@")[0]) is not None:
        return interface if percent else ""
    return text
