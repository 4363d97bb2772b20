"""Durations, times of day and dates."""

from __future__ import annotations

import datetime
import re

from trueup.lab.values.number import bounded
from trueup.lab.values.refuse import invalid
from trueup_schemas.catalogue.types import Property

UNITS = {"w": 604_800_000_000, "d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1000,
         "us": 1}  # fmt: skip
"""Microseconds of each unit."""

PART = r"(\d{1,12}(?:\.\d{1,6})?)(ms|us|[wdhms])"
CLOCK = r"(?:(\d{1,6})w)?(?:(\d{1,6})d)?(\d{1,6}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?"


def microseconds(text: str) -> int | None:
    """What a duration in any of its spellings lasts: 5m, 1d2h, 00:10:00, 600, 300ms."""
    if found := re.fullmatch(CLOCK, text, re.ASCII):
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:5])
        total = (weeks * 7 + days) * 86400 + hours * 3600 + minutes * 60 + seconds
        return total * 1_000_000 + int((found[6] or "0").ljust(6, "0"))
    if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text, re.ASCII):
        return round(float(text) * 1_000_000)
    if not re.fullmatch(rf"(?:{PART})+", text, re.ASCII):
        return None
    return sum(round(float(amount) * UNITS[unit]) for amount, unit in re.findall(PART, text, re.ASCII))


def spelled(amount: int) -> str:
    """A duration as the router shows it."""
    parts = ""
    for unit, length in UNITS.items():
        count, amount = divmod(amount, length)
        parts += f"{count}{unit}" if count else ""
    return parts or "0s"


def duration(property: Property, text: str) -> str:
    """A duration, read back in weeks, days, hours, minutes and seconds."""
    amount = microseconds(text)
    if amount is None:
        raise invalid(property, "time interval")
    bounded(property, amount, microseconds)
    return spelled(amount)


def time_of_day(property: Property, text: str) -> str:
    """HH:MM:SS."""
    amount = microseconds(text)
    if amount is None or amount >= UNITS["d"]:
        raise invalid(property, "time")
    seconds = amount // 1_000_000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


ISO_SINCE = (7, 10)
"""Dates were jan/31/2026 before (MikroTik's changelog of 7.10)."""


def month_first(text: str) -> str:
    """A date as older versions show it; any other text as it is."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return text
    return datetime.date.fromisoformat(text).strftime("%b/%d/%Y").lower()


def date(property: Property, text: str) -> str:
    """YYYY-MM-DD, as RouterOS writes dates since 7.10; the older mon/DD/YYYY is taken too."""
    for form in ("%Y-%m-%d", "%b/%d/%Y"):
        try:
            return datetime.datetime.strptime(text, form).strftime("%Y-%m-%d")  # noqa: DTZ007 -- a date has no zone
        except ValueError:
            continue
    raise invalid(property, "date")
