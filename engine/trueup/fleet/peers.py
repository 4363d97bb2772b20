"""Objects that span routers: which other routers hold the other halves."""

from __future__ import annotations

from collections.abc import Sequence

from trueup.compile import Compiled, Compiler
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.plan import Note


def with_peers(network: Network, routers: Sequence[Router]) -> tuple[Router, ...]:
    """The routers and those that hold the other halves of what they share."""
    names, compiler = {router.name for router in routers}, Compiler(network)
    for router in routers:
        names.update(peer.router for peer in compiler.compile(router, None).peers)
    return tuple(router for router in network.routers if router.name in names)


def peer_notes(compiled: Compiled, chosen: Sequence[Router]) -> tuple[Note, ...]:
    """A note for each other half on a router that is not part of the run."""
    names = {router.name for router in chosen}
    return tuple(
        Note(f"{peer}, which is not selected; --with-peers takes it along", source=peer.source)
        for peer in compiled.peers
        if peer.router not in names
    )
