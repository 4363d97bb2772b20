"""A neutral line of a plan or report, and how values stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trueup.errors import Source
from trueup.plan import Add, Change, Move, Remove, Set

Mark = Literal["", "+", "~", "-", ">", "!"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its indent in columns, the change's mark, its text, and the place in a file it comes from.

    Marks: + added, ~ changed, - removed, > moved, ! to be noted, and "" for context.
    """

    indent: int
    mark: Mark
    text: str
    place: str = ""


def mark_of(change: Change) -> Mark:
    if isinstance(change, Add):
        return "+"
    if isinstance(change, Set):
        return "~"
    if isinstance(change, Remove):
        return "-"
    return ">" if isinstance(change, Move) else ""


def place_of(source: Source | None) -> str:
    return source.short if source else ""


def quoted(text: str) -> str:
    """Text as RouterOS writes it: quoted where it is empty or holds blanks; control characters escaped."""
    shown = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return f'"{shown}"' if not shown or " " in shown else shown


def counted(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
