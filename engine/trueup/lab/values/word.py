"""Words: enums, booleans, policies, topics, limits, spans of numbers, and plain text."""

from __future__ import annotations

import re

from trueup.lab.trap import ARGUMENT, Trap
from trueup.lab.values.moment import microseconds, spelled
from trueup.lab.values.number import bounded, plain
from trueup.lab.values.refuse import invalid, no_match
from trueup_schemas.catalogue.types import Property

TRUTH = {"yes": "true", "no": "false", "true": "true", "false": "false"}


def boolean(property: Property, text: str) -> str:
    """Written as yes, no, true or false; read as true or false."""
    if text not in TRUTH:
        raise no_match(property.name)
    return TRUTH[text]


def enum(property: Property, text: str) -> str:
    """One of the words; a beginning that only one word has stands for it."""
    if text in property.values:
        return text
    said = {"true": "yes", "false": "no"}.get(text, text)
    if said in property.values:
        return said
    near = [word for word in property.values if word.startswith(text)]
    if len(near) > 1:
        raise Trap(f"ambiguous value of {property.name}, more than one possible value matches input", ARGUMENT)
    if not near:
        raise no_match(property.name)
    return near[0]


def enum_or_number(property: Property, text: str) -> str:
    """One of the words, or a number that has none, such as a protocol's."""
    number = plain(text)
    if number is None:
        return enum(property, text)
    bounded(property, number, plain)
    return str(number)


def policy(property: Property, text: str) -> str:
    """A word, or a word refused with `!`."""
    sign = "!" if text.startswith("!") else ""
    word = text.removeprefix("!")
    return sign + (enum(property, word) if property.values else word)


def span(property: Property, text: str) -> str:
    """A number, or a range of numbers."""
    low, dash, high = text.partition("-")
    first, last = plain(low), plain(high) if dash else plain(low)
    if first is None or last is None or first > last:
        raise invalid(property, "integer number")
    for end in (first, last):
        bounded(property, end, plain)
    return f"{first}-{last}" if dash and first != last else str(first)


def limit(property: Property, text: str) -> str:
    """rate[/time],burst[:mode]; a second is left out, packets are not."""
    found = re.fullmatch(r"(\d+[kMG]?)(?:/([\w:]+))?,(\d+)(?::(packet|bit))?", text, re.ASCII)
    amount = microseconds(found[2] or "1s") if found else None
    if found is None or amount is None:
        raise invalid(property)
    time = "" if amount == 1_000_000 else f"/{spelled(amount)}"
    return f"{found[1]}{time},{found[3]}:{found[4] or 'packet'}"


def flag(property: Property, text: str) -> str:
    """Set by being there; reads back empty."""
    if text not in ("", *TRUTH):
        raise no_match(property.name)
    return ""


def text(_: Property, text: str) -> str:
    """Any bytes."""
    return text
