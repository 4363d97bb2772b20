"""The safety net that a plan is applied under, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Hold = Literal["", "api", "ssh"]


@dataclass(frozen=True, slots=True)
class Net:
    """What brings a router back where a plan goes wrong in the middle, without a reboot.

    `hold` is safe mode, held over the API or in a console over SSH. `unroll` arms a scheduler row that ends a hold of
    ours whose path was cut; `undo` arms a script on the router that takes exactly this plan back. `batches` counts the
    portions that are verified and released one after the other. `outside` are changes, from 0, that no net covers
    because they are bulk data that cuts nobody off; `uncovered` those that the script cannot take back, and why.
    `confirm` is seconds that the script stays armed after the apply, 0 for not at all.
    """

    hold: Hold = ""
    unroll: bool = False
    undo: bool = False
    batches: int = 1
    outside: tuple[int, ...] = ()
    uncovered: tuple[tuple[int, str], ...] = ()
    confirm: int = 0
    reason: str = ""

    @property
    def name(self) -> str:
        """The net in a few words."""
        words = {"api": ["safe mode"], "ssh": ["safe mode over SSH"]}.get(self.hold, [])
        if self.undo:
            words.append("inverse script")
        return " and ".join(words) or "none"

    @property
    def none(self) -> bool:
        return not self.hold and not self.undo


GUARD = "trueup-guard"
UNDO = "trueup-undo"


def ours(name: str) -> bool:
    """Whether a scheduler's or script's name is one of a net's own rows, which come and go with an apply."""
    return name.startswith((f"{GUARD}-", f"{UNDO}-"))
