"""Dataclasses as JSON and back: kebab-case keys, times in ISO 8601, what is empty left out."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

EMPTY: tuple[Any, ...] = (None, "", (), {})


def plain(value: Any) -> Any:
    """What JSON can hold of a dataclass, a mapping, a tuple or a single value."""
    if is_dataclass(value):
        parts = ((field, getattr(value, field.name)) for field in fields(value))
        told = ((field.name, part) for field, part in parts if part not in EMPTY or _required(field))
        return {name.replace("_", "-"): plain(part) for name, part in told}
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def built(kind: Any, value: Any) -> Any:
    """What `plain` was made of, unknown keys left out; raises ValueError, TypeError or AttributeError for another."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else built(next(each for each in inner if each is not type(None)), value)
    if isinstance(kind, type) and is_dataclass(kind):
        known = _hints(kind)
        given = {name.replace("-", "_"): part for name, part in value.items()}
        return kind(**{name: built(known[name], part) for name, part in given.items() if name in known})
    if kind is datetime:
        return datetime.fromisoformat(value)
    if origin is Literal:
        if value not in inner:
            raise ValueError(f"{value!r} is none of {inner}")
        return value
    if origin is tuple:
        return tuple(built(inner[0], part) for part in value)
    if origin is not None and issubclass(origin, Mapping):
        return {name: built(inner[1], part) for name, part in value.items()}
    return kind(value) if isinstance(kind, type) else value


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
