"""A YAML file's text as pieces that know exactly where they begin and end, so that it can be edited in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml

Kind = Literal["scalar", "list", "mapping", "alias"]

_Loader: type = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(slots=True, eq=False)
class Piece:
    """One value or key; `end` is behind its last character, comments and blank lines after it left out.

    `line` and `column` count from 1, as places in files do. `style` is that of a scalar: plain (""), ', ", | or >.
    """

    kind: Kind
    start: int
    end: int
    line: int
    column: int
    flow: bool = False
    style: str = ""
    text: str = ""
    anchor: str = ""
    items: list[Piece] = field(default_factory=list)
    pairs: list[tuple[Piece, Piece]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing is written here, or what stands for nothing."""
        return not self.items and not self.pairs and (self.kind != "scalar" or self.text in ("", "~", "null"))

    def get(self, name: str) -> Piece | None:
        """The value of a mapping's key."""
        return next((value for key, value in self.pairs if key.text == name), None)

    def key(self, name: str) -> Piece | None:
        return next((key for key, _ in self.pairs if key.text == name), None)

    def walk(self) -> Iterator[Piece]:
        """This piece and all within it."""
        todo = [self]
        while todo:
            piece = todo.pop()
            yield piece
            todo += piece.items
            for pair in piece.pairs:
                todo += pair


def read_pieces(text: str) -> Piece:
    """The pieces of a text that has been read as YAML before; an empty mapping where it holds nothing."""
    root: Piece | None = None
    stack: list[Piece] = []
    keys: list[Piece | None] = []
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            piece = stack.pop()
            keys.pop()
            _close(piece, event)
            continue
        made = _piece(event, text)
        if made is None:
            continue
        if not stack:
            root = made
        elif stack[-1].kind == "list":
            stack[-1].items.append(made)
        elif (key := keys[-1]) is None:
            keys[-1] = made
        else:
            stack[-1].pairs.append((key, made))
            keys[-1] = None
        if made.kind in ("list", "mapping"):
            stack.append(made)
            keys.append(None)
    return root or Piece("mapping", len(text), len(text), text.count("\n") + 1, 1)


def _piece(event: yaml.Event, text: str) -> Piece | None:
    if not isinstance(event, yaml.NodeEvent):
        return None
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        return None
    place = (start.index, end.index, start.line + 1, start.column + 1)
    anchor = event.anchor or ""
    if isinstance(event, yaml.AliasEvent):
        return Piece("alias", *place, anchor=anchor)
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        made = Piece("scalar", *place, style="" if style == ":" else style, text=event.value, anchor=anchor)
        if made.style in ("|", ">"):
            made.end = made.start + len(text[made.start : made.end].rstrip())
        return made
    kind: Kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
    flow = isinstance(event, yaml.CollectionStartEvent) and bool(event.flow_style)
    return Piece(kind, *place, flow=flow, anchor=anchor)


def _close(piece: Piece, event: yaml.Event) -> None:
    inner = piece.pairs[-1][1] if piece.pairs else piece.items[-1] if piece.items else None
    if inner is not None and not piece.flow:
        piece.end = inner.end
    elif event.end_mark is not None:
        piece.end = event.end_mark.index
