"""A plan's changes in other stages: what counts along them counts along them anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trueup.plan import Add, Change, Created, Move, Plan, Set
from trueup.plan.change import Target


def renumbered(plan: Plan, stages: Sequence[Sequence[int]]) -> Plan:
    """The plan with its changes, by their numbers, in these stages."""
    new = {old: at for at, old in enumerate(number for stage in stages for number in stage)}
    around = tuple(
        replace(part, rows=tuple(replace(row, changes=tuple(sorted(new[n] for n in row.changes))) for row in part.rows))
        for part in plan.neighbourhoods
    )
    every = plan.changes
    parts = tuple(tuple(_retargeted(every[old], new) for old in stage) for stage in stages)
    return replace(plan, stages=parts, neighbourhoods=around)


def _retargeted(change: Change, new: Mapping[int, int]) -> Change:
    def moved(target: Target | None) -> Target | None:
        return Created(new[target.n]) if isinstance(target, Created) else target

    if isinstance(change, Add):
        return replace(change, before=moved(change.before))
    if isinstance(change, Set):
        return replace(change, target=moved(change.target))
    if isinstance(change, Move):
        targets = tuple(each for target in change.targets if (each := moved(target)) is not None)
        return replace(change, targets=targets, before=moved(change.before))
    return change
