"""Numbers: plain, hexadecimal, decimal; bits and bytes with their multipliers."""

from __future__ import annotations

import re
from collections.abc import Callable

from trueup.lab.values.refuse import invalid, out_of_range, trailing
from trueup_schemas.catalogue.types import Property

BITS = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
BYTES = {"": 1, "k": 2**10, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
"""Rates count in thousands, sizes in 1024s (community.routeros and terraform-provider-routeros issues)."""


def plain(text: str) -> int | None:
    """A number in decimal or, after 0x, in hexadecimal."""
    if re.fullmatch(r"-?\d{1,20}", text, re.ASCII):
        return int(text)
    return int(text, 16) if re.fullmatch(r"0[xX][0-9a-fA-F]{1,16}", text) else None


def bounded(property: Property, number: float, measure: Callable[[str], float | None]) -> None:
    """Refuse a number outside the property's bounds."""
    low = measure(property.minimum) if property.minimum else None
    high = measure(property.maximum) if property.maximum else None
    if (low is not None and number < low) or (high is not None and number > high):
        raise out_of_range(property)


def integer(property: Property, text: str) -> str:
    """A whole number, read back in decimal."""
    number = plain(text)
    if number is None:
        raise trailing(property) if text[:1].isdigit() else invalid(property, "integer number")
    bounded(property, number, plain)
    return str(number)


def hexadecimal(property: Property, text: str) -> str:
    """A number that reads back in hexadecimal, such as a bridge's priority."""
    return f"0x{int(integer(property, text)):X}"


def decimal(property: Property, text: str) -> str:
    """A number with a fraction, without zeros at its end."""
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text, re.ASCII):
        raise invalid(property, "decimal number")
    bounded(property, float(text), float)
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(text: str, units: dict[str, int]) -> int | None:
    """A number with a multiplier."""
    found = re.fullmatch(r"(\d{1,18})(?:\.(\d{1,9}))?([kKMGT]?)(?:i?B|bps)?", text, re.ASCII)
    if not found:
        return None
    fraction = found[2] or ""
    amount = int(found[1] + fraction) * units[found[3]]
    return amount // int(10 ** len(fraction))


def rate(property: Property, text: str) -> str:
    """Bits per second: 10M reads back 10000000."""
    return measured(property, text, BITS)


def size(property: Property, text: str) -> str:
    """Bytes: 1G reads back 1073741824."""
    return measured(property, text, BYTES)


def kibibytes(property: Property, text: str) -> str:
    """A size that reads back in KiB, as the DNS cache's does: 2048KiB."""
    number = plain(text.removesuffix("KiB"))
    if number is None:
        raise invalid(property)
    bounded(property, number, lambda bound: plain(bound.removesuffix("KiB")))
    return f"{number}KiB"


def measured(property: Property, text: str, units: dict[str, int]) -> str:
    number = scaled(text, units)
    if number is None:
        raise trailing(property) if text[:1].isdigit() else invalid(property, "integer number")
    bounded(property, number, lambda bound: scaled(bound, units))
    return str(number)
