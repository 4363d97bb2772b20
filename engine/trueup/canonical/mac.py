"""MAC addresses: upper case, with colons."""

from __future__ import annotations

import re

from trueup.canonical.kind import ValueType, refusal
from trueup_schemas.catalogue.types import Property

_PAIRS = re.compile(r"[0-9a-fA-F]{2}(?:[:.-][0-9a-fA-F]{2}){5}", re.ASCII)
_BARE = re.compile(r"[0-9a-fA-F]{12}", re.ASCII)


def parse(property: Property, text: str) -> str:
    """`AA:BB:CC:DD:EE:FF`, whatever the case and the separators were."""
    if not _PAIRS.fullmatch(text) and not _BARE.fullmatch(text):
        raise refusal(property, text, "MAC address", "write it such as 02:AB:CD:00:12:34")
    digits = re.sub(r"[:.-]", "", text).upper()
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


MAC = ValueType(parse, "MAC address", "a MAC address such as 02:AB:CD:00:12:34")
