"""Edits of a YAML file's lists: items go, come and change places, each with the comment lines above it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from trueup.adopt.edit import Page, Splice, Unclear
from trueup.adopt.piece import Piece
from trueup.order.subsequence import longest_increasing

Order = Sequence[int | str]
"""A list's items as they shall be: old ones by their index, new ones as text whose further lines are not indented."""


def edit_list(page: Page, key: Piece, items: Piece, order: Order) -> list[Splice]:
    """The list in another order, with new items and without those that are not in it; raises Unclear.

    `key` is what the list belongs to. Nothing is done where the order is as it was.
    """
    if list(order) == list(range(len(items.items))):
        return []
    page.refuse_shared(items)
    if items.flow:
        return [_in_brackets(page, items, order)]
    return _Lines(page, key, items).edited(order)


def _in_brackets(page: Page, items: Piece, order: Order) -> Splice:
    start = page.text.index("[", items.start) + 1
    if not items.items:
        return Splice(start, items.end - 1, ", ".join(map(str, order)))
    between = [page.text[one.end : two.start] for one, two in pairwise(items.items)]
    head, tail = page.text[start : items.items[0].start], page.text[items.items[-1].end : items.end - 1]
    if any("#" in gap for gap in (*between, head, tail)):
        raise Unclear("a comment stands among the items of this list")
    said = [
        page.text[items.items[each].start : items.items[each].end] if isinstance(each, int) else each for each in order
    ]
    if any("\n" in each for each in order if isinstance(each, str)):
        raise Unclear("these brackets have no room for text of several lines")
    separator = between[0] if between else ", "
    return Splice(start, items.end - 1, f"{head}{separator.join(said)}{tail}" if said else "")


class _Lines:
    """A list that has a line for each item, or several; an item's chunk is its comment lines and its own."""

    def __init__(self, page: Page, key: Piece, items: Piece) -> None:
        self.page, self.key, self.items = page, key, items
        self.column = items.column - 1
        self.dashes = [self._dash(item) for item in items.items]
        above = [self._above(dash) for dash in self.dashes]
        if len(above) > 1 and above[0] != self.dashes[0] and above[1:] == self.dashes[1:]:
            # Comment lines above the first item alone are about the list.
            above[0] = self.dashes[0]
        self.chunks = [(start, page.next_line(item.end)) for start, item in zip(above, items.items, strict=True)]

    def edited(self, order: Order) -> list[Splice]:
        if not order:
            return self._emptied()
        kept = [each for each in order if isinstance(each, int)]
        staying = {kept[index] for index in longest_increasing(kept)}
        following: dict[int, list[str]] = {}
        last = -1
        for each in order:
            if isinstance(each, int) and each in staying:
                last = each
            else:
                following.setdefault(last, []).append(self._chunk(each) if isinstance(each, int) else self._new(each))
        splices = []
        for index, (start, end) in enumerate(self.chunks):
            after = "".join(following.get(index, ()))
            if index == min(staying, default=0):
                before = "".join(following.get(-1, ()))
                splices += [Splice(start, start, before)] if before else []
            if index in staying and after:
                splices.append(Splice(end, end, after if self.page.text[end - 1 : end] == "\n" else f"\n{after[:-1]}"))
            elif index not in staying:
                splices.append(Splice(start, self._gone(index, end) if index not in kept else end, ""))
        return splices

    def _gone(self, index: int, end: int) -> int:
        """The end of what goes with an item: the blank lines after it too, where there are such before it."""
        text, start = self.page.text, self.chunks[index][0]
        before = text[self.page.line_start(start - 1) : start] if start else ""
        while not before.strip() and end < len(text) and not text[end : self.page.next_line(end)].strip():
            end = self.page.next_line(end)
        return end

    def _emptied(self) -> list[Splice]:
        at = self.page.colon(self.key)
        return [Splice(at, at, " []"), *(Splice(start, end, "") for start, end in self.chunks)]

    def _chunk(self, index: int) -> str:
        start, end = self.chunks[index]
        text = self.page.text[start:end]
        return text if text.endswith("\n") else f"{text}\n"

    def _new(self, text: str) -> str:
        indent = " " * (self.column + 2)
        lines = [f"{indent}{line}" if line else "" for line in text.split("\n")]
        return f"{' ' * self.column}- {lines[0].lstrip()}\n" + "".join(f"{line}\n" for line in lines[1:])

    def _dash(self, item: Piece) -> int:
        """The start of the line that holds an item's dash."""
        start = self.page.line_start(item.start)
        while start >= self.items.start - self.column:
            if self.page.text[start : start + self.column + 1].strip() == "-":
                return start
            start = self.page.line_start(start - 1)
        raise Unclear("this list is not written as one item a line")

    def _above(self, dash: int) -> int:
        """The start of the comment lines right above, in the same column as the dash."""
        start = dash
        while start:
            previous = self.page.line_start(start - 1)
            line = self.page.text[previous:start]
            if not line.strip().startswith("#") or len(line) - len(line.lstrip()) != self.column:
                break
            start = previous
        return start
