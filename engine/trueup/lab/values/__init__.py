"""How written values are taken, refused, and read back: the lab's own reading of every value type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trueup.lab.values import moment, network, number, word
from trueup.lab.values.refuse import invalid
from trueup_schemas.catalogue.types import Property

Reader = Callable[[Property, str], str]

TYPES: Mapping[str, Reader] = {
    "address": network.address,
    "address-or-name": network.address_or_name,
    "address-range": network.address_range,
    "boolean": word.boolean,
    "date": moment.date,
    "decimal": number.decimal,
    "duration": moment.duration,
    "enum": word.enum,
    "enum-or-number": word.enum_or_number,
    "flag": word.flag,
    "hex": number.hexadecimal,
    "host": network.host,
    "integer": number.integer,
    "interface-address": network.interface_address,
    "kibibytes": number.kibibytes,
    "limit": word.limit,
    "list-entry": network.list_entry,
    "mac": network.mac,
    "policy": word.policy,
    "prefix": network.prefix,
    "prefix-or-name": network.prefix_or_name,
    "rate": number.rate,
    "size": number.size,
    "span": word.span,
    "subnet-address": network.subnet_address,
    "target": network.target,
    "private-key": word.text,
    "text": word.text,
    "time": moment.time_of_day,
    "topic": word.policy,
}
"""By the names that the catalogue uses."""


def accept(property: Property, text: str) -> str:
    """The value as a print will show it; raises the router's refusal.

    An empty text stays empty, as RouterOS keeps one (terraform-provider-routeros #995, seen on 7.20.8), except in
    types that cannot be empty.
    """
    if property.negatable and text.startswith("!") and property.type != "policy":
        return "!" + accept(property, text[1:])
    first, slash, second = property.type.partition("/")
    if slash:
        up, parted, down = text.partition("/")
        pair = (up, down if parted else up)
        return "/".join(one(property, kind, half) for kind, half in zip((first, second), pair, strict=True))
    if not property.many:
        return one(property, first, text)
    items = [one(property, first, item.strip()) for item in text.split(",") if item.strip()]
    return ",".join(arranged(property, list(dict.fromkeys(items)) if property.many == "set" else items))


def one(property: Property, kind: str, text: str) -> str:
    """One value: a word that stands beside the type, nothing, or a value of the type."""
    if kind == "boolean":
        return word.boolean(property, text)
    if text in property.values or kind == "text":
        return text
    if text == "":
        if kind in NEVER_EMPTY:
            raise invalid(property)
        return word.enum(property, text) if kind == "enum" else text
    return TYPES[kind](property, text)


NEVER_EMPTY = frozenset(
    {"integer", "duration", "rate", "size", "hex", "decimal", "kibibytes", "interface-address", "subnet-address"}
)


def arranged(property: Property, items: list[str]) -> list[str]:
    """A set's words in the router's own order, which is that of its enum; other sets keep what was written."""
    if property.many == "set" and property.values and all(item.lstrip("!") in property.values for item in items):
        places = {name: at for at, name in enumerate(property.values)}
        return sorted(items, key=lambda item: places[item.lstrip("!")])
    return items
