"""Mappings that are written alike, such as the rows of a menu, share their keys: thousands of rows stay in memory."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field

from trueup.errors import Source
from trueup.load.node import Node


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of mappings and where they stand: how many lines below the mapping's beginning, and in which column."""

    names: tuple[str, ...]
    lines: tuple[int, ...]
    columns: tuple[int, ...]
    index: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {name: at for at, name in enumerate(self.names)})


class Entries(Mapping[str, Node]):
    """One mapping's values by their keys."""

    __slots__ = ("_nodes", "_shape")

    def __init__(self, shape: Shape, nodes: tuple[Node, ...]) -> None:
        self._shape, self._nodes = shape, nodes

    def __getitem__(self, key: str) -> Node:
        return self._nodes[self._shape.index[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._shape.index

    def __iter__(self) -> Iterator[str]:
        return iter(self._shape.names)

    def __len__(self) -> int:
        return len(self._nodes)

    def __repr__(self) -> str:
        return repr(self._whole())

    def items(self) -> ItemsView[str, Node]:
        return self._whole().items()

    def values(self) -> ValuesView[Node]:
        return self._whole().values()

    def _whole(self) -> dict[str, Node]:
        return dict(zip(self._shape.names, self._nodes, strict=True))


class Places(Mapping[str, Source]):
    """Where one mapping's keys stand."""

    __slots__ = ("_begin", "_shape")

    def __init__(self, shape: Shape, begin: Source) -> None:
        self._shape, self._begin = shape, begin

    def __getitem__(self, key: str) -> Source:
        at = self._shape.index[key]
        return Source(self._begin.file, self._begin.line + self._shape.lines[at], self._shape.columns[at])

    def __contains__(self, key: object) -> bool:
        return key in self._shape.index

    def __iter__(self) -> Iterator[str]:
        return iter(self._shape.names)

    def __len__(self) -> int:
        return len(self._shape.names)

    def __repr__(self) -> str:
        return repr(dict(self))
