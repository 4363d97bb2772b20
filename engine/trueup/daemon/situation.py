"""What a look at a router starts from, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from trueup.daemon.fights import Fights
from trueup.daemon.revision import Revision
from trueup.daemon.status import Opening, RouterStatus, Suspension
from trueup.diff.owned import Owned
from trueup.load.router import Router
from trueup.plan import Plan, Report

DECLARED, DRIFT = "declared", "drift"
"""Why a menu differs: a commit has not reached the router yet, or somebody has changed it there."""


@dataclass(frozen=True)
class Situation:
    """What is known of a router before it is looked at.

    `coming` are the menus that a rollout changes there (None: all), empty where none does; `begun` tells whether the
    rollout has come to it. `approved` tells whether somebody agreed to the plan of a hash, and to being locked out by
    it. `mark` is that of the last snapshot, None where none is known.
    `brought` tells which menus still hold something of a commit that was on its way here and is not wanted any more.
    """

    revision: Revision
    router: Router
    coming: frozenset[str] | None = frozenset()
    begun: bool = False
    suspended: Suspension | None = None
    opening: Opening = field(default_factory=Opening)
    fights: Fights = field(default_factory=Fights)
    approved: Callable[[str, bool], bool] = lambda *_: False
    mark: int | None = None
    brought: Callable[[str], frozenset[str]] = lambda _: frozenset()

    def cause(self, menu: str, owned: Owned | None) -> str:
        """Why a menu that differs does; `owned` names the menus that something was ever written to, and from where."""
        if owned is None or self.coming is None or menu in self.coming or menu not in owned.menus:
            return DECLARED
        return DECLARED if menu in self.brought(owned.commit) else DRIFT

    def writes(self, menu: str, cause: str, fights: Fights) -> bool:
        """Whether a difference in a menu is closed, suspension and windows aside; a fight is not gone on with."""
        mode = self.router.reconcile.mode_of(menu)
        if mode == "observe":
            return False
        return self.begun if cause == DECLARED else mode == "enforce" and fights.fighting(menu) is None


@dataclass(frozen=True)
class Visited:
    """What came of a look: the router's status, the plan as it stood, what was written, what is there now.

    `failed`: it is to be tried again soon. `pending`: a commit brings it something that is not done. `marks` tell
    drift in a menu from other drift in it; `sessions` were there before something was written. `snapshot` is None
    where it is as it was.
    """

    status: RouterStatus
    failed: bool = False
    pending: bool = False
    plan: Plan | None = None
    report: Report | None = None
    marks: Mapping[str, str] = field(default_factory=dict)
    fights: Fights = field(default_factory=Fights)
    sessions: Mapping[str, int] = field(default_factory=dict)
    mark: int | None = None
    snapshot: Mapping[str, Any] | None = None

    @property
    def wrote(self) -> bool:
        """Whether something was done to the router and stands."""
        return self.report is not None and self.report.converged

    def menus(self, cause: str) -> tuple[str, ...]:
        return tuple(drift.menu for drift in self.status.drift if drift.cause == cause)
