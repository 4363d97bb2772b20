"""Ports renamed in a router's own file: exactly the values that name them, all of them at once. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trueup.adopt.edit import Page, Splice, Unclear
from trueup.adopt.page import quoted, scalar
from trueup.adopt.piece import Piece
from trueup.arrive.ports import Use
from trueup.errors import Problem, Source


@dataclass(frozen=True, slots=True)
class Moved:
    """What a map of ports does to a file: its splices, the uses that they change, and what is left for people."""

    splices: tuple[Splice, ...]
    uses: tuple[Use, ...]
    left: tuple[Problem, ...]


class PortEdits:
    """One file's values, by their places."""

    def __init__(self, page: Page, file: str, ports: Mapping[str, str]) -> None:
        self._page, self._file, self._ports = page, file, ports
        self._word = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, ports))})(?![\w.-])")
        self._keys = {id(key) for piece in page.root.walk() for key, _ in piece.pairs}
        self._values = {
            (piece.line, piece.column): piece
            for piece in page.root.walk()
            if piece.kind in ("scalar", "list") and id(piece) not in self._keys
        }

    def make(self, used: Iterable[Use]) -> Moved:
        """Every use of a mapped port; those in other files, or that only a template makes, are told."""
        changed: dict[int, Splice] = {}
        done: list[Use] = []
        left: list[Problem] = []
        for use in used:
            if use.port not in self._ports:
                continue
            pieces = self._pieces(use)
            if not pieces:
                left.append(self._elsewhere(use))
                continue
            done.append(use)
            for piece in pieces:
                self._page.refuse_shared(piece)
                changed[id(piece)] = Splice(piece.start, piece.end, self._renamed(piece))
        left += self._mentions(changed)
        return Moved(tuple(sorted(changed.values())), tuple(done), tuple(dict.fromkeys(left)))

    def _pieces(self, use: Use) -> list[Piece]:
        """The values at the place of a use that hold the port's name."""
        if use.source is None or use.source.file != self._file:
            return []
        piece = self._values.get((use.source.line, use.source.column))
        if piece is None:
            return []
        inner = [each for each in piece.walk() if each.kind == "scalar"]
        return [each for each in inner if each.text.strip("!") == use.port or use.port in each.text.split(",")]

    def _renamed(self, piece: Piece) -> str:
        if piece.style in ("|", ">"):
            raise Unclear("a port is named in a block of text")
        text = self._word.sub(lambda found: self._ports[found[0]], piece.text)
        return quoted(text) if piece.style else scalar(text)

    def _elsewhere(self, use: Use) -> Problem:
        new = self._ports[use.port]
        if use.source is not None and use.source.file == self._file:
            message = f"{use.what} names {use.port}, but not in these words; it may have to name {new}"
            return Problem(message, use.source, "change what makes it", "warning")
        message = f"{use.what} names {use.port}, which is {new} on the new box"
        remedy = "declare it in the router's own file, where this file is shared"
        return Problem(message, use.source, remedy, "warning")

    def _mentions(self, changed: Mapping[int, Splice]) -> Iterator[Problem]:
        """Other values, and keys, with a mapped port's name in them: scripts, comments of rows, variables."""
        for piece in sorted(self._page.root.walk(), key=lambda each: each.start):
            if piece.kind != "scalar" or id(piece) in changed:
                continue
            if found := self._word.search(piece.text):
                where = Source(self._file, piece.line, piece.column)
                message = f"this mentions {found[0]}, and stays as it is"
                yield Problem(message, where, f"is {self._ports[found[0]]} meant now?", "warning")
