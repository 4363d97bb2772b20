"""Commands in RouterOS's own export syntax, byte for byte what the reader reads back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trueup.canonical.quote import quoted

WIDTH = 80
"""Columns that a line fills where it can be broken."""

_PLAIN = re.compile(r"[A-Za-z0-9_./:,!*@%-]+\Z")
_BROKEN = "\\\n    "
"""The end of a line that goes on: the reader drops it with the blanks that begin the next one."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One command of a menu: `add`, or `set` with what it is about; a value of None is written as `!name`."""

    menu: str
    verb: str
    subject: str = ""
    values: Mapping[str, str | None] = field(default_factory=dict)


def script(head: Iterator[str], statements: Iterator[Statement]) -> str:
    """A whole export: remarks, then commands below the menu that they belong to."""
    lines = [f"# {line}".rstrip() for line in head]
    menu = ""
    for each in statements:
        if each.menu != menu:
            menu = each.menu
            lines.append("/" + menu[1:].replace("/", " "))
        lines.append(command(each))
    return "\n".join(lines) + "\n"


def command(statement: Statement) -> str:
    """`add name=value …`, broken over several lines as RouterOS does."""
    line = statement.verb
    column = len(line)
    for word in filter(None, (statement.subject, *(_pair(*pair) for pair in statement.values.items()))):
        first = len(word.partition("\\n")[0])
        if column + 1 + first > WIDTH - 2 and column > 4:
            line, column = f"{line} {_BROKEN}", 3
        else:
            line, column = f"{line} ", column
        text, column = _folded(word, column + 1)
        line += text
    return line


def subject(items: Mapping[str, str]) -> str:
    """`[ find name=value … ]`."""
    return f"[ find {' '.join(f'{name}={value(text)}' for name, text in items.items())} ]"


def value(text: str) -> str:
    """A value as RouterOS writes it: plain where it can be, else in quotes with odd bytes escaped.

    A line's end within the text also ends a line of the script, so that scripts stay legible.
    """
    if _PLAIN.match(text):
        return text
    return quoted(text)


def _pair(name: str, text: str | None) -> str:
    return f"!{name}" if text is None else f"{name}={value(text)}"


_PIECE = re.compile(r"\\[0-9A-F]{2}|\\.|.", re.DOTALL)


def _folded(word: str, column: int) -> tuple[str, int]:
    """The word from a column on, broken where it is too long, never within an escape or before a blank."""
    if column + len(word) <= WIDTH - 1 and "\\n" not in word:
        return word, column + len(word)
    parts: list[str] = []
    pieces = _PIECE.findall(word)
    before = ""
    for index, piece in enumerate(pieces, 1):
        last_with_quote = index == len(pieces) - 1
        full = column + len(piece) + last_with_quote > WIDTH - 1
        line_begins = piece == "\\n" and before != "\\n" and column > 8
        if (full or line_begins) and piece != " " and index < len(pieces):
            parts.append(_BROKEN)
            column = 4
        parts.append(piece)
        column += len(piece)
        before = piece
    return "".join(parts), column
