"""Numbers and ranges of numbers: ports, VLANs. A set of them is the fewest ranges that hold the same numbers."""

from __future__ import annotations

import re

from trueup.canonical.integer import number
from trueup.canonical.kind import ValueType, refusal, within
from trueup_schemas.catalogue.types import Property

_SPAN = re.compile(r"([0-9]{1,20})(?:\s*-\s*([0-9]{1,20}))?", re.ASCII)


def parse(property: Property, text: str) -> str:
    """One number, or a range with its lower end first."""
    found = _SPAN.fullmatch(text)
    if not found or int(found[2] or found[1]) < int(found[1]):
        raise refusal(property, text, "number or range of numbers", "write it such as 80 or 8000-8080")
    for end in (found[1], found[2] or found[1]):
        within(property, end, number, "number")
    return _written(int(found[1]), int(found[2] or found[1]))


def gather(items: tuple[str, ...]) -> tuple[str, ...]:
    """The same numbers in the fewest ranges; words stay, in front."""
    words = sorted({item for item in items if not _SPAN.fullmatch(item)})
    merged: list[tuple[int, int]] = []
    for low, high in sorted(_ends(item) for item in items if _SPAN.fullmatch(item)):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return (*words, *(_written(low, high) for low, high in merged))


def _ends(item: str) -> tuple[int, int]:
    low, _, high = item.partition("-")
    return int(low), int(high or low)


def _written(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"


SPAN = ValueType(parse, "number or range of numbers", "a number or a range such as 8000-8080", gather)
