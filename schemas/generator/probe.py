"""A property's type as far as machines reported it. What they leave open stays text, which hides no difference."""

from __future__ import annotations

import re
from itertools import pairwise

from evidence import Evidence

from trueup_schemas.catalogue.syntax import TIMES, Facts, listed_words, simple, told

_OPEN_WORD = re.compile(
    r"all|always|any|auto|bottom|disable-dpd|disabled|dynamic|first|forever|global|immediate(?:ly)?|infinit[ey]|inherit|"
    r"lease-time|local|main|never|no-mark|none(?:-dynamic|-static)?|received|request|self|startup|static(?:-only)?|"
    r"unlimited|unspecified"
)
"""Words that stand beside texts and the names of rows; other words of an open list are rows that the router had."""
_SIGNS = frozenset({"!", "!,", ",", ":", ""})
_ROW = re.compile(r"ether\d+|lo|serial\d+")
_COMPARING = frozenset({"equal", "greater-than", "increment", "dccp", "acap"})
"""Words of composite values such as `equal:64`, and names that stand for numbers."""
_SINGULAR = ("ss", "us", "pfs", "mpls", "dns", "tls", "frame-types")
"""Ends of names that sound like several but are one."""


def probed_type(evidence: Evidence, path: str, name: str, refers: bool) -> Facts:
    """Type, range and words as JSON; {} is a text of which nothing is known. What refers to rows is never an enum."""
    field = {**told(evidence.syntax(path, name)), **evidence.fields(path).get(name, {})}
    values = field.get("values", [])
    offered = [word for word in values if _OPEN_WORD.fullmatch(word)]
    if field.get("bool") or name == "disabled":
        return {"type": "boolean"}
    words = {} if refers else closed_words(evidence, path, name)
    if words:
        return {"type": "enum"} | words
    listed = TIMES.search(field.get("type") or "") or "," in values or (field.get("kind") == "enum" and _several(name))
    many = {"many": "list"} if listed else {}
    turned = {"negatable": True} if "!" in values else {}
    kind = {} if turned else simple(name, field)
    return kind | many | turned | ({"values": sorted(set(offered))} if offered else {})


def closed_words(evidence: Evidence, path: str, name: str) -> Facts:
    """The words of an enum, and whether it takes several; {} where other values may be meant."""
    field = evidence.fields(path).get(name, {})
    words = plain_words(field)
    listed = listed_words(evidence.syntax(path, name))
    if listed:
        turned = {"negatable": True} if "!" in field.get("values", ()) else {}
        return {"many": "set", "values": sorted({*listed, *words})} | turned
    doubtful = field.get("kind") != "enum" or len(words) < 2 or _several(name) or field.get("ranges")
    strange = any(_ROW.fullmatch(word) or word in _COMPARING for word in words) or all(map(str.isdigit, words))
    if doubtful or strange or name.rpartition(".")[2] == "chain" or _SIGNS & set(field["values"]) - {"!"}:
        return {}
    return {"values": words} | ({"negatable": True} if "!" in field["values"] else {})


def plain_words(field: Facts) -> list[str]:
    """The words that completion offered; it offers signs as well."""
    return [word for word in dict.fromkeys(field.get("values", ())) if word not in _SIGNS]


def words_over_time(evidence: Evidence, path: str, name: str, newest: list[str]) -> list[Facts]:
    """What older trees show in place of the newest words, the nearest first; between two trees both count."""
    shown = [(minor(v), {*listed_words(evidence.syntax(path, name, v))}) for v in evidence.trees]
    spans = [(version, words) for version, words in shown if words]
    spans[-1:] = [(version, {*newest}) for version, _ in spans[-1:]]
    changes: list[Facts] = []
    last = {*newest}
    for (old, words), (new, after) in reversed(list(pairwise(spans))):
        for until, taken in ((_before(new), words | after), (old, words)):
            if taken != last:
                changes.append({"until": until, "values": sorted(taken)})
                last = taken
    return changes


def _several(name: str) -> bool:
    return name.endswith("s") and not name.endswith(_SINGULAR)


def minor(version: str) -> str:
    """`7.16.2` is 7.16."""
    return ".".join(version.split(".")[:2])


def _before(version: str) -> str:
    major, _, number = version.partition(".")
    return f"{major}.{int(number) - 1}"
