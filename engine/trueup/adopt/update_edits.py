"""What is to change in a router's own file, gathered row by row, and made in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from trueup.adopt.choose import Declared
from trueup.adopt.edit import Page, Splice, Unclear, edit_mapping, spliced
from trueup.adopt.edit_list import Order, edit_list
from trueup.adopt.page import block_row, flow_row
from trueup.adopt.piece import Piece
from trueup.adopt.update_own import Address, OwnFile
from trueup_schemas.catalogue import Menu

ROWS = "rows"
LINE = "\n"
LONG = 110
"""Characters of a row that still go into braces where nothing else says how to write it."""


@dataclass(slots=True)
class Edits:
    """Changes of a file by what they are about: rows, properties that are lists, lists of rows, and menus."""

    own: OwnFile
    puts: dict[int, tuple[Piece, dict[str, str], set[str]]] = field(default_factory=dict)
    items: list[Splice] = field(default_factory=list)
    orders: dict[Address, Order] = field(default_factory=dict)
    menus: dict[str, list[str] | str] = field(default_factory=dict)

    def put(self, mapping: Piece, name: str, text: str) -> None:
        self._of(mapping)[1][name] = text

    def drop(self, mapping: Piece, name: str) -> None:
        self._of(mapping)[2].add(name)

    def try_row(self, mapping: Piece) -> None:
        """Raise Unclear where the changes of one row cannot be made, and forget them."""
        _, puts, drops = self._of(mapping)
        try:
            edit_mapping(self.own.page, mapping, puts, drops)
        except Unclear:
            del self.puts[id(mapping)]
            raise

    @property
    def empty(self) -> bool:
        return not (self.puts or self.items or self.orders or self.menus)

    def made(self) -> str:
        """The file's new text; raises Unclear."""
        splices = list(self.items)
        for mapping, puts, drops in self.puts.values():
            splices += edit_mapping(self.own.page, mapping, puts, drops)
        text = spliced(self.own.page.text, splices)
        text = _ordered(text, {home: order for home, order in self.orders.items() if home[1] >= 0})
        text = _ordered(text, {home: order for home, order in self.orders.items() if home[1] < 0})
        return _with_menus(text, self.menus) if self.menus else text

    def _of(self, mapping: Piece) -> tuple[Piece, dict[str, str], set[str]]:
        return self.puts.setdefault(id(mapping), (mapping, {}, set()))


def row_text(menu: Menu, row: Declared, extra: Iterable[str], flow: bool | None) -> str:
    """A row in braces or on lines of its own (None: as its length allows); `extra` are further `key: value` pairs."""
    said = flow_row(menu, row)
    pairs = [pair for pair in (said[1:-1], *extra) if pair]
    lines = any(isinstance(value, str) and "\n" in value for value in row.values.values())
    if flow is False or (flow is None and (lines or len(", ".join(pairs)) > LONG)):
        return "\n".join([*block_row(menu, row, 0), *extra])
    return f"{{{', '.join(pairs)}}}"


def _ordered(text: str, orders: Mapping[Address, Order]) -> str:
    """The text with some of its lists in another order; lists that lie in each other need two calls."""
    if not orders:
        return text
    page = Page(text)
    rows = page.root.get(ROWS) or page.root
    splices: list[Splice] = []
    for (path, index), order in orders.items():
        key, items = rows.key(path), rows.get(path)
        if items is not None and index >= 0:
            scope = items.items[index]
            key, items = scope.key(ROWS), scope.get(ROWS)
        if key is not None and items is not None:
            splices += _filled(page, key, items, order) if items.empty else edit_list(page, key, items, order)
    return spliced(text, splices)


def _filled(page: Page, key: Piece, items: Piece, order: Order) -> Iterable[Splice]:
    """A list that was empty, or not there, with its first items."""
    colon = page.colon(key)
    page.refuse_comment(colon, items.start)
    page.refuse_shared(items)
    line = page.line_end(items.end)
    return [Splice(colon, items.end, ""), Splice(line, line, _items(map(str, order), key.column + 1))]


def _items(texts: Iterable[str], indent: int) -> str:
    """Items of a list, each line begun with a line break."""
    lines = [
        f"{'  ' if n else '- '}{line}" if line else "" for text in texts for n, line in enumerate(text.split("\n"))
    ]
    return "".join(f"\n{' ' * indent}{line}" if line else "\n" for line in lines)


def _with_menus(text: str, menus: Mapping[str, list[str] | str]) -> str:
    """The text with menus that it had not; a singleton's is the text of its one row."""
    page = Page(text)
    rows = page.root.get(ROWS)
    if rows is not None and any((there := rows.get(path)) is not None and not there.empty for path in menus):
        raise Unclear("an alias stands for a menu that gets new rows")
    if rows is not None and rows.flow and not rows.empty:
        raise Unclear("`rows` is written in braces, which have no room for another menu")
    indent = rows.pairs[0][0].column - 1 if rows is not None and rows.pairs else 2
    said = {path: _menu(made, indent) for path, made in menus.items()}
    if rows is not None and not rows.empty:
        return spliced(text, edit_mapping(page, rows, said))
    below = "".join(f"\n{' ' * indent}{path}:{'' if made[:1] == LINE else ' '}{made}" for path, made in said.items())
    if rows is not None:
        return spliced(text, edit_mapping(page, page.root, {ROWS: below}))
    return f"{text}{'' if text.endswith(LINE) or not text else LINE}{ROWS}:{below}{LINE}"


def _menu(made: list[str] | str, indent: int) -> str:
    if isinstance(made, list):
        return _items(made, indent + 2)
    if made.startswith("{"):
        return made
    return "".join(f"\n{' ' * (indent + 2)}{line}" if line else LINE for line in made.split(LINE))
