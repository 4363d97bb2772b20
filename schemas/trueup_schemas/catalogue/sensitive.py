"""Names that sound secret or personal. What sounds so is so, unless the overlay calls it `public`."""

from __future__ import annotations

import re
from typing import Any

_SECRET = re.compile(
    r"(?:.*[-.])?(?:password|passphrase|passwd|secret|psk|pin|puk|community|token|key|cak|seed|credentials)s?(?:-?\d+)?"
)
_OPEN = re.compile(r"(?:.*[-.])?(?:public-key|host-key)")
_PERSONAL = re.compile(r"(?:.*[-.])?(?:phone|phone-number|e-?mail|email-(?:to|cc)|caller-id|contact|imei|imsi|iccid)")
_HARMLESS = ("boolean", "flag", "enum", "enum-or-number", "integer", "duration", "hex", "decimal")


def sounds_secret(name: str, facts: dict[str, Any]) -> bool:
    """Whether a value may be one that lets people in; choices, numbers and names of rows are none."""
    harmless = facts.get("type", "text") in _HARMLESS or "refers" in facts
    return not harmless and bool(_SECRET.fullmatch(name)) and not _OPEN.fullmatch(name)


def sounds_personal(name: str, facts: dict[str, Any]) -> bool:
    """Whether a value may tell who somebody is."""
    return facts.get("type", "text") not in _HARMLESS and bool(_PERSONAL.fullmatch(name))
