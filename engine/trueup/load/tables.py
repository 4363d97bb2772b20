"""`rows-from`: a layer's rows that a CSV or JSON-lines file of the network holds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.csv_table import read_csv
from trueup.load.json_table import read_json
from trueup.load.layer import Layer
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode, TableNode, kind
from trueup.load.tree import Tree

ROWS_FROM = "rows-from"
"""The key that names the file."""
READERS = {".csv": read_csv, ".jsonl": read_json}
"""What reads a file, by how its name ends."""
MOST = 20
"""The most problems of one such file that are told."""


class Tables:
    """A network's tables, each read once; what is wrong goes to `problems`."""

    def __init__(self, tree: Tree, problems: list[Problem]) -> None:
        self._tree, self._problems = tree, problems
        self._paths = frozenset(tree.paths)
        self._read: dict[str, TableNode | None] = {}

    def fill(self, layer: Layer) -> Layer:
        """The layer with the rows of files in the place of their names."""
        rows = layer.node.get("rows")
        if not isinstance(rows, MappingNode) or not any(map(_names_a_file, rows.entries.values())):
            return layer
        filled = {path: self._menu(node, layer.file) for path, node in rows.entries.items()}
        entries = {**layer.node.entries, "rows": replace(rows, entries=filled)}
        return replace(layer, node=replace(layer.node, entries=entries))

    def _menu(self, node: Node, file: str) -> Node:
        if not isinstance(node, SequenceNode) or not _names_a_file(node):
            return node
        items: list[Node] = []
        for item in node:
            if isinstance(item, MappingNode) and ROWS_FROM in item:
                items += self._filled(item, file)
            else:
                items.append(item)
        return SequenceNode(tuple(items), node.source)

    def _filled(self, item: MappingNode, file: str) -> Iterable[Node]:
        """What stands in the place of an entry: the rows, or the scope with them behind its own."""
        table = self._table(item[ROWS_FROM], file)
        if "scope" not in item:
            for key in item.without(ROWS_FROM):
                remedy = "let `rows-from` stand alone, or in a scope"
                self._problem(f"'{key}' beside {ROWS_FROM}", item.keys[key], remedy)
            return [table] if table else []
        rows = item.get("rows")
        if rows is not None and not isinstance(rows, SequenceNode):
            return [item.without(ROWS_FROM)]
        own = rows.items if isinstance(rows, SequenceNode) else ()
        both = SequenceNode((*own, table) if table else own, rows.source if rows else item.source)
        rest = item.without(ROWS_FROM)
        where = item.keys.get("rows", item.keys[ROWS_FROM])
        return [MappingNode({**rest.entries, "rows": both}, {**rest.keys, "rows": where}, item.source)]

    def _table(self, name: Node, file: str) -> TableNode | None:
        if not isinstance(name, ScalarNode) or not isinstance(name.value, str):
            self._problem(f"{ROWS_FROM}: expected a file's name, got {kind(name)}", name.source, "write guests.csv")
            return None
        path = self._path(name, name.value, file)
        if path is not None and path not in self._read:
            self._read[path] = self._parse(path)
        return self._read.get(path) if path is not None else None

    def _path(self, node: ScalarNode, name: str, file: str) -> str | None:
        """The file's path in the network, None where there is none to read."""
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(file), name)).lstrip("/")
        up = posixpath.normpath(posixpath.join(posixpath.dirname(file), name)) if name[:1] != "/" else ""
        if up.startswith("../") or up == ".." or "\0" in name:
            self._problem(f"{ROWS_FROM}: {name} leads out of the network's folder", node.source, "put the file into it")
        elif posixpath.splitext(path)[1] not in READERS:
            self._problem(
                f"{ROWS_FROM}: {name} is neither .csv nor .jsonl", node.source, "name a CSV or JSON-lines file"
            )
        elif path not in self._paths:
            tables = [each for each in self._paths if posixpath.splitext(each)[1] in READERS]
            close = get_close_matches(path, tables, n=1)
            remedy = (
                f"did you mean /{close[0]}?"
                if close
                else f"it would be beside {file}; a path from the network's folder begins with /"
            )
            self._problem(f"{ROWS_FROM}: there is no file {path} in the network", node.source, remedy)
        else:
            return path
        return None

    def _parse(self, path: str) -> TableNode | None:
        try:
            data = self._tree.read(path)
        except DeclarationError as error:
            self._problems += error.problems
            return None
        found: list[Problem] = []
        table = READERS[posixpath.splitext(path)[1]](data, path, found)
        self._problems += bounded(found)
        return table

    def _problem(self, message: str, where: Source, remedy: str) -> None:
        self._problems.append(Problem(message, where, remedy))


def bounded(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, of each table the first of them, and one more that says that there are others."""
    kept: list[Problem] = []
    counts: dict[str, int] = {}
    for problem in problems:
        where = problem.where
        if isinstance(where, Source) and posixpath.splitext(where.file)[1] in READERS:
            counts[where.file] = count = counts.get(where.file, 0) + 1
            if count > MOST + 1:
                continue
            if count > MOST:
                problem = Problem("there are more problems in this file", where, "correct these first")
        kept.append(problem)
    return kept


def _names_a_file(node: Node) -> bool:
    return isinstance(node, SequenceNode) and any(isinstance(item, MappingNode) and ROWS_FROM in item for item in node)
