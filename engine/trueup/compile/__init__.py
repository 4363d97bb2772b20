"""What is declared becomes the rows that each router should have.

compiled = compile_router(network, network.router("harbour-edge-1"))
compiled.desired.tables["/ip/pool"]
"""

from __future__ import annotations

from trueup.compile.compiled import Compiled, Peer
from trueup.compile.compiler import Compiler
from trueup.compile.names import secret_names
from trueup.errors import DeclarationError, Problem
from trueup.load.compose import no_collection
from trueup.load.network import Network
from trueup.load.router import Router

__all__ = ["Compiled", "Compiler", "Peer", "compile_network", "compile_router", "secret_names"]


def compile_router(network: Network, router: Router, version: str | None = None) -> Compiled:
    """One router's rows; `version` counts where it declares none, else the newest that the catalogue knows.

    Raises DeclarationError with all of the router's problems.
    """
    return Compiler(network).compile(router, version)


def compile_network(network: Network) -> tuple[Compiled, ...]:
    """Every router's rows, by name; raises DeclarationError with all problems of all routers."""
    with no_collection():
        return _compile_all(network)


def _compile_all(network: Network) -> tuple[Compiled, ...]:
    compiler = Compiler(network)
    compiled: list[Compiled] = []
    problems: dict[Problem, None] = {}
    for router in network.routers:
        try:
            compiled.append(compiler.compile(router, None))
        except DeclarationError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise DeclarationError(problems)
    return tuple(compiled)
