"""A router's file while it is being written: what any text below its head would compile to."""

from __future__ import annotations

from dataclasses import replace

from trueup.compile import Compiled, Compiler
from trueup.errors import Source
from trueup.load.compose import compose_mapping
from trueup.load.layer import merge_layers
from trueup.load.network import Network


class Candidate:
    """One router of a network that knows its file's `head` already, whole lines; the network is read only once."""

    def __init__(self, network: Network, router: str, head: str, version: str) -> None:
        self._compiler = Compiler(network)
        self._router = network.router(router)
        self._head, self._version = head, version
        self._lines = head.count("\n")

    def says(self, intent: str, *, anywhere: bool) -> bool:
        """Whether the head declares an intent already, or any layer does."""
        return intent in (self._router.document if anywhere else self._router.layers[-1].node)

    def compile(self, text: str) -> Compiled:
        """The rows of the file with this text below its head; raises DeclarationError with every problem."""
        own = self._router.layers[-1]
        node = compose_mapping((self._head + text).encode("utf-8"), own.file)
        layers = (*self._router.layers[:-1], replace(own, node=node))
        router = replace(self._router, layers=layers, document=merge_layers(layers))
        return self._compiler.compile(router, self._version)

    def line(self, source: Source) -> int:
        """The line of the text below the head, from 0; -1 for any other place."""
        return source.line - self._lines - 1 if source.file == self._router.file else -1
