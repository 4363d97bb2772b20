"""What a plan may break, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trueup.errors import Source
from trueup_schemas.catalogue.disturbance import EFFECTS, Effect

Verdict = Literal["kept", "may be cut", "cut"]
Fate = Literal["stay", "drop", "behind it"]
"""What becomes of sessions: leases are `behind` a link that blinks, since clients keep them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Why the manager could not come back in after the plan's n-th change (from 0): the first change that does it."""

    verdict: Verdict
    change: int
    menu: str
    text: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Lockout:
    """Whether a new connection of the manager's gets in after each change; `cuts` say what would keep it out."""

    cuts: tuple[Cut, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of all steps."""
        found = {cut.verdict for cut in self.cuts}
        return "cut" if "cut" in found else "may be cut" if found else "kept"


@dataclass(frozen=True, slots=True)
class Blink:
    """One thing that a plan disturbs, or of which nobody knows: `what` for people, and the changes (from 0) that do it.

    `text` says why that is believed, "" where nothing is known.
    """

    effect: Effect
    what: str
    menu: str
    changes: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sessions:
    """How many sessions of one kind (`PPP session`) there were when the plan was made, and what becomes of them.

    Where `exact` is False, it is these at most.
    """

    kind: str
    count: int
    fate: Fate
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Disruption:
    """What a plan disturbs while it is carried out; `sessions` are those that were asked for."""

    blinks: tuple[Blink, ...] = ()
    sessions: tuple[Sessions, ...] = ()

    @property
    def worst(self) -> Effect:
        """The worst effect of all changes; `unknown` is worse than none and says nothing of the others."""
        return max((blink.effect for blink in self.blinks), key=EFFECTS.index, default="none")


GuardKind = Literal["removes", "empties", "prunes", "cannot be undone"]


@dataclass(frozen=True, slots=True)
class Guard:
    """Why a plan is carried out only by those who name its hash."""

    kind: GuardKind
    text: str
    menu: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Something about the router that stands in the plan's way, or that should be known before it is carried out."""

    level: Literal["refuse", "warn"]
    text: str
    remedy: str
    menu: str = ""
