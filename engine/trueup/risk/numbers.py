"""A plan's changes in other stages: what counts along them counts along them anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trueup.plan import Add, Change, Created, Move, Plan, Set
from trueup.plan.change import Target


def renumbered(plan: Plan, stages: Sequence[Sequence[tuple[int, Change]]]) -> Plan:
    """The plan with these stages of changes, each with the number that it, or what it is a part of, had before."""
    new: dict[int, list[int]] = {}
    for at, (old, _) in enumerate(item for stage in stages for item in stage):
        new.setdefault(old, []).append(at)
    around = tuple(
        replace(part, rows=tuple(replace(row, changes=_numbers(row.changes, new)) for row in part.rows))
        for part in plan.neighbourhoods
    )
    made = {old: at[0] for old, at in new.items()}
    parts = tuple(tuple(_retargeted(change, made) for _, change in stage) for stage in stages)
    return replace(plan, stages=parts, neighbourhoods=around)


def _numbers(old: Sequence[int], new: Mapping[int, list[int]]) -> tuple[int, ...]:
    return tuple(sorted(at for number in old for at in new[number]))


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
