"""Times of day and dates."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from trueup.canonical.duration import nanoseconds
from trueup.canonical.kind import ValueType, refusal
from trueup_schemas.catalogue.types import Property

_DAY = 86_400
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
_OLD = re.compile(r"([a-zA-Z]{3})/([0-9]{1,2})/([0-9]{4})", re.ASCII)


def parse_time(property: Property, text: str) -> str:
    """`HH:MM:SS`."""
    amount = nanoseconds(text)
    seconds = None if amount is None or amount % 1_000_000_000 else amount // 1_000_000_000
    if seconds is None or seconds >= _DAY:
        raise refusal(property, text, "time of day", "write it such as 04:30:00")
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def parse_date(property: Property, text: str) -> str:
    """`YYYY-MM-DD`; RouterOS before 7.10 writes `jan/31/2026`."""
    with suppress(ValueError):
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        if found := _OLD.fullmatch(text):
            return date(int(found[3]), _MONTHS.index(found[1].lower()) + 1, int(found[2])).isoformat()
    raise refusal(property, text, "date", "write it such as 2026-01-31")


TIME = ValueType(parse_time, "time of day", "a time such as 04:30:00")
DATE = ValueType(parse_date, "date", "a date such as 2026-01-31")
