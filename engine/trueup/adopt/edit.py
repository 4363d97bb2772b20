"""Edits of a YAML file's mappings: what is not edited stays as it is, byte for byte. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from trueup.adopt.piece import Piece, read_pieces

WIDTH = 118
"""Columns that a line in braces may fill before it goes on below."""

_HEADER = re.compile(r"[|>][0-9+-]*")
_BARE = re.compile(r"(?<!\r)\n")
"""A line's end without the carriage return that other systems put before it."""


class Unclear(Exception):
    """An edit that could take along what is not its own; it says why."""


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices made; raises Unclear where two of them are about the same characters."""
    parts: list[str] = []
    at = 0
    for splice in sorted(splices, key=lambda each: (each.start, each.end)):
        if splice.start < at:
            raise Unclear("two changes are about the same words")
        parts += (text[at : splice.start], splice.text)
        at = splice.end
    return "".join([*parts, text[at:]])


def as_before(before: str, text: str) -> str:
    """A text with the mark at its start and the line ends that the file had."""
    if "\r\n" in before and not _BARE.search(before):
        text = _BARE.sub("\r\n", text)
    return "\ufeff" + text if before.startswith("\ufeff") else text


class Page:
    """One file's text and its pieces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = read_pieces(text)
        pieces = list(self.root.walk())
        aliased = {piece.anchor for piece in pieces if piece.kind == "alias"}
        shared = [piece for piece in pieces if piece.kind != "alias" and piece.anchor in aliased and piece.anchor]
        self._shared = {id(inner) for piece in shared for inner in piece.walk()}

    def refuse_shared(self, piece: Piece) -> None:
        """Raise Unclear where an alias says again what this piece says."""
        if self._shared and any(id(inner) in self._shared for inner in piece.walk()):
            raise Unclear("an alias repeats these lines elsewhere")

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Where the line's own characters end."""
        found = self.text.find("\n", at)
        end = len(self.text) if found < 0 else found
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def next_line(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1

    def colon(self, key: Piece) -> int:
        """The place behind a key's colon."""
        return self.text.index(":", key.end) + 1

    def refuse_comment(self, start: int, end: int) -> None:
        """Raise Unclear where a comment stands between two values."""
        if "#" in self.text[start:end]:
            raise Unclear("a comment stands among these values")


def edit_mapping(page: Page, mapping: Piece, puts: Mapping[str, str], drops: Collection[str] = ()) -> list[Splice]:
    """Give keys of a mapping other values, new ones at its end, and take keys away; raises Unclear.

    A value that begins with a line break stands below its key.
    """
    page.refuse_shared(mapping)
    splices = [
        put for key, value in mapping.pairs if key.text in puts for put in _replaced(page, key, value, puts[key.text])
    ]
    kept = [pair for pair in mapping.pairs if pair[0].text not in drops]
    new = {name: text for name, text in puts.items() if mapping.get(name) is None}
    if not kept and not mapping.flow:
        raise Unclear("nothing would be left of these lines")
    splices += _dropped_in_braces(page, mapping, drops) if mapping.flow else _dropped(page, mapping, drops)
    if new:
        splices.append(_added_in_braces(page, mapping, kept, new) if mapping.flow else _added(page, mapping, kept, new))
    return splices


def _replaced(page: Page, key: Piece, value: Piece, text: str) -> Iterator[Splice]:
    """One value becomes another; a comment behind the old one stays on its line."""
    head, line, rest = text.partition("\n") if text[:1] in ("\n", "|", ">") else (text, "", "")
    start, end, colon = value.start, value.end, page.colon(key)
    if value.style in ("|", ">"):
        header = _HEADER.match(page.text, start)
        end = header.end() if header else start
        yield Splice(page.line_end(start), value.end, line + rest)
    else:
        if value.items or value.pairs:
            _refuse_lost(page, value, colon)
            start = start if value.flow else colon
        if line:
            yield Splice(page.line_end(end), page.line_end(end), line + rest)
    start = colon if start == end or not head else start
    yield Splice(start, end, f" {head}" if head and start == colon else head)


def _refuse_lost(page: Page, value: Piece, colon: int) -> None:
    """Raise Unclear where replacing a list or a mapping would take comments along."""
    page.refuse_comment(colon, value.start)
    inner = [*value.items, *(piece for pair in value.pairs for piece in pair)]
    for end, start in zip(
        (value.start, *(each.end for each in inner)), (*(i.start for i in inner), value.end), strict=True
    ):
        page.refuse_comment(end, start)


def _dropped(page: Page, mapping: Piece, drops: Collection[str]) -> Iterator[Splice]:
    """Whole lines; where the first key stands behind a dash, the next one takes its place."""
    for index, (key, value) in enumerate(mapping.pairs):
        if key.text not in drops:
            continue
        start = page.line_start(key.start)
        if page.text[start : key.start].isspace() or start == key.start:
            yield Splice(start, page.next_line(value.end), "")
        else:
            following = mapping.pairs[index + 1][0].start
            page.refuse_comment(page.line_end(value.end), following)
            yield Splice(key.start, following, "")


def _dropped_in_braces(page: Page, mapping: Piece, drops: Collection[str]) -> Iterator[Splice]:
    leading = True
    for index, (key, value) in enumerate(mapping.pairs):
        leading = leading and key.text in drops
        if key.text not in drops:
            continue
        following = mapping.pairs[index + 1][0].start if index + 1 < len(mapping.pairs) else value.end
        start, end = (key.start, following) if leading else (mapping.pairs[index - 1][1].end, value.end)
        page.refuse_comment(start, key.start)
        page.refuse_comment(value.end, end)
        yield Splice(start, end, "")


def _added(page: Page, mapping: Piece, kept: list[tuple[Piece, Piece]], new: Mapping[str, str]) -> Splice:
    at = page.line_end(kept[-1][1].end)
    indent = " " * (mapping.pairs[0][0].column - 1)
    return Splice(at, at, "".join(f"\n{indent}{name}:{_after_colon(text)}" for name, text in new.items()))


def _added_in_braces(page: Page, mapping: Piece, kept: list[tuple[Piece, Piece]], new: Mapping[str, str]) -> Splice:
    """Behind the last value; on a line of its own where the line would grow too long that was not before."""
    if any("\n" in text for text in new.values()):
        raise Unclear("these braces have no room for text of several lines")
    at = kept[-1][1].end if kept else page.text.index("{", mapping.start) + 1
    column = mapping.pairs[0][0].column if mapping.pairs else mapping.column + 1
    line = page.line_end(at) - page.line_start(at)
    breaks = line <= WIDTH
    said = ""
    for name, text in new.items():
        pair = f"{name}: {text}"
        line += len(pair) + 2
        comma = ", " if kept or said else ""
        if comma and breaks and line > WIDTH:
            comma, line = f",\n{' ' * (column - 1)}", column + len(pair)
        said += comma + pair
    return Splice(at, at, said)


def _after_colon(text: str) -> str:
    return text if text.startswith("\n") else f" {text}"
