"""The words of a row that are no properties: was, place, protect, ignore and slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from trueup.compile.drawn import origin_of
from trueup.compile.entry import Cell
from trueup.errors import Problem
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode, kind
from trueup.load.validate import suggest
from trueup.row import Place, Value
from trueup_schemas.catalogue import Menu

_SIDES = ("first", "last")
_BESIDE = ("before", "after")

CellReader = Callable[[MappingNode], dict[str, Cell]]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a row says besides its properties."""

    NAMES: ClassVar[tuple[str, ...]] = ("was", "place", "protect", "ignore", "slot")

    was: Mapping[str, Value] = field(default_factory=dict)
    place: Place | None = None
    protect: bool = False
    ignore: frozenset[str] = frozenset()
    slot: str = ""


@dataclass(frozen=True, slots=True)
class MarksReader:
    """Reads the marks of one menu's rows; `cells` reads properties, `problems` gathers what is wrong."""

    menu: Menu
    problems: list[Problem]
    cells: CellReader

    def read(self, node: MappingNode) -> Marks:
        read = {name: getattr(self, f"_{name}")(value) for name, value in node.entries.items()}
        return Marks(**{name: value for name, value in read.items() if value is not None})

    def _was(self, node: Node) -> Mapping[str, Value] | None:
        if not self.menu.key:
            self._wrong(node, "was: rows of this menu have no key that could be renamed", "leave `was` out")
            return None
        beside = self._properties(node)
        for name in beside:
            if name not in self.menu.key:
                self._wrong(node, f"was: {name} is not part of the key", f"the key is {', '.join(self.menu.key)}")
                return None
        return beside or None

    def _place(self, node: Node) -> Place | None:
        if not self.menu.ordered:
            self._wrong(node, "place: the order of this menu does not count", "leave `place` out")
            return None
        if isinstance(node, ScalarNode) and node.value in _SIDES:
            return Place("first" if node.value == "first" else "last", source=origin_of(node))
        if isinstance(node, MappingNode) and len(node) == 1 and (side := next(iter(node))) in _BESIDE:
            beside = {name: value for name, value in self._properties(node[side]).items() if isinstance(value, str)}
            return Place("before" if side == "before" else "after", beside, origin_of(node)) if beside else None
        self._wrong(node, "place: expected first, last, {before: ...} or {after: ...}", "")
        return None

    def _properties(self, node: Node) -> dict[str, Value]:
        """Properties that tell a row: a mapping, or one text that is the row's key, or its comment."""
        if isinstance(node, ScalarNode) and node.value is not None:
            name = _telling(self.menu)
            node = MappingNode({name: node}, {name: node.source}, node.source)
        if isinstance(node, MappingNode) and node.entries:
            return {name: cell.value for name, cell in self.cells(node).items()}
        self._wrong(node, f"expected a row's properties, got {kind(node)}", "write {name: value}, or a comment")
        return {}

    def _protect(self, node: Node) -> bool | None:
        words = {True: True, "yes": True, "true": True, False: False, "no": False, "false": False}
        if isinstance(node, ScalarNode) and isinstance(node.value, str | bool) and node.value in words:
            return words[node.value]
        self._wrong(node, f"protect: expected yes or no, got {kind(node)}", "")
        return None

    def _ignore(self, node: Node) -> frozenset[str] | None:
        items = node.items if isinstance(node, SequenceNode) else (node,)
        names: set[str] = set()
        for item in items:
            name = item.value if isinstance(item, ScalarNode) else None
            if not isinstance(name, str) or name not in self.menu.properties:
                remedy = suggest(str(name), [each.name for each in self.menu.writable])
                self._wrong(item, f"ignore: expected a property, got '{name}'", remedy)
                return None
            names.add(name)
        return frozenset(names)

    def _slot(self, node: Node) -> str | None:
        if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.value:
            return node.value
        self._wrong(node, f"slot: expected a name, got {kind(node)}", "")
        return None

    def _wrong(self, node: Node, message: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.menu.path}: {message}", node.source, remedy))


def _telling(menu: Menu) -> str:
    """The property that one text stands for: of a key, the part that is not where the row belongs; else the comment."""
    own = [name for name in menu.key if name == "name" or not menu.properties[name].refers]
    return (sorted(own, key=lambda name: name != "name") or [*menu.key, "comment"])[0]
