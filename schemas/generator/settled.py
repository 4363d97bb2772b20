"""What of a menu that an ISP uses would be the generator's guess: nothing may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence import Evidence
from overlay import Block

NAMES = ("comment", "name")
"""Texts of the operator's own."""
_TYPED = ("types", "hardware", "booleans", "plain", "refers")


def unsettled(evidence: Evidence, path: str, menu: dict[str, Any], facts: Block) -> Iterator[str]:
    """What neither a router reported nor somebody said."""
    key = menu.get("key", [])
    if key and "key" not in facts and evidence.unique(path) != key:
        yield f"{path}: its key is a guess; say it, or that there is none"
    for name, entry in menu["properties"].items():
        yield from (f"{path}: {name}: {what}" for what in _guessed(name, entry, facts, key))


def type_known(name: str, entry: dict[str, Any], facts: Block) -> bool:
    """Whether a type was said or reported; a text of which nobody said so is what is left where nothing is known."""
    said = any(name in facts.get(aspect, ()) for aspect in _TYPED) or name in NAMES or entry.get("secret", False)
    reported = entry.get("type", "text") != "text" or ("values" in entry and not entry.get("many"))
    return said or reported or bool(entry.get("refers"))


def default_known(name: str, entry: dict[str, Any], facts: Block, key: list[str]) -> bool:
    """Whether a property's default is known, or known not to be: of what must be given there is none."""
    none = entry.get("required") or entry.get("generated") or entry.get("read_only")
    return bool(none) or "default" in entry or name in (*key, *NAMES) or name in facts.get("unknown", ())


def _guessed(name: str, entry: dict[str, Any], facts: Block, key: list[str]) -> Iterator[str]:
    if not type_known(name, entry, facts):
        yield "nobody said what it is; give its type, or list it as `plain`"
    if not default_known(name, entry, facts, key):
        yield "nobody said its default; give it, or list it as `unknown`"
    if "default" in entry and name in facts.get("unknown", ()):
        yield "it has a default, so that is not `unknown`"
    for flag in ("secret", "personal"):
        if entry.get(flag) and name not in facts.get(flag, ()):
            yield f"it is {flag} by its name alone; list it as `{flag}` or `public`"
