"""What a value type is, and how every type refuses: the message never shows a secret or personal value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trueup.errors import BadValue, Problem
from trueup_schemas.catalogue.types import Property


def in_order(items: tuple[str, ...]) -> tuple[str, ...]:
    """A set's members without repetitions, sorted; numbers by size."""
    return tuple(sorted(set(items), key=_size))


def _size(item: str) -> tuple[int, int, str]:
    return (0, int(item), "") if item.isascii() and item.isdigit() else (1, 0, item)


@dataclass(frozen=True, slots=True)
class ValueType:
    """One value type.

    `parse` gives the canonical text or raises a `refusal`; `noun` and `example` tell a person what is wanted.
    `gather` brings a set's canonical members into their one order.
    """

    parse: Callable[[Property, str], str]
    noun: str
    example: str = ""
    gather: Callable[[tuple[str, ...]], tuple[str, ...]] = in_order


def refusal(property: Property, text: str, noun: str, remedy: str = "") -> BadValue:
    """The error that says that the text is no such thing, and what to write."""
    shown = f"the value of {property.name}" if property.secret or property.personal else f'"{_short(text)}"'
    return BadValue(Problem(f"{shown} is no {noun}", remedy=remedy))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def within(property: Property, text: str, measure: Callable[[str], int | float | None], noun: str) -> None:
    """Refuse a value outside its property's minimum and maximum, which `measure` turns into numbers."""
    if property.minimum is None and property.maximum is None:
        return
    low = measure(property.minimum) if property.minimum is not None else None
    high = measure(property.maximum) if property.maximum is not None else None
    value = measure(text)
    if value is None or (low is not None and value < low) or (high is not None and value > high):
        raise refusal(property, text, f"{noun} that {property.name} takes", f"write one {bounds(property)}")


def bounds(property: Property) -> str:
    """The property's range in words, "" where it has none."""
    if property.minimum is not None and property.maximum is not None:
        return f"from {property.minimum} to {property.maximum}"
    if property.minimum is not None:
        return f"of at least {property.minimum}"
    return f"of at most {property.maximum}" if property.maximum is not None else ""
