"""Booleans, `yes` and `no`, and flags, which are set by being there."""

from __future__ import annotations

from trueup.canonical.kind import ValueType, refusal
from trueup_schemas.catalogue.types import Property

WORDS = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
"""Routers answer true and false; both notations are accepted in writing."""


def parse(property: Property, text: str) -> str:
    """`yes` or `no`."""
    if text not in WORDS:
        raise refusal(property, text, "boolean", "write yes or no")
    return WORDS[text]


def parse_flag(property: Property, text: str) -> str:
    """`yes` or `no`; a router answers a flag that is set with an empty value, and leaves out one that is not."""
    return "yes" if text == "" else parse(property, text)


BOOLEAN = ValueType(parse, "boolean", "yes or no")
FLAG = ValueType(parse_flag, "flag", "yes or no")
