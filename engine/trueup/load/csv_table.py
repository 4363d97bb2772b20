"""CSV (RFC 4180) becomes rows: each cell with its line and column in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trueup.errors import Problem, Source
from trueup.load.build import SECRET
from trueup.load.node import Column, MappingNode, Node, ScalarNode, SequenceNode, TableNode
from trueup.load.table_text import decode_table
from trueup_schemas.secret import SecretRef

COLUMNS = 500
"""The most columns that a table may have."""
UNSET, EMPTY = "~", '""'
"""The cells that take a property away, and that make it an empty text; a cell without anything omits it."""

_NAME = re.compile(r"(!secret +)?([a-z0-9][a-z0-9./-]*)\Z")
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')
_PLAIN = re.compile(r"[^,\r\n]*")
_END = re.compile(r"\r?\n|\Z")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, quotes taken away; line and column count from 1."""

    text: str
    line: int
    column: int


def read_csv(data: bytes, file: str, problems: list[Problem]) -> TableNode:
    """The file's rows; what is wrong with it goes to `problems`, which never repeat a cell."""
    records = _Records(decode_table(data, file, problems), file, problems)
    lines = iter(records)
    header = next(lines, None)
    if header is None:
        if not problems:
            remedy = "write property names, such as name,comment, in the first line"
            problems.append(Problem("the file is empty", Source(file), remedy))
        return TableNode((), Source(file), {})
    names = _header(header, file, problems)
    columns = {name: column for each in names if each is not None for name, column in (each,)}
    keys = {name: column.source for name, column in columns.items()}
    reader = _RowReader(file, names, keys, problems)
    rows = tuple(row for line in lines if (row := reader.read(line)) is not None)
    return TableNode(rows, Source(file), columns, None not in names)


def _header(cells: list[Cell], file: str, problems: list[Problem]) -> list[tuple[str, Column] | None]:
    """The columns in their order, None for one that has no good name."""
    names: list[tuple[str, Column] | None] = []
    seen: dict[str, int] = {}
    for cell in cells:
        where = Source(file, cell.line, cell.column)
        found = _NAME.match(cell.text)
        if found and found[2] not in seen:
            names.append((found[2], Column(where, bool(found[1]))))
            seen[found[2]] = cell.column
            continue
        names.append(None)
        if found:
            message, remedy = f"two columns have this name; the other is in column {seen[found[2]]}", "keep one of them"
        elif len(cells) == 1 and ";" in cell.text:
            message, remedy = "the columns are divided by semicolons", "save the file with commas between its cells"
        else:
            message = "a column without a property's name" if cell.text else "a column without a name"
            remedy = "write property names, such as name,comment, in the first line"
        problems.append(Problem(message, where, remedy))
    return names


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Makes rows of records; `keys` are the same for all."""

    file: str
    names: list[tuple[str, Column] | None]
    keys: dict[str, Source]
    problems: list[Problem]

    def read(self, cells: list[Cell]) -> MappingNode | None:
        """The row, None where all its cells are empty or there are too few or too many."""
        if not any(cell.text for cell in cells):
            return None
        first = cells[0]
        if len(cells) != len(self.names):
            message = f"the row has {_counted(cells)}, the header has {len(self.names)}"
            remedy = "put quotes around a cell that holds a comma; leave a cell empty, but keep its comma"
            self.problems.append(Problem(message, Source(self.file, first.line, first.column), remedy))
            return None
        entries: dict[str, Node] = {}
        for cell, named in zip(cells, self.names, strict=True):
            if cell.text and named is not None:
                entries[named[0]] = self._node(cell, *named)
        return MappingNode(entries, self.keys, Source(self.file, first.line, first.column))

    def _node(self, cell: Cell, name: str, column: Column) -> Node:
        source = Source(self.file, cell.line, cell.column)
        text = cell.text
        if text == UNSET:
            return ScalarNode(None, source, "")
        if text == EMPTY:
            return ScalarNode("", source, "")
        if column.secret:
            if not SECRET.match(text):
                remedy = "write a name such as hotspot/guest-1; the secret itself is in the secret store"
                self.problems.append(Problem(f"{name}: this is no secret's name", source, remedy))
            return ScalarNode(SecretRef(text), source, text)
        if name == "ignore":
            return SequenceNode(tuple(ScalarNode(one, source, one) for one in text.split(",")), source)
        return ScalarNode(text, source, text)


def _counted(cells: list[Cell]) -> str:
    return f"{len(cells)} cell{'' if len(cells) == 1 else 's'}" if len(cells) <= COLUMNS else "too many cells"


class _Records:
    """The records of a text, blank lines left out."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.text, self.file, self.problems = text, file, problems

    def __iter__(self) -> Iterator[list[Cell]]:
        position, line = 0, 1
        while position < len(self.text):
            end = self.text.find("\n", position)
            end = len(self.text) if end < 0 else end
            if self.text.find('"', position, end) >= 0:
                cells, position, line = self._quoted(position, line)
                yield cells
                continue
            record = self.text[position:end].removesuffix("\r")
            if record:
                yield self._plain(record, line)
            position, line = end + 1, line + 1

    def _plain(self, record: str, line: int) -> list[Cell]:
        """The cells of a record without quotes: one line."""
        if "\r" in record:
            self._problem("a carriage return within a line", line, record.index("\r") + 1, "end lines with a line feed")
        cells: list[Cell] = []
        column = 1
        for text in record.split(",", COLUMNS):
            cells.append(Cell(text, line, column))
            column += len(text) + 1
        return cells

    def _quoted(self, position: int, line: int) -> tuple[list[Cell], int, int]:
        """The cells of a record with quotes, and the position and line behind it."""
        cells: list[Cell] = []
        start = self.text.rfind("\n", 0, position) + 1
        while True:
            column, first = position - start + 1, line
            text, position = self._cell(position, line, column)
            if breaks := self.text.count("\n", start + column - 1, position):
                line += breaks
                start = self.text.rfind("\n", 0, position) + 1
            if len(cells) <= COLUMNS:
                cells.append(Cell(text, first, column))
            if self.text.startswith(",", position):
                position += 1
                continue
            end = _END.match(self.text, position)
            return cells, end.end() if end else position + 1, line + 1

    def _cell(self, position: int, line: int, column: int) -> tuple[str, int]:
        """A cell's text, and the position behind it; odd quotes are told, and read past."""
        found = _QUOTED.match(self.text, position)
        if found is None and self.text.startswith('"', position):
            self._problem("the quote is never closed", line, column, "close it; write a quote within a cell twice")
            return "", len(self.text)
        behind = found.end() if found else position
        rest = _PLAIN.match(self.text, behind)
        end = rest.end() if rest else behind
        if found and end > behind:
            where = Source(self.file, line, column)
            remedy = "put the whole cell in quotes, and write a quote within it twice"
            self.problems.append(Problem("text behind the closing quote of this cell", where, remedy))
        elif not found and '"' in self.text[position:end]:
            self._problem(
                "a quote within a cell without quotes", line, column, "quote the cell, and write the quote twice"
            )
        return found[1].replace('""', '"') if found else self.text[position:end], end

    def _problem(self, message: str, line: int, column: int, remedy: str) -> None:
        self.problems.append(Problem(message, Source(self.file, line, column), remedy))
