"""Places in templates, told apart from places in what the operator wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trueup.errors import Source
from trueup.load.node import MappingNode, Node, ScalarNode

NOWHERE = Source("")


@dataclass(frozen=True, slots=True)
class DrawnSource(Source):
    """A place in a template; `origin` is where the operator wrote what the template was drawn for."""

    origin: Source = NOWHERE


def origin_of(node: Node, row: Source | None = None) -> Source:
    """Where the operator wrote a value; for one that a template holds itself, where its row comes from."""
    if not isinstance(node.source, DrawnSource):
        return node.source
    return row or node.source.origin


def written(key: Source, origin: Source) -> Source:
    """The place of a key that the operator wrote; of one that a template holds, what the operator wrote for it."""
    return origin if isinstance(key, DrawnSource) else key


def row_origin(node: Node) -> Source:
    """Where the operator wrote what became this row: its first value that isn't the template's own."""
    if not isinstance(node.source, DrawnSource):
        return node.source
    return next((source for source in _sources(node) if not isinstance(source, DrawnSource)), node.source.origin)


def _sources(node: Node) -> Iterator[Source]:
    if isinstance(node, ScalarNode):
        yield node.source
        return
    for item in node.entries.values() if isinstance(node, MappingNode) else node.items:
        yield from _sources(item)
