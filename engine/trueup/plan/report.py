"""What happened to every change of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trueup.plan.plan import Plan


class Outcome(StrEnum):
    """`undone` was done and taken back; `unknown` is said only when the router could not be read back."""

    DONE = "done"
    NOT_DONE = "not done"
    UNDONE = "undone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """One change's outcome, in the plan's order; `id` is the row's `.id` where one was added."""

    outcome: Outcome
    error: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to one router.

    `left` is the difference that reading back found; it is empty, or the run failed. None: it was not read back.
    `notes` say what else came of it; `waiting` is seconds until the router takes all of it back unless it is confirmed.
    """

    plan: Plan
    results: tuple[Result, ...]
    left: Plan | None
    error: str = ""
    notes: tuple[str, ...] = ()
    waiting: int = 0

    @property
    def taken_back(self) -> bool:
        """Whether changes were made and all of them are undone."""
        outcomes = {result.outcome for result in self.results}
        return Outcome.UNDONE in outcomes and outcomes <= {Outcome.UNDONE, Outcome.NOT_DONE}

    @property
    def converged(self) -> bool:
        return not self.error and self.left is not None and self.left.empty
