"""Limits of a rule: `rate[/time],burst[:mode]`, and the like with more parts."""

from __future__ import annotations

import re

from trueup.canonical.duration import nanoseconds, written
from trueup.canonical.kind import ValueType, refusal
from trueup_schemas.catalogue.types import Property

_LIMIT = re.compile(r"([0-9]{1,20}[kMG]?)(?:/([0-9a-z:]+))?,([0-9]{1,20})(?::(packet|bit))?", re.ASCII)


def parse(property: Property, text: str) -> str:
    """The limit with its mode; a second is the time that RouterOS leaves out."""
    found = _LIMIT.fullmatch(text.replace(" ", ""))
    amount = nanoseconds(found[2] or "1s") if found else None
    if not found or amount is None:
        raise refusal(property, text, "limit", "write it such as 10,5:packet or 10/1m,5:packet")
    time = "" if written(amount) == "1s" else f"/{written(amount)}"
    return f"{found[1]}{time},{int(found[3])}:{found[4] or 'packet'}"


LIMIT = ValueType(parse, "limit", "a limit such as 10,5:packet")
