"""Comments as texts: the hidden marker that they begin with, and how a long one is taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PARTS = 4
"""Comments that one text may fill; what is longer is cut."""

CUT = "\n*The rest is left out: a comment can hold no more. `trueup ci` prints all of it in the job's log.*\n"
DEEPEST = 8
"""Folded parts in one another that go on in the next comment as such."""

AGAIN = "<details open><summary>continued</summary>\n\n"
ROOM = 700
"""Characters of a comment that are kept free for the marker, for what is closed and opened again, and for CUT."""

_MARKER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_COMMAND = re.compile(r"^( {0,3})/(?=[a-z_]+\b)")


def marked(marker: str, number: int = 1) -> str:
    """The first line of a comment, which a page does not show; further comments of a text count from 2."""
    if not _MARKER.fullmatch(marker) or "--" in marker:
        raise ValueError(f"no marker: {marker!r}")
    return f"<!-- trueup: {marker}{f' {number}' if number > 1 else ''} -->"


def markers(marker: str) -> list[str]:
    """The first lines of all comments that a text may fill."""
    return [marked(marker, number) for number in range(1, PARTS + 1)]


def comments(marker: str, body: str, limit: int) -> list[str]:
    """The texts of the comments that a body fills, each with its marker and none longer than `limit` characters."""
    parts = list(_split(body, limit - ROOM))
    if len(parts) > PARTS:
        parts = [*parts[: PARTS - 1], parts[PARTS - 1].rstrip("\n") + "\n" + CUT]
    return [f"{marked(marker, number)}\n{part}" for number, part in enumerate(parts, 1)]


def cut(text: str, limit: int) -> str:
    """A line of text that is no longer than `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def without_commands(body: str) -> str:
    """The text with no line that GitLab would carry out as a quick action, such as /close."""
    state = _Open()
    lines = []
    for line in body.split("\n"):
        state.pass_over(line)
        lines.append(line if state.fence else _COMMAND.sub(r"\1\\/", line))
    return "\n".join(lines)


@dataclass
class _Open:
    """What is open at a line's end: a fence of code, with the line that opened it, and folded parts."""

    fence: str = ""
    line: str = ""
    details: int = 0

    def pass_over(self, line: str) -> None:
        found = _FENCE.match(line)
        if found and not self.fence:
            self.fence, self.line = found[1], cut(line.strip(), 40)
        elif found and set(line.strip()) == {self.fence[0]} and len(found[1]) >= len(self.fence):
            self.fence = ""
        elif not self.fence:
            self.details = min(DEEPEST, max(0, self.details + line.count("<details") - line.count("</details>")))

    def closing(self) -> str:
        fence = f"{self.fence[:40]}\n" if self.fence else ""
        return fence + "</details>\n" * self.details

    def opening(self) -> str:
        return AGAIN * self.details + (f"{self.line}\n" if self.fence else "")


def _split(body: str, limit: int) -> Iterator[str]:
    state, part = _Open(), ""
    for line in _lines(body, limit // 2):
        if len(part) + len(line) + len(state.closing()) > limit:
            yield _ended(part) + state.closing()
            part = state.opening()
        state.pass_over(line)
        part += line
    yield part


def _ended(part: str) -> str:
    return part if part.endswith("\n") else f"{part}\n"


def _lines(body: str, limit: int) -> Iterator[str]:
    """The body's lines with their ends; longer ones in pieces."""
    for line in body.splitlines(keepends=True):
        for start in range(0, len(line), limit):
            yield line[start : start + limit]
