"""The plan for one router: all that apply needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trueup.errors import Source
from trueup.plan.change import Add, Change, Move, Remove, Set, Values
from trueup.plan.net import Net
from trueup.plan.risk import Check, Disruption, Guard, Lockout

Kind = Literal["add", "change", "move", "remove"]

FORMAT_VERSION = "1.1"
"""Readers ignore unknown keys of a newer minor version and refuse another major one."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know that is no change, such as a protected row that stays."""

    text: str
    menu: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A row of an ordered table as it will stand: position from 1 within its stratum, and its changes, if any."""

    position: int
    row: Values
    changes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The touched part of one stratum of an ordered menu, as it will stand, with how many dynamic rows stay."""

    menu: str
    stratum: Values
    rows: tuple[Neighbour, ...]
    dynamic: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done to one router.

    `stages` run one after the other; changes of a stage do not depend on each other, except that adds and moves
    of one ordered menu run in their order. `fingerprint` is a keyed digest of the live rows that the changes touch,
    refer to and stand beside; it differs when the plan has gone stale. `lockout` is None where no change could cut the
    manager off, or where its way to the router says nothing. `disruption` is None where nobody has looked. `guards`
    say why the plan's hash must be named, `checks` what stands in its way. `net` is None for an empty plan.
    """

    router: str
    host: str
    version: str
    serial: str
    commit: str
    stages: tuple[tuple[Change, ...], ...] = ()
    fingerprint: str = ""
    notes: tuple[Note, ...] = ()
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    lockout: Lockout | None = None
    disruption: Disruption | None = None
    guards: tuple[Guard, ...] = ()
    checks: tuple[Check, ...] = ()
    net: Net | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes in order; `Created(n)` counts along it."""
        return tuple(change for stage in self.stages for change in stage)

    @property
    def empty(self) -> bool:
        return not any(self.stages)

    def count(self, kind: Kind) -> int:
        """How many rows the plan adds, changes, moves or removes."""
        types = {"add": Add, "change": Set, "move": Move, "remove": Remove}[kind]
        return sum(len(c.targets) if isinstance(c, Move) else 1 for c in self.changes if isinstance(c, types))
