"""Texts: what was written is what is meant. Names, scripts and comments are texts."""

from __future__ import annotations

from trueup.canonical.kind import ValueType
from trueup_schemas.catalogue.types import Property


def parse(_: Property, text: str) -> str:
    """The text itself."""
    return text


TEXT = ValueType(parse, "text", "any text")
