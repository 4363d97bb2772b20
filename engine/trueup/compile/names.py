"""The names of secrets that a network needs."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.load.network import Network
from trueup.load.node import MappingNode, Node, ScalarNode
from trueup_schemas.secret import SecretRef


def secret_names(network: Network) -> tuple[str, ...]:
    """Every secret that the network's files name, sorted; wherever it stands, also where nothing uses it."""
    layers = (layer for router in network.routers for layer in router.layers)
    found = {name for layer in layers for name in _names(layer.node)}
    return tuple(sorted(found))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, ScalarNode):
        if isinstance(node.value, SecretRef):
            yield node.value.name
        return
    for each in node.entries.values() if isinstance(node, MappingNode) else node.items:
        yield from _names(each)
