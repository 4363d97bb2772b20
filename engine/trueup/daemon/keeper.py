"""What the parts of the daemon have of each other."""

from __future__ import annotations

from typing import Protocol

from trueup.audit import Audit
from trueup.daemon.board import Board
from trueup.daemon.errands import Errands
from trueup.daemon.events import Bus
from trueup.daemon.metrics import Metrics
from trueup.daemon.revision import Revision
from trueup.daemon.rollouts import Rollouts
from trueup.daemon.turns import Turns
from trueup.secrets import Stores


class Keeper(Protocol):
    """The daemon, as those see it that work for it; `force` is the commit in force."""

    bus: Bus
    board: Board
    audit: Audit
    rollouts: Rollouts
    turns: Turns
    errands: Errands
    metrics: Metrics
    stores: Stores

    @property
    def force(self) -> Revision: ...

    def approved(self, router: str, hash: str, lock_out: bool) -> bool:
        """Whether somebody who may has agreed to a router's plan, and to being locked out by it."""
