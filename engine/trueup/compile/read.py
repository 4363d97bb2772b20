"""The `rows` of one layer, checked against the catalogue, as entries of each menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from trueup.compile.drawn import origin_of, row_origin, written
from trueup.compile.entry import Cell, Entry, Group, Item, Rank, Slot
from trueup.compile.header import refused_columns
from trueup.compile.marks import Marks, MarksReader
from trueup.compile.rules import MenuRules, Rules
from trueup.compile.value import text_of, value_of
from trueup.errors import DeclarationError, Problem, Source
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode, TableNode, kind
from trueup.load.tables import ROWS_FROM
from trueup.load.validate import suggest
from trueup.row import Value
from trueup_schemas.catalogue import Catalogue, Menu, UnknownMenu, elsewhere

_SCOPE_KEYS = ("scope", "unmanaged", "rows", "slot")
_UNMARKED = Marks()
_UNMANAGED = {"keep": False, "remove": True}

Ranking = Callable[[Source], Rank]


@dataclass(slots=True)
class RowReader:
    """Reads `rows`, gathering `problems`; what has a problem is left out.

    `rank` tells how near what was declared at a place is; `shared` marks the rows of a peer's half.
    """

    rules: Rules
    problems: list[Problem] = field(default_factory=list)

    def read(self, rows: Node, rank: Ranking, shared: bool = False) -> dict[str, list[Item]]:
        """The items of each menu, in order."""
        items: dict[str, list[Item]] = {}
        if isinstance(rows, ScalarNode) and rows.value is None:
            return items
        if not isinstance(rows, MappingNode):
            self._problem(f"rows: expected a mapping, got {kind(rows)}", rows, "write `/menu/path:` and its rows")
            return items
        for path, node in rows.entries.items():
            rules = self._menu(path, rows.keys[path], node)
            if rules is not None:
                items[path] = list(MenuReader(rules, rank, shared, self.problems, self.rules.catalogue).read(node))
        return items

    def _menu(self, path: str, where: Source, node: Node) -> MenuRules | None:
        try:
            return self.rules.menu(path)
        except UnknownMenu as error:
            near = f"did you mean {error.near[0]}?" if error.near else "write the menu's path, such as /ip/address"
            message = f"unknown menu {path} in {self.rules.catalogue.told}"
            if found := elsewhere(self.rules.catalogue, path):
                where, near = written(where, row_origin(node)), found
            self.problems.append(Problem(message, where, near))
            return None

    def _problem(self, message: str, node: Node, remedy: str = "") -> None:
        self.problems.append(Problem(message, node.source, remedy))


@dataclass(slots=True)
class MenuReader:
    """Reads one menu's rows in one layer."""

    rules: MenuRules
    rank: Ranking
    shared: bool
    problems: list[Problem]
    known: Catalogue

    @property
    def menu(self) -> Menu:
        return self.rules.menu

    def read(self, node: Node) -> Iterator[Item]:
        if self.menu.kind == "singleton":
            if isinstance(node, MappingNode):
                yield from self._row(node)
            else:
                self._problem(
                    f"expected a mapping, got {kind(node)}", node, "this menu is one row: write `name: value`"
                )
            return
        for item in self._sequence(node):
            if isinstance(item, TableNode):
                yield from self._table(item)
            elif not isinstance(item, MappingNode):
                self._problem(f"expected a row, got {kind(item)}", item, "write {name: value, ...}")
            elif isinstance(item.get("scope"), MappingNode):
                yield from self._group(item)
            else:
                yield from self._row_or_slot(item)

    def _sequence(self, node: Node) -> tuple[Node, ...]:
        if isinstance(node, SequenceNode):
            return node.items
        if not (isinstance(node, ScalarNode) and node.value is None):
            self._problem(f"expected a list of rows, got {kind(node)}", node, "write `- {name: value, ...}` lines")
        return ()

    def _table(self, table: TableNode) -> Iterator[Entry]:
        """The rows of a file; where its header is wrong, only what else is wrong with them."""
        refused = refused_columns(self.rules, table, self._refuse, self.problems)
        for row in table.items:
            if isinstance(row, MappingNode):
                read = tuple(self._row(row.without(*refused) if refused else row))
                yield from () if refused or not table.sound else read

    def _row_or_slot(self, node: MappingNode) -> Iterator[Entry | Slot]:
        if set(node) == {"slot"} and "slot" not in self.menu.properties:
            yield Slot(self._text(node["slot"]), node.source, self.rank(row_origin(node)))
        else:
            yield from self._row(node)

    def _group(self, node: MappingNode) -> Iterator[Group]:
        for key in node:
            if key not in _SCOPE_KEYS:
                self._problem(f"unknown key '{key}' of a scope", node.keys[key], suggest(key, list(_SCOPE_KEYS)))
        scope = node["scope"]
        cells = self._cells(scope) if isinstance(scope, MappingNode) else {}
        match: dict[str, str] = {}
        for name, cell in cells.items():
            if isinstance(cell.value, str):
                match[name] = cell.value
            else:
                self._problem(f"a scope needs a text for {name}", cell.source)
        rows = node.get("rows")
        items: list[Entry | Slot] = []
        for item in self._sequence(rows) if rows is not None else ():
            if isinstance(item, TableNode):
                items += (self._filled(read, cells) for read in self._table(item))
            elif isinstance(item, MappingNode) and not isinstance(item.get("scope"), MappingNode):
                items += (self._filled(read, cells) for read in self._row_or_slot(item))
            else:
                self._problem("expected a row; scopes do not nest", item, "write {name: value, ...}")
        slot = node.get("slot")
        yield Group(
            match,
            tuple(items),
            row_origin(node),
            self.rank(row_origin(node)),
            self._remove(node),
            self._text(slot) if slot else "",
        )

    def _filled(self, item: Entry | Slot, cells: dict[str, Cell]) -> Entry | Slot:
        """The row with the scope's values; a row that says otherwise is a problem."""
        if isinstance(item, Slot):
            return item
        for name, cell in cells.items():
            own = item.cells.get(name)
            if own is not None and own.value != cell.value:
                self._problem(
                    f"{name}={own.value} in a scope of {name}={cell.value}",
                    own.source,
                    f"leave {name} out, or move the row to another scope",
                )
        filled = {name: Cell(cell.value, item.source, cell.rank) for name, cell in cells.items()}
        return replace(item, cells=filled | dict(item.cells))

    def _remove(self, node: MappingNode) -> bool | None:
        found = node.get("unmanaged")
        if found is None:
            return None
        word = self._text(found)
        if word not in _UNMANAGED:
            self._problem(f"unmanaged: expected keep or remove, got '{word}'", found)
        if word == "remove" and not self.menu.addable:
            self._problem("the rows of this menu cannot be removed", found, "leave `unmanaged` out")
        return _UNMANAGED.get(word)

    def _row(self, node: MappingNode) -> Iterator[Entry]:
        known = len(self.problems)
        source = row_origin(node)
        cells, marks = self._cells(node, source), _UNMARKED
        if not self.rules.reserved.isdisjoint(node.entries):
            marks = MarksReader(self.menu, self.problems, self._cells).read(node.only(*self.rules.reserved))
        if len(self.problems) == known:
            yield Entry(
                cells,
                source,
                self.rank(source),
                marks.was,
                marks.place,
                marks.protect,
                marks.ignore,
                marks.slot,
                self.shared,
            )

    def _cells(self, node: MappingNode, row: Source | None = None) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        path, declarable, reserved = self.menu.path, self.rules.declarable, self.rules.reserved
        for name, value in node.entries.items():
            if name in reserved and row is not None:
                continue
            found = declarable.get(name)
            if found is None:
                self._refuse(name, node.keys[name], origin_of(value, row))
                continue
            property, words = found
            read: Value = words.get(value.value) if type(value) is ScalarNode and type(value.value) is str else None
            if read is None:
                try:
                    read = value_of(property, value, path, words)
                except DeclarationError as error:
                    self.problems += error.problems
                    continue
            where = origin_of(value, row)
            cells[name] = Cell(read, where, self.rank(where))
        return cells

    def _refuse(self, name: str, where: Source, origin: Source | None = None) -> None:
        """Say why a row may not declare this: of what other versions have, where the operator asked for it."""
        if name in self.menu.properties:
            self._problem(f"'{name}' is read-only", where, "remove it: the router alone sets it")
            return
        if name == ROWS_FROM:
            remedy = "write `- rows-from: FILE` in the list of a menu of a layer's `rows`"
            self._problem(f"{ROWS_FROM} may not stand here", where, remedy)
            return
        found = elsewhere(self.known, self.menu.path, name)
        told = f" in {self.known.told}" if found or self.rules.told else ""
        writable = [each.name for each in self.menu.writable]
        where = written(where, origin) if found and origin else where
        self._problem(f"unknown property '{name}'{told}", where, found or suggest(name, [*writable, *Marks.NAMES]))

    def _text(self, node: Node) -> str:
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return text_of(node)
        self._problem(f"expected text, got {kind(node)}", node)
        return ""

    def _problem(self, message: str, where: Node | Source, remedy: str = "") -> None:
        source = where if isinstance(where, Source) else where.source
        self.problems.append(Problem(f"{self.menu.path}: {message}", source, remedy))
