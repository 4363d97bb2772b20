"""What a router's own words about an argument say of its type; what they leave open is text, which hides no difference.

A text is the one that `/console/inspect` tells with `request=syntax`.
"""

from __future__ import annotations

import re
from typing import Any

Facts = dict[str, Any]
"""Keys of a property in the catalogue's format."""

TIMES = re.compile(r"\|?max \d+ times\|?")
"""What stands beside a type of which several may be given."""
_PLAIN = {
    "decimal number": "decimal",
    "IP address": "address",
    "IPv6 address": "address",
    "MAC address": "mac",
    "IP prefix": "interface-address",
    "IPv6 prefix": "interface-address",
    "IP prefix|IPv6 prefix": "interface-address",
    "IP address range": "target",
}
"""Types of one part. A prefix keeps its host bits: some menus mean an address and some a network by it."""
_SYNTAX = re.compile(r"(?:(\S+\.\.\S+) +\((time interval)\)|(time interval)|\S.* +\((.+)\))")
_NUMBERS = re.compile(r"\d+\.\.\d+")
_LISTED = re.compile(r"([^\[\]]+\|[^\[\]]+)\[,\w+\*\]")
YES_NO = "yes|no"
"""What stands for the router's words about a yes or no, of which it says none."""
_LARGEST = 2**32
"""Where a larger number is allowed, it may be written as a size or a rate."""
_COMPOSITE = re.compile(
    r".*(?:s|range|size|limit|address|band|bandwidth|rate|cache|threshold|metric|affinity-(?:exclude|include-a(?:ll|ny)))"
)
"""Names whose numbers may have further parts: several ports, a range, a size with its unit."""


def typed(name: str, text: str) -> Facts:
    """The type of an argument that nothing else is known of; {} is a text."""
    if name == "disabled" or text == YES_NO:
        return {"type": "boolean"}
    if words := listed_words(text):
        return {"type": "enum", "many": "set", "values": sorted(words)}
    if _NUMBERS.fullmatch(text):
        return simple(name, {"type": "integer number", "ranges": [text]})
    return simple(name, told(text))


def told(text: str) -> Facts:
    """`type` and `ranges` in the router's words; {} where the text names no type."""
    found = _SYNTAX.fullmatch(text)
    if not found:
        return {}
    kind = found[2] or found[3] or found[4]
    return {"type": kind} | ({"ranges": [found[1]]} if found[1] else {})


def listed_words(text: str) -> list[str]:
    """The words of a text such as `pap|chap[,Allow*]`, which says that several may be given."""
    found = _LISTED.fullmatch(text)
    return found[1].split("|") if found else []


def simple(name: str, field: Facts) -> Facts:
    """The catalogue's type for a `type` and `ranges` in the router's words; {} where it may be more than that."""
    kind = field.get("type") or ""
    ranges = field.get("ranges", [])
    if kind == "integer number" and len(ranges) == 1:
        return {} if _COMPOSITE.fullmatch(name) else _bounded(ranges[0])
    if kind == "time interval" and len(ranges) <= 1 and name != "time":
        low, _, high = ranges[0].partition("..") if ranges else ("", "", "")
        return {"type": "duration"} | ({"minimum": low, "maximum": high} if high else {})
    plain = _PLAIN.get(TIMES.sub("", kind))
    if plain == "decimal" and len(ranges) == 1:
        low, _, high = ranges[0].partition("..")
        return {"type": plain, "minimum": low, "maximum": high}
    return {"type": plain} if plain and plain != "decimal" else {}


def _bounded(span: str) -> Facts:
    low, _, high = span.partition("..")
    if not high.isdigit() or int(high) >= _LARGEST:
        return {}
    return {"type": "integer", "minimum": low, "maximum": high}
