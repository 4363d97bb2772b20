"""The fleet's status as JSON, for the terminal and for programs."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from trueup.daemon.status import FORMAT_VERSION, FleetStatus


def status_to_document(status: FleetStatus) -> dict[str, Any]:
    """JSON-ready: kebab-case keys, times in ISO 8601; what is empty is left out."""
    return {"format-version": FORMAT_VERSION, **_plain(status)}


def status_from_document(document: Mapping[str, Any]) -> FleetStatus:
    """What `status_to_document` made; raises ValueError, TypeError or AttributeError where it is something else."""
    found: FleetStatus = _build(FleetStatus, document)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        parts = {field.name.replace("_", "-"): getattr(value, field.name) for field in fields(value)}
        return {name: _plain(part) for name, part in parts.items() if part not in (None, "", (), {})}
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _build(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _build(next(each for each in inner if each is not type(None)), value)
    if isinstance(kind, type) and is_dataclass(kind):
        known = _hints(kind)
        given = {name.replace("-", "_"): part for name, part in value.items()}
        return kind(**{name: _build(known[name], part) for name, part in given.items() if name in known})
    if kind is datetime:
        return datetime.fromisoformat(value)
    if origin is tuple:
        return tuple(_build(inner[0], part) for part in value)
    if origin is not None and issubclass(origin, Mapping):
        return {name: _build(inner[1], part) for name, part in value.items()}
    return kind(value) if isinstance(kind, type) else value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
