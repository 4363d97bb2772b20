"""What a review found, as data: for the comment, the annotations, the saved plan and the status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from trueup.errors import Problem
from trueup.load.history import Commit
from trueup.plan import Plan
from trueup.plan.digest import run_hash
from trueup.review.approvals import Needed

Against = Literal["router", "snapshot", "base", ""]
"""What a plan was made against: the live router, its last snapshot, what the base declares; "" where there is none."""

Kind = Literal["changed", "new", "removed"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One router that the change touches.

    `reason` says why the plan was not made against the router itself, `problems` why there is none. `secrets` are
    names of secrets that its rows did not name before, `before` how many changes of the plan there would be without
    the change under review: drift, or what was merged and not applied yet.
    """

    router: str
    kind: Kind
    plan: Plan | None = None
    against: Against = ""
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    connect_changed: bool = False
    secrets: tuple[str, ...] = ()
    before: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """One change. `total` is how many routers the head has, `prefix` where the network lies in its repository.

    `notes` are about the whole of it: a base that is not the newest, walls that could not be put up.
    """

    network: str
    base: Commit
    head: Commit
    routers: tuple[Reviewed, ...] = ()
    problems: tuple[Problem, ...] = ()
    needed: tuple[Needed, ...] = ()
    total: int = 0
    prefix: str = ""
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Why the change cannot be merged as it is: what does not validate, and what cannot be planned."""
        own = [problem for problem in self.problems if problem.severity == "error"]
        own += (each for router in self.routers for each in router.problems if each.severity == "error")
        return tuple(dict.fromkeys(own))

    @property
    def plans(self) -> list[Plan]:
        """The plans made against live routers: those that can be saved, and agreed to."""
        return [each.plan for each in self.routers if each.plan is not None and each.against == "router"]

    @property
    def busy(self) -> Sequence[Reviewed]:
        """Routers with something to do, as far as that is known."""
        return [each for each in self.routers if each.plan is not None and not each.plan.empty]

    @property
    def hash(self) -> str:
        """The hash of all live plans together, "" where they do nothing."""
        found = [plan for plan in self.plans if not plan.empty]
        return run_hash(found) if found else ""

    @property
    def waiting(self) -> tuple[Needed, ...]:
        """What nobody has agreed to yet."""
        return tuple(each for each in self.needed if each.given is None)
