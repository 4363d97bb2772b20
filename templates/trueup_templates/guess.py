"""What recognisers share: rows as plain data in, entries of an intent out; no guess has to be right.

A recogniser reads a router's rows and says which entries of its intent they may come from. Whoever asks compiles each
entry and believes it only where exactly the same rows come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
"""One row as it would be declared: texts by property, secrets as marks to pass on, `ignore` as a list of names.

Properties that have their menu's default are not in it, unless the router requires them.
"""

Rows = Mapping[str, Sequence[Row]]
"""Rows by menu, in the router's order."""

Entry = Mapping[str, Any]
"""One entry of an intent as it would be written; of an intent that is a mapping, some of its keys."""

Guess = Sequence[Entry]
"""The same thing in several ways, the one that takes most rows first."""

MANY = 250
"""More entries than that are easier to handle as rows, which may come from a file."""

Recogniser = Callable[[Rows], Iterator[Guess]]


def taken(row: Row, names: Iterable[str]) -> dict[str, Any]:
    """Those of a row's properties, in the order of the names."""
    return {name: row[name] for name in names if name in row}


def words(row: Row, name: str) -> dict[str, Any]:
    """A property as a list of its words, one alone as itself; nothing where the row lacks it."""
    text = row.get(name)
    if not isinstance(text, str) or not text:
        return {}
    parts = text.split(",")
    return {name: parts if len(parts) > 1 else text}


def few(entries: Iterable[Any]) -> list[Any]:
    """The entries, none of them where they are many."""
    found = list(entries)
    return found if len(found) <= MANY else []


def said(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of an entry that say something."""
    return {name: value for name, value in entry.items() if value not in ([], {}, None)}


def distinct(variants: Sequence[Entry]) -> list[Entry]:
    """The variants of a guess, each once."""
    return [variant for index, variant in enumerate(variants) if variant not in variants[:index]]


def one(rows: Rows, path: str) -> Row:
    """A singleton's row, empty where it says nothing."""
    return next(iter(rows.get(path, ())), {})


def by(rows: Rows, path: str, name: str) -> dict[str, Row]:
    """A menu's rows by one property; of several rows with the same value, the first."""
    found: dict[str, Row] = {}
    for row in rows.get(path, ()):
        if isinstance(row.get(name), str):
            found.setdefault(row[name], row)
    return found
