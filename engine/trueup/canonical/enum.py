"""Enums: one of the words that the catalogue lists."""

from __future__ import annotations

from difflib import get_close_matches

from trueup.canonical.boolean import WORDS
from trueup.canonical.kind import ValueType, refusal
from trueup_schemas.catalogue.types import Property


def parse(property: Property, text: str) -> str:
    """The word; routers answer some enums that hold yes and no with true and false."""
    if text in property.values:
        return text
    if WORDS.get(text) in property.values:
        return WORDS[text]
    near = get_close_matches(text, property.values, 1)
    listed = ", ".join(property.values[:20]) + (", ..." if len(property.values) > 20 else "")
    raise refusal(
        property, text, f"word that {property.name} takes", f"write {near[0] if near else f'one of {listed}'}"
    )


def parse_or_number(property: Property, text: str) -> str:
    """The word, or a number from 0 to 255 without leading zeros, as an IP protocol is written."""
    if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 255:
        return str(int(text))
    return parse(property, text)


ENUM = ValueType(parse, "word", "one of the words")
ENUM_OR_NUMBER = ValueType(parse_or_number, "word or number", "one of the words, or a number from 0 to 255")
