"""What a YAML file says, with the place of every key and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trueup.errors import Source
from trueup_schemas.secret import SecretRef

Scalar = str | int | bool | None | SecretRef
"""Text, a plain decimal integer, `true` or `false`, `~`, or a secret's name; never a float, a date or an octal."""


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One value; `text` is what was written, without quotes (for a secret, its name)."""

    value: Scalar
    source: Source
    text: str

    def plain(self) -> Scalar:
        return self.value


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    items: tuple[Node, ...]
    source: Source

    def plain(self) -> list[Any]:
        """Ordinary Python data, without places."""
        return [item.plain() for item in self.items]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: where it is named, and whether its cells are names of secrets."""

    source: Source
    secret: bool = False


@dataclass(frozen=True, slots=True)
class TableNode(SequenceNode):
    """The rows of a file that `rows-from` names; `columns` by name, none where each row names its own properties.

    A table that is not `sound` has columns that its rows lack: only what is wrong with its values counts.
    """

    columns: Mapping[str, Column]
    sound: bool = True


@dataclass(frozen=True, slots=True, weakref_slot=True)
class MappingNode:
    """A mapping, in the order it was written; `keys` tells where each key stands."""

    entries: Mapping[str, Node]
    keys: Mapping[str, Source]
    source: Source

    def plain(self) -> dict[str, Any]:
        """Ordinary Python data, without places."""
        return {key: node.plain() for key, node in self.entries.items()}

    def __contains__(self, key: object) -> bool:
        return key in self.entries

    def __getitem__(self, key: str) -> Node:
        return self.entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, key: str) -> Node | None:
        return self.entries.get(key)

    def only(self, *keys: str) -> MappingNode:
        """The same mapping with these keys alone, those of them that are there."""
        return self._cut({key for key in keys if key in self.entries})

    def without(self, *keys: str) -> MappingNode:
        """The same mapping less these keys."""
        return self._cut(self.entries.keys() - set(keys))

    def _cut(self, kept: set[str]) -> MappingNode:
        entries = {key: node for key, node in self.entries.items() if key in kept}
        return MappingNode(entries, {key: self.keys[key] for key in entries}, self.source)


Node = ScalarNode | SequenceNode | MappingNode


def kind(node: Node) -> str:
    """What a node is, in an operator's words: "a list", "a mapping", "a secret", "text", "a number"..."""
    if isinstance(node, ScalarNode):
        return scalar_kind(node.value)
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


def scalar_kind(value: object) -> str:
    """What a scalar's value is, in an operator's words."""
    names = {bool: "true or false", int: "a number", str: "text", SecretRef: "a secret"}
    return "nothing" if value is None else names.get(type(value), "something else")


def find_secrets(node: Node) -> Iterator[tuple[SecretRef, Source]]:
    """Every secret that is named below a node, with the place that names it."""
    if isinstance(node, ScalarNode):
        if isinstance(node.value, SecretRef):
            yield node.value, node.source
        return
    for inner in node.items if isinstance(node, SequenceNode) else node.entries.values():
        yield from find_secrets(inner)
