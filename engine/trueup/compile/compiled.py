"""What comes of compiling a router."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.errors import Problem, Source
from trueup.row import Desired


@dataclass(frozen=True, slots=True)
class Peer:
    """A note that something declared once has its other half on another router.

    `what` names it as an operator would; `source` is where it is declared, in this router's files or the other's.
    """

    router: str
    what: str
    source: Source

    def __str__(self) -> str:
        return f"{self.what}: the other half is on {self.router}"


@dataclass(frozen=True, slots=True)
class Compiled:
    """One router's desired rows, for `version` of RouterOS; `warnings` are what only the router can tell."""

    router: str
    version: str
    desired: Desired
    peers: tuple[Peer, ...] = ()
    warnings: tuple[Problem, ...] = ()
