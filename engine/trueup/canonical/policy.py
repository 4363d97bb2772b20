"""Words that each may be negated with `!`: policies, where a negation only says what is missing, and topics."""

from __future__ import annotations

from trueup.canonical import enum
from trueup.canonical.kind import ValueType, in_order
from trueup_schemas.catalogue.types import Property


def parse(property: Property, text: str) -> str:
    """The word with its negation, if any."""
    plain = text.removeprefix("!").strip()
    word = enum.parse(property, plain) if property.values else plain
    return f"!{word}" if text.startswith("!") else word


def granted(items: tuple[str, ...]) -> tuple[str, ...]:
    """The policies that are granted; the router lists every other one with `!`, which adds nothing."""
    return in_order(tuple(item for item in items if not item.startswith("!")))


TOPIC = ValueType(parse, "word", "words, each with ! before it where it shall not match")
POLICY = ValueType(parse, "policy", "policies that are granted", granted)
