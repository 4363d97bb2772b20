"""Commands as an export writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

WIDTH = 78
"""Columns that a line fills before it is broken."""

PLAIN = re.compile(r"[A-Za-z0-9_./:,!*@%+-]+")
ESCAPES = {ord('"'): '\\"', ord("\\"): "\\\\", ord("$"): "\\$", ord("?"): "\\?", 10: "\\n", 13: "\\r", 9: "\\t"}


@dataclass(frozen=True, slots=True)
class Command:
    """`add`, or `set` with the row that it is about; a value of None takes a property away."""

    verb: str
    about: str = ""
    values: Mapping[str, str | None] = field(default_factory=dict)

    def words(self) -> list[str]:
        """The command word by word, properties in the order of the alphabet."""
        pairs = [f"!{name}" if text is None else f"{name}={quoted(text)}" for name, text in sorted(self.values.items())]
        return [self.verb, *([self.about] if self.about else []), *pairs]


def quoted(text: str) -> str:
    """A value as one types it; what is no plain word stands in quotes, bytes beyond ASCII as hex."""
    if PLAIN.fullmatch(text):
        return text
    written = "".join(
        ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:02X}")
        for byte in text.encode("utf-8", "surrogateescape")
    )
    return f'"{written}"'


def section(path: str, commands: Iterable[Command], terse: bool) -> list[str]:
    """The lines of one menu: below its path, or each with it."""
    head = "/" + path[1:].replace("/", " ")
    if terse:
        return [" ".join([head, *command.words()]) for command in commands]
    return [head, *(line for command in commands for line in folded(command.words()))]


def folded(words: list[str]) -> list[str]:
    """A command over as many lines as it takes; only blanks between words are broken at."""
    lines, line = [], words[0]
    for word in words[1:]:
        if len(line) + len(word) + 1 > WIDTH:
            lines.append(f"{line} \\")
            line = "    " + word
        else:
            line += f" {word}"
    return [*lines, line]
