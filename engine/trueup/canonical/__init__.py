"""One canonical text for every value, declared or read: equal texts mean the same to RouterOS."""

from __future__ import annotations

from trueup.canonical.kind import ValueType, bounds, refusal
from trueup.canonical.target import network
from trueup.canonical.types import TYPES
from trueup.errors import BadValue
from trueup.row import Secret, Value
from trueup_schemas.catalogue.types import Property

__all__ = ["TYPES", "BadValue", "canonical", "describe", "from_wire", "named"]

_WORDY = ("enum", "topic", "policy")


def canonical(property: Property, text: str) -> str:
    """The one text for what `text` means to this property; idempotent. Raises BadValue, which never shows a secret.

    "" is an empty text or set; for any other type it stands for the property being absent.
    """
    if property.secret:
        return text
    parts = property.type.split("/")
    if text == "" and property.type != "flag":
        return _empty(property)
    if not property.negatable or not text.startswith("!"):
        return _pair(property, parts, text) if len(parts) == 2 else _many(property, TYPES[parts[0]], text)
    negated = text[1:].strip()
    if not negated:
        raise refusal(property, text, "value", "write what is negated after the !")
    return "!" + _many(property, TYPES[parts[0]], negated)


def _empty(property: Property) -> str:
    if property.many or property.default == "" or property.type == "text" or "" in property.values:
        return ""
    raise refusal(
        property, "", TYPES[property.type.split("/")[0]].noun, f"write {describe(property)}, or ~ to unset it"
    )


def _many(property: Property, kind: ValueType, text: str) -> str:
    if not property.many:
        return _one(property, kind, text)
    items = tuple(_one(property, kind, item.strip()) for item in text.split(",") if item.strip())
    return ",".join(kind.gather(items) if property.many == "set" else items)


def _one(property: Property, kind: ValueType, text: str) -> str:
    return text if text in property.values else kind.parse(property, text)


def _pair(property: Property, parts: list[str], text: str) -> str:
    """Two values, upload and download; one alone stands for both."""
    first, slash, second = text.partition("/")
    pair = (first, second if slash else first)
    return "/".join(_one(property, TYPES[part], each.strip()) for part, each in zip(parts, pair, strict=True))


def from_wire(property: Property, text: str) -> Value:
    """What a router answered, as a value: secrets are wrapped; what cannot be understood stays as it came."""
    if property.secret:
        return Secret(text)
    try:
        return canonical(property, text)
    except BadValue:
        return text


def named(property: Property, text: str) -> tuple[str, ...]:
    """The rows' names that a canonical text holds, for a property that refers to some: no words, no addresses."""
    parts = property.type.split("/")
    found: list[str] = []
    for item in text.removeprefix("!").split("," if property.many else "/") if text else ():
        name = item if len(parts) == 2 or property.many else text.removeprefix("!")
        if "or-name" in property.type:
            name = name.partition("%")[2] if "%" in name else name
            name = "" if network(name) else name
        if name and name not in property.values and name not in found:
            found.append(name)
    return tuple(found)


def describe(property: Property) -> str:
    """What may be written for a property, in words."""
    parts = property.type.split("/")
    kind = TYPES[parts[0]]
    said = kind.example or kind.noun
    if parts[0] in _WORDY and property.values:
        said = f"{'any of' if property.many else 'one of'} {', '.join(property.values)}"
    elif property.many:
        said = f"{'a set' if property.many == 'set' else 'a list'} of: {said}"
    if len(parts) == 2:
        said = f"two with a slash between (upload/download), each {said}"
    said = f"{said} {bounds(property)}".rstrip()
    if property.values and parts[0] not in _WORDY:
        said = f"{said}, or {', '.join(property.values)}"
    return f"{said}; ! before it negates" if property.negatable else said
