"""Which safety net a plan gets: the strongest that its router is known to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trueup.plan import Plan
from trueup.plan.net import Net
from trueup.risk.batches import batches, outside
from trueup_schemas.catalogue import Catalogue

SAFE_MODE_SINCE = (7, 18)
"""Command trees have `/safe-mode` from 7.18 on, and not up to 7.17.1."""

LONGEST = 60_000
"""Bytes of the longest script: a file's contents may have 60 KiB, and a script's source is taken to be alike."""

Seen = Literal["unroll from the scheduler", "safe mode over SSH"]
"""What is used on a router only once a drill has seen it work there."""


@dataclass(frozen=True, slots=True)
class Able:
    """What a router lets a net use. `schedules` is "" where scripts may be scheduled, else why not."""

    release: tuple[int, int]
    schedules: str = ""
    console: bool = False
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Script:
    """What is known of the plan's inverse script: its bytes, and the changes that it cannot take back."""

    size: int
    uncovered: tuple[tuple[int, str], ...] = ()


def choose(plan: Plan, catalogue: Catalogue, able: Able, script: Script, confirm: int = 0) -> Net:
    """The net for a plan; `confirm` is seconds that its script stays armed, 0 for none."""
    hold: Literal["", "api", "ssh"] = ""
    if able.release >= SAFE_MODE_SINCE:
        hold = "api"
    elif able.console and "safe mode over SSH" in able.seen:
        hold = "ssh"
    loose = outside(plan)
    count = sum(batch.held for batch in batches(plan, catalogue, loose))
    unroll = hold == "api" and "unroll from the scheduler" in able.seen and not able.schedules
    cutting = plan.lockout is not None and not unroll
    undo = not able.schedules and script.size <= LONGEST and (not hold or count > 1 or cutting or confirm > 0)
    return Net(
        hold=hold,
        unroll=unroll,
        undo=undo,
        batches=count,
        outside=loose,
        uncovered=tuple(each for each in script.uncovered if each[0] not in loose) if undo else (),
        confirm=confirm if undo else 0,
        reason="" if undo else able.schedules or (_too_long(script) if script.size > LONGEST else ""),
    )


def _too_long(script: Script) -> str:
    return f"the inverse script would have {script.size} bytes, and {LONGEST} are known to fit"
