"""Intents as the YAML that an operator would write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trueup.adopt.page import WIDTH, key_text, scalar
from trueup_schemas.intents import Intents
from trueup_schemas.secret import SecretRef

Entries = Mapping[str, Sequence[Mapping[str, Any]]]
"""Entries by intent; of an intent that is a mapping, its parts."""


def listed(intent: str) -> bool:
    """Whether an intent is a list of entries; else it is one mapping."""
    return isinstance(Intents.model_fields[intent].default, tuple)


def intent_lines(entries: Entries) -> Iterator[tuple[str, int, str]]:
    """The lines of every intent, each with the intent and the number of its entry (-1 for the intent's own key)."""
    for intent in Intents.model_fields:
        if not entries.get(intent):
            continue
        yield intent, -1, f"{intent}:"
        for number, entry in enumerate(entries[intent]):
            lines = _item(entry, 2) if listed(intent) else _block(entry, 2)
            for line in lines:
                yield from ((intent, number, each) for each in line.split("\n"))


def _item(entry: Any, indent: int) -> Iterator[str]:
    """One item of a list."""
    flow = _flow(entry)
    if not isinstance(entry, Mapping) or (indent + 2 + len(flow) <= WIDTH and not _deep(entry)):
        yield f"{' ' * indent}- {flow}"
        return
    lines = list(_block(entry, indent + 2))
    yield f"{' ' * indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _block(entry: Mapping[str, Any], indent: int) -> Iterator[str]:
    for name, value in entry.items():
        head = f"{' ' * indent}{key_text(name)}:"
        flow = _flow(value)
        if isinstance(value, str):
            yield f"{head} {scalar(value, indent + 2)}"
        elif isinstance(value, SecretRef | int) or (len(head) + 1 + len(flow) <= WIDTH and not _deep(value)):
            yield f"{head} {flow}"
        elif isinstance(value, Mapping):
            yield head
            yield from _block(value, indent + 2)
        else:
            yield head
            for each in value:
                yield from _item(each, indent + 2)


def _deep(value: Any) -> bool:
    """Whether a value is easier to read on several lines: lists of mappings, mappings in mappings, texts of lines."""
    if isinstance(value, Mapping):
        return any(isinstance(each, Mapping) or _deep(each) for each in value.values())
    if isinstance(value, list):
        return any(isinstance(each, Mapping) or _deep(each) for each in value)
    return isinstance(value, str) and "\n" in value.strip("\n")


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(name)}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, SecretRef | int) else scalar(value)
