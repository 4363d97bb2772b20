"""From what was written or read to the one canonical text."""

from __future__ import annotations

from trueup.canonical.describe import describe
from trueup.canonical.kind import ValueType, refusal
from trueup.canonical.types import TYPES
from trueup.errors import BadValue
from trueup.row import Secret, Value
from trueup_schemas.catalogue.types import Property


def canonical(property: Property, text: str) -> str:
    """The one text for what `text` means to this property; idempotent. Raises BadValue, which never shows a secret.

    "" is an empty text or set; for any other type it stands for the property being absent.
    """
    if property.secret:
        return TYPES[property.type].parse(property, text) if property.type == "private-key" else text
    first, _, second = property.type.partition("/")
    if text == "" and first != "flag":
        return _empty(property)
    if second:
        return _pair(property, TYPES[first], TYPES[second], text)
    if property.negatable and text.startswith("!"):
        return "!" + _negated(property, TYPES[first], text[1:].strip())
    return _many(property, TYPES[first], text)


def from_wire(property: Property, text: str) -> Value:
    """What a router answered, as a value: secrets are wrapped; what cannot be understood stays as it came."""
    if property.secret:
        return Secret(canonical(property, text))
    try:
        return canonical(property, text)
    except BadValue:
        return text


def _empty(property: Property) -> str:
    if property.many or property.default == "" or property.type == "text" or "" in property.values:
        return ""
    noun = TYPES[property.type.partition("/")[0]].noun
    raise refusal(property, "", noun, f"write {describe(property)}, or ~ to unset it")


def _negated(property: Property, kind: ValueType, text: str) -> str:
    found = _many(property, kind, text) if text else ""
    if not found:
        raise refusal(property, f"!{text}", "value", "write what is negated after the !")
    return found


def _many(property: Property, kind: ValueType, text: str) -> str:
    if not property.many:
        return _one(property, kind, text)
    items = tuple(_one(property, kind, item.strip()) for item in text.split(",") if item.strip())
    return ",".join(kind.gather(items) if property.many == "set" else items)


def _one(property: Property, kind: ValueType, text: str) -> str:
    return text if text in property.values else kind.parse(property, text)


def _pair(property: Property, up: ValueType, down: ValueType, text: str) -> str:
    """Two values, upload and download; one alone stands for both."""
    first, slash, second = text.partition("/")
    return f"{_one(property, up, first.strip())}/{_one(property, down, (second if slash else first).strip())}"
