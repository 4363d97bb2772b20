"""Whole numbers, numbers that RouterOS writes in hex, and decimal ones."""

from __future__ import annotations

import re
from decimal import Decimal

from trueup.canonical.kind import ValueType, refusal, within
from trueup_schemas.catalogue.types import Property

_WHOLE = re.compile(r"-?[0-9]{1,40}|0[xX][0-9a-fA-F]{1,32}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)


def number(text: str) -> int | None:
    """The number that a text stands for: decimal, whatever its leading zeros, or hex after `0x`."""
    if not _WHOLE.fullmatch(text):
        return None
    return int(text, 16) if text[:2] in ("0x", "0X") else int(text)


def parse(property: Property, text: str) -> str:
    """The number in decimal, without leading zeros."""
    value = number(text)
    if value is None:
        raise refusal(property, text, "whole number", "write digits, such as 10")
    within(property, text, number, "whole number")
    return str(value)


def parse_hex(property: Property, text: str) -> str:
    """The number in hex, as `0x8000`; RouterOS shows bridge priorities so."""
    value = number(text)
    if value is None or value < 0:
        raise refusal(property, text, "number", "write it in hex, such as 0x8000, or in decimal")
    within(property, text, number, "number")
    return f"0x{value:X}"


def parse_decimal(property: Property, text: str) -> str:
    """The number without superfluous zeros."""
    if not _DECIMAL.fullmatch(text):
        raise refusal(property, text, "decimal number", "write it such as 0.1")
    within(property, text, lambda each: float(each), "decimal number")
    plain = format(Decimal(text), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


INTEGER = ValueType(parse, "whole number", "a whole number")
HEX = ValueType(parse_hex, "number", "a number such as 0x8000")
DECIMAL = ValueType(parse_decimal, "decimal number", "a number such as 0.1")
