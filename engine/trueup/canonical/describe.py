"""What may be written for a property, for people."""

from __future__ import annotations

from trueup.canonical.kind import bounds
from trueup.canonical.types import TYPES
from trueup_schemas.catalogue.types import Property

_WORDY = ("enum", "topic", "policy")
"""Types whose words are all there is to say."""


def describe(property: Property) -> str:
    """What may be written, in words, such as `a duration such as 5m or 1d2h from 10ms to 1m, or none`."""
    first, _, second = property.type.partition("/")
    kind = TYPES[first]
    wordy = first in _WORDY and bool(property.values)
    said = ", ".join(property.values) if wordy else kind.example or kind.noun
    if property.many:
        said = f"{'a set' if property.many == 'set' else 'a list, in order,'} of: {said}"
    elif wordy:
        said = f"one of: {said}"
    if second:
        said = f"{said}, for upload and download with a slash between"
    said = f"{said} {bounds(property)}".rstrip()
    if property.values and not wordy:
        said = f"{said}, or {', '.join(property.values)}"
    return f"{said}; a ! before it negates" if property.negatable else said
