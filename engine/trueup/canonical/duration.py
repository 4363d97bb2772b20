"""Durations: `10m`, `00:10:00`, `600s` and `600` are one and the same."""

from __future__ import annotations

import re

from trueup.canonical.kind import ValueType, refusal, within
from trueup_schemas.catalogue.types import Property

_SECOND = 1_000_000_000
_UNITS = {
    "w": 604_800 * _SECOND,
    "d": 86_400 * _SECOND,
    "h": 3_600 * _SECOND,
    "m": 60 * _SECOND,
    "s": _SECOND,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
_PART = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,9}))?(ms|us|ns|w|d|h|m|s)", re.ASCII)
_CLOCK = re.compile(r"([0-9]{1,9}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{1,9}))?)?", re.ASCII)
_PLAIN = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,9}))?", re.ASCII)


def nanoseconds(text: str) -> int | None:
    """How long a duration is; None where the text is none. A bare number counts seconds."""
    text = text.replace(" ", "")
    total, at = 0, 0
    while part := _PART.match(text, at):
        total += _scaled(part[1], part[2], _UNITS[part[3]])
        at = part.end()
    rest = text[at:]
    if not rest:
        return total if at else None
    if clock := _CLOCK.fullmatch(rest):
        hours, minutes, seconds, fraction = clock.groups()
        total += int(hours) * _UNITS["h"] + int(minutes) * _UNITS["m"]
        return total + _scaled(seconds or "0", fraction, _SECOND)
    plain = _PLAIN.fullmatch(rest)
    return _scaled(plain[1], plain[2], _SECOND) if plain and not at else None


def _scaled(whole: str, fraction: str | None, unit: int) -> int:
    value = int(whole) * unit
    return value + int(fraction) * unit // 10 ** len(fraction) if fraction else value


def written(amount: int) -> str:
    """Nanoseconds as RouterOS writes them, such as `1d2h` or `300ms`."""
    parts = []
    for unit, size in _UNITS.items():
        count, amount = divmod(amount, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def parse(property: Property, text: str) -> str:
    """The duration in its shortest form."""
    amount = nanoseconds(text)
    if amount is None:
        raise refusal(property, text, "duration", "write it such as 5m, 1d2h or 00:05:00")
    within(property, text, nanoseconds, "duration")
    return written(amount)


DURATION = ValueType(parse, "duration", "a duration such as 5m or 1d2h")
