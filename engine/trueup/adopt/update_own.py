"""A router's own file as rows that can be edited: each with its canonical values and its place in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from trueup.adopt.edit import Page
from trueup.adopt.piece import Piece
from trueup.compile.entry import Entry, Group, Item
from trueup.compile.merge import key_of
from trueup.compile.read import RowReader
from trueup.compile.rules import Rules
from trueup.errors import Source
from trueup.load.layer import Layer
from trueup.row import Row
from trueup_schemas.catalogue import Catalogue, Menu

NOWHERE = -2
"""The index of rows that no list in the file's text holds."""
Address = tuple[str, int]
"""A list of rows: its menu, and the index of the scope in it that holds the list; -1 for the menu's own list."""


@dataclass(slots=True, eq=False)
class OwnRow:
    """One row of the router's own file; `piece` is None where an alias stands for it, or a file that it draws in."""

    entry: Entry
    piece: Piece | None
    home: Address
    index: int

    def declares(self, name: str) -> bool:
        """Whether the property stands in the row itself, and not in its scope."""
        return self.piece is not None and self.piece.get(name) is not None


@dataclass(slots=True)
class OwnList:
    """A list of rows: `key` is what it belongs to in the text, `match` what its scope fills in."""

    key: Piece
    piece: Piece
    match: Mapping[str, str] = field(default_factory=dict)
    slot: str = ""
    rows: dict[int, OwnRow] = field(default_factory=dict)


class OwnFile:
    """The router's own rows; rows of other files that it draws in have no place in its text."""

    def __init__(self, layer: Layer, text: str, catalogue: Catalogue) -> None:
        self.page = Page(text)
        self.lists: dict[Address, OwnList] = {}
        self.singles: dict[str, OwnRow] = {}
        self._rows: dict[Source, OwnRow] = {}
        self._keyed: dict[tuple[str, tuple[str, ...]], OwnRow] = {}
        self._catalogue = catalogue
        items = RowReader(Rules(catalogue), []).read(layer.rows, lambda _: 0)
        rows = self.page.root.get("rows")
        for key, value in rows.pairs if rows else ():
            if key.text in catalogue:
                self._add_menu(key, value, items.get(key.text, []), layer.file)

    @property
    def menus(self) -> list[str]:
        """The menus that the file declares rows of."""
        return [*dict.fromkeys((*self.singles, *(path for path, _ in self.lists)))]

    def find(self, menu: Menu, row: Row) -> OwnRow | None:
        """The own row that is, or is merged into, a declared one."""
        if menu.kind == "singleton":
            return self.singles.get(menu.path)
        key = key_of(menu, row.values)
        if key is not None:
            return self._keyed.get((menu.path, key))
        return self._rows.get(row.source) if row.source is not None else None

    def _add_menu(self, key: Piece, value: Piece, items: list[Item], file: str) -> None:
        menu = self._catalogue.menu(key.text)
        for item in items:
            for entry in item.items if isinstance(item, Group) else (item,):
                if isinstance(entry, Entry):
                    self._know(menu, OwnRow(entry, None, (menu.path, NOWHERE), 0))
        if menu.kind == "singleton":
            for item in items:
                if isinstance(item, Entry) and value.kind == "mapping":
                    self.singles[menu.path] = OwnRow(item, value, (menu.path, -1), 0)
            return
        if value.kind != "list" and not value.empty:
            return
        groups = {item.source: item for item in items if isinstance(item, Group)}
        entries = {item.source: item for item in items if isinstance(item, Entry)}
        top = self.lists[menu.path, -1] = OwnList(key, value)
        for index, piece in enumerate(value.items):
            source = Source(file, piece.line, piece.column)
            if source in groups:
                self._add_group(menu, index, piece, groups[source], file)
            elif source in entries:
                self._add_row(menu, top, (menu.path, -1), index, piece, entries[source])

    def _add_group(self, menu: Menu, index: int, piece: Piece, group: Group, file: str) -> None:
        key, rows = piece.key("rows"), piece.get("rows")
        if key is None or rows is None or (rows.kind != "list" and not rows.empty):
            return
        entries = {item.source: item for item in group.items if isinstance(item, Entry)}
        own = self.lists[menu.path, index] = OwnList(key, rows, dict(group.match), group.slot)
        for number, item in enumerate(rows.items):
            source = Source(file, item.line, item.column)
            if source in entries:
                self._add_row(menu, own, (menu.path, index), number, item, entries[source])

    def _add_row(self, menu: Menu, own: OwnList, home: Address, index: int, piece: Piece, entry: Entry) -> None:
        own.rows[index] = OwnRow(entry, piece, home, index)
        self._know(menu, own.rows[index])

    def _know(self, menu: Menu, row: OwnRow) -> None:
        if menu.kind == "singleton":
            self.singles[menu.path] = row
            return
        key = key_of(menu, {name: cell.value for name, cell in row.entry.cells.items()})
        if key is not None:
            self._keyed[menu.path, key] = row
        self._rows[row.entry.source] = row

    @cached_property
    def said(self) -> Mapping[tuple[int, int], tuple[Piece, Piece]]:
        """What is said outside of `rows`: by the place of each value, the mapping and the key that it stands at."""
        rows = self.page.root.get("rows")
        inside = {id(piece) for piece in rows.walk()} if rows else set()
        found = {}
        for piece in self.page.root.walk():
            for key, value in piece.pairs if id(piece) not in inside else ():
                found[value.line, value.column] = (piece, key)
        return found

    def of(self, path: str) -> Iterator[tuple[Address, OwnList]]:
        """A menu's lists."""
        return ((home, own) for home, own in self.lists.items() if home[0] == path)
