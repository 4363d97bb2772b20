"""Portions of a plan that safe mode can hold: its history forgets what is older than its last 100 actions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from trueup.plan import Change, Move, Plan, Set
from trueup_schemas.catalogue import Catalogue

MOST = 80
"""Actions of one batch; the rest of the history's 100 are for what others and the net itself do meanwhile."""

BULK = frozenset({"/ip/dns/static", "/ip/firewall/address-list", "/ip/hotspot/user", "/ipv6/firewall/address-list"})
"""Menus of data whose rows, one by one, cut nobody's way to the router."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Numbers of changes, from 0 along the plan: parts run one after the other; `held` says under safe mode."""

    parts: tuple[tuple[int, ...], ...]
    held: bool = True

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(number for part in self.parts for number in part)


def outside(plan: Plan) -> tuple[int, ...]:
    """Changes of bulk data that are too many for one batch; none where any change may cut the manager off."""
    if plan.lockout is not None and plan.lockout.cuts:
        return ()
    bulk = [number for number, change in enumerate(plan.changes) if change.menu in BULK]
    return tuple(bulk) if len(bulk) > MOST else ()


def batches(plan: Plan, catalogue: Catalogue, outside: Collection[int] = ()) -> tuple[Batch, ...]:
    """The plan in portions that keep its stages' order, each of at most MOST actions; `outside` by itself."""
    loose, every = frozenset(outside), plan.changes
    packer = _Packer()
    first = 0
    for stage in plan.stages:
        numbers = range(first, first + len(stage))
        for number in numbers:
            if number not in loose:
                packer.put(number, actions(every[number], catalogue))
        packer.end_stage()
        packer.put_loose(tuple(number for number in numbers if number in loose))
        first += len(stage)
    packer.end_batch()
    return tuple(packer.batches)


@dataclass
class _Packer:
    """Fills one batch after the other."""

    batches: list[Batch] = field(default_factory=list)
    _parts: list[tuple[int, ...]] = field(default_factory=list)
    _part: list[int] = field(default_factory=list)
    _room: int = field(default_factory=lambda: MOST)

    def put(self, number: int, cost: int) -> None:
        if cost > self._room and (self._part or self._parts):
            self.end_batch()
        self._part.append(number)
        self._room -= cost

    def put_loose(self, numbers: tuple[int, ...]) -> None:
        if numbers:
            self.end_batch()
            self.batches.append(Batch((numbers,), held=False))

    def end_stage(self) -> None:
        if self._part:
            self._parts.append(tuple(self._part))
        self._part = []

    def end_batch(self) -> None:
        self.end_stage()
        if self._parts:
            self.batches.append(Batch(tuple(self._parts)))
        self._parts, self._room = [], MOST


def actions(change: Change, catalogue: Catalogue) -> int:
    """How many actions of the history a change makes at most: whether several ids count as one is not known."""
    if isinstance(change, Move):
        return len(change.targets)
    if not isinstance(change, Set):
        return 1
    properties = catalogue.menu(change.menu).properties
    apart = sum(value is None and properties[name].unset == "unset" for name, value in change.values.items())
    return max(1, apart + (len(change.values) > apart))
