"""Layers: what a network, its groups, its sites and a router say, far to near, and how they add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from trueup.errors import Source
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode

Kind = Literal["network", "group", "site", "router"]

_HEADS = ("network", "group", "site", "router", "groups")
"""The keys that say which file this is; they are nobody else's."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One file's words on the routers it is about; `node` is the file's mapping (of trueup.yaml, its `defaults`)."""

    kind: Kind
    name: str
    file: str
    node: MappingNode

    @property
    def rows(self) -> MappingNode:
        """The layer's own `rows`, by menu; empty where it has none."""
        found = self.node.get("rows")
        return found if isinstance(found, MappingNode) else MappingNode({}, {}, self.node.source)


def merge_layers(layers: Iterable[Layer]) -> MappingNode:
    """What the layers say together, `rows` and the files' own names left out.

    Mappings merge by key; lists and scalars of the nearer layer replace. Labels add up; `connect.tls` is replaced
    as a whole, because its forms exclude each other; a top key that a nearer layer sets to `~` is taken away.
    """
    merged = MappingNode({}, {}, Source(""))
    for layer in layers:
        merged = _merge(merged, layer.node.without(*_HEADS, "rows"), ())
    return merged.without(*(key for key, node in merged.entries.items() if _nothing(node)))


def _nothing(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value is None


def _merge(far: MappingNode, near: MappingNode, path: tuple[str, ...]) -> MappingNode:
    if not far.entries:
        return near
    entries, keys = dict(far.entries), dict(far.keys)
    for key, node in near.entries.items():
        entries[key] = _merge_entry(entries[key], node, (*path, key)) if key in entries else node
        keys[key] = near.keys[key]
    return MappingNode(entries, keys, near.source)


def _merge_entry(far: Node, near: Node, path: tuple[str, ...]) -> Node:
    if isinstance(far, MappingNode) and isinstance(near, MappingNode) and path != ("connect", "tls"):
        return _merge(far, near, path)
    if path == ("labels",) and isinstance(far, SequenceNode) and isinstance(near, SequenceNode):
        return SequenceNode((*far.items, *near.items), near.source)
    return near
