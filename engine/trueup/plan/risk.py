"""What a plan may break, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trueup.errors import Source

Verdict = Literal["kept", "may be cut", "cut"]


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
