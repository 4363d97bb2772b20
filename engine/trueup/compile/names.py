"""The names of secrets that a network needs."""

from __future__ import annotations

from trueup.load.network import Network
from trueup.load.node import find_secrets


def secret_names(network: Network) -> tuple[str, ...]:
    """Every secret that a router's files name, sorted; also where nothing uses it."""
    layers = (layer.node for router in network.routers for layer in router.layers)
    return tuple(sorted({ref.name for node in layers for ref, _ in find_secrets(node)}))
