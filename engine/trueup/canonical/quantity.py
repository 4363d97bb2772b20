"""Rates in bits per second, in powers of 1000; sizes in bytes, in powers of 1024."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial

from trueup.canonical.kind import ValueType, refusal, within
from trueup_schemas.catalogue.types import Property

_RATE = re.compile(r"([0-9]{1,30}(?:\.[0-9]{1,9})?)([kKMGT]?)(?:bps)?", re.ASCII)
_SIZE = re.compile(r"([0-9]{1,30}(?:\.[0-9]{1,9})?)(?:([kKMGT])(?:i?B)?|B)?", re.ASCII)
_POWERS = {"": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4}


def bits(text: str) -> int | None:
    """Bits per second: `25M` is 25000000."""
    found = _RATE.fullmatch(text)
    return _times(found[1], 1000 ** _POWERS[found[2]]) if found else None


def octets(text: str) -> int | None:
    """Bytes: `1M` and `1MiB` are 1048576."""
    found = _SIZE.fullmatch(text)
    return _times(found[1], 1024 ** _POWERS[found[2] or ""]) if found else None


def kibibytes(text: str) -> int | None:
    """KiB, which a bare number counts already: `2048`, `2048KiB` and `2MiB` are the same."""
    amount = octets(text)
    if amount is None or text.isdigit():
        return amount
    return amount // 1024 if amount % 1024 == 0 else None


def _times(number: str, power: int) -> int | None:
    if "." not in number:
        return int(number) * power
    amount = Fraction(number) * power
    return int(amount) if amount.denominator == 1 else None


def _parse(measure: Callable[[str], int | None], noun: str, example: str, property: Property, text: str) -> str:
    amount = measure(text)
    if amount is None:
        raise refusal(property, text, noun, f"write {example}")
    within(property, text, measure, noun)
    return str(amount)


def _type(measure: Callable[[str], int | None], noun: str, example: str) -> ValueType:
    return ValueType(partial(_parse, measure, noun, example), noun, example)


RATE = _type(bits, "rate", "bits per second, such as 25M")
SIZE = _type(octets, "size", "bytes, such as 100M")
KIBIBYTES = _type(kibibytes, "size", "KiB, such as 2048 or 2048KiB")
