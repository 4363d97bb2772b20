"""Refusals of values, as RouterOS words them."""

from __future__ import annotations

from trueup.lab.trap import ARGUMENT, Trap, no_match
from trueup_schemas.catalogue.types import Property

__all__ = ["invalid", "no_match", "out_of_range", "trailing"]


def invalid(property: Property, expected: str = "") -> Trap:
    """A text that is no value of the type."""
    tail = f", {expected} required" if expected else ""
    return Trap(f"invalid value for argument {property.name}{tail}", ARGUMENT)


def trailing(property: Property) -> Trap:
    """A value that begins well."""
    return Trap(f"value of {property.name} contains invalid trailing characters", ARGUMENT)


def out_of_range(property: Property) -> Trap:
    """A number outside its bounds."""
    low, high = property.minimum or "", property.maximum or ""
    return Trap(f"value of {property.name} out of range ({low}..{high})", ARGUMENT)
