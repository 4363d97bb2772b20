"""What may be written where a model's validator takes more, or less, than the type behind it: by the validator's name.

Types stand beside each other in one schema where that is possible, so that a mistake is told at its own place.
Numbers are as YAML 1.2 has them, which editors read; trueup takes most of those for text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

Schema = dict[str, Any]
Widen = Callable[[Schema], Schema]

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
_HOST = r"^([A-Za-z0-9]([A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?)$"
_SHARE = r"^(0?[0-9]{1,2}|100)%$"
_DURATION = r"^(?=.)([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"
_VERSION = r"^[0-9]+\.[0-9]+(\.[0-9]+)?((alpha|beta|rc)[0-9]+)?( \([a-z-]+\))?$"
_NAMED = r"^[A-Za-z0-9][A-Za-z0-9._/@-]*$"

TEXT: Schema = {"type": ["string", "number"]}
SECRET: Schema = {"type": "string", "pattern": _NAMED, "description": "Write !secret NAME."}
BOOLEAN: Schema = {
    "type": ["boolean", "string", "integer"],
    "pattern": r"^([Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|[Tt]rue|TRUE|[Ff]alse|FALSE|[YyNnTtFf01])$",
    "minimum": 0,
    "maximum": 1,
}
WHOLE: Schema = {"type": ["integer", "string"], "pattern": r"^[+-]?[0-9]+(\.0+)?$"}
DATE: Schema = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_BYTE = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
IPV4 = rf"({_BYTE}\.){{3}}{_BYTE}"
ADDRESS: Schema = {"type": "string", "pattern": rf"^({IPV4}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%\S+)?)$"}
PLACE: Schema = {
    "anyOf": [
        {"enum": ["first", "last"]},
        {
            "type": "object",
            "properties": {"before": {}, "after": {}},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    ],
    "description": "Where the row goes among undeclared rows: first, last, {before: ROW} or {after: ROW}.",
}


def text(pattern: str, description: str = "") -> Schema:
    """Text of a form that no number has."""
    return {"type": "string", "pattern": pattern} | ({"description": description} if description else {})


def _name(pattern: str) -> Schema:
    """Text of a form that numbers have too, which stand for their text."""
    return {**TEXT, "pattern": pattern, "minimum": 0}


def _bounds(inner: Schema) -> Schema:
    """The bounds of a number, as far as they hold for one that is written without a unit."""
    return {word: inner[word] for word in ("minimum", "maximum") if word in inner}


def with_bounds(schema: Schema) -> Schema:
    """The same with the bounds that Pydantic puts beside a validator in its own words."""
    return {{"ge": "minimum", "le": "maximum"}.get(word, word): value for word, value in schema.items()}


def _words(inner: Schema) -> Schema:
    rest = {word: value for word, value in inner.items() if word not in ("type", "items")}
    return {"type": ["string", "number", "array"], "items": TEXT, **rest}


def _either(*written: Schema) -> Widen:
    """What may be written besides the mapping behind it."""
    return lambda inner: {"anyOf": [*written, inner]}


def _tls(_: Schema) -> Schema:
    told = {
        "type": "object",
        "properties": {
            "ca": {**TEXT, "type": ["string", "number", "null"]},
            "fingerprint": {"type": ["string", "null"], "pattern": r"^sha256:([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$"},
        },
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [{"enum": ["verify", "anonymous", "off"]}, told]}


def _one_of(*keys: str) -> Widen:
    return lambda inner: {**inner, "minProperties": 1, "oneOf": [{"required": [key]} for key in keys]}


_FORMS: Mapping[str, Widen] = {
    "declared._name": lambda _: _name(NAME),
    "declared._host": lambda _: _name(_HOST),
    "declared.seconds": lambda inner: {"type": ["integer", "string"], **_bounds(inner), "pattern": _DURATION},
    "declared.share": lambda _: {"type": "string", "pattern": _SHARE},
    "network._fingerprint": lambda _: text(r"^sha256:([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$"),
    "network._host_key": lambda _: text(r"^SHA256:[A-Za-z0-9+/]{43}=?$", "What `ssh-keygen -lf` shows."),
    "network._version": lambda _: {**TEXT, "pattern": _VERSION, "minimum": 6, "exclusiveMaximum": 8},
    "network._tls": _tls,
    "network._mode": lambda inner: {
        "anyOf": [{"enum": ["advanced", "basic", "enterprise", "home", "rose"]}, inner],
    },
    "operate._menu": lambda _: text(r"^(/[a-z0-9-]+)+$", "A menu such as /ip/firewall/filter."),
    "operate._plain": lambda _: {"type": ["string", "number", "boolean"]},
    "operate._end": lambda _: text(
        r"^([A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]+\]):0*[1-9][0-9]{0,4}$", "HOST:PORT"
    ),
    "operate._time": lambda _: {
        "type": "string",
        "pattern": r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        "description": 'A time of the day, such as "22:30".',
    },
    "operate._zone": lambda _: {"type": "string", "description": "A time zone such as Europe/Berlin."},
    "operate._url": lambda _: text(r"^https?://[^\s/@]+(/\S*)?$"),
    "operate._wave": lambda _: {
        "type": ["integer", "string", "object"],
        "minimum": 1,
        "pattern": _SHARE,
        "properties": {"label": _name(NAME)},
        "required": ["label"],
        "additionalProperties": False,
    },
    "operate._failures": lambda _: {"type": ["integer", "string"], "minimum": 0, "pattern": _SHARE},
    "operate.Probe._one": _one_of("ping", "tcp", "netwatch"),
    "intents.object._listed": _words,
    "intents.links._port": _either({"type": "string"}),
    "intents.hotspots._open": _either({"type": "string"}),
    "intents.hotspots._dhcp": _either({"type": ["boolean", "null"]}),
}


def form_of(function: Any) -> Widen:
    """What a validator makes of its type's schema; LookupError where nobody has said it here."""
    if isinstance(function, partial):
        return lambda inner: inner  # Pydantic's own, for bounds, which it puts into the schema by itself
    name = f"{function.__module__.removeprefix('trueup_schemas.')}.{function.__qualname__}"
    if name not in _FORMS:
        raise LookupError(f"say in {__name__} what {name} takes")
    return _FORMS[name]


def choice(keys: dict[str, Schema], otherwise: Schema) -> Schema:
    """A mapping that is what one of its keys says; `otherwise` without any of them."""
    chosen = otherwise
    for key, schema in reversed(keys.items()):
        chosen = {"if": {"required": [key]}, "then": schema, "else": chosen}
    return {"type": "object", "properties": {key: {} for key in keys}, **chosen}
