"""Make before break: changes of a stage in an order that keeps the manager's way in, where there is one."""

from __future__ import annotations

from dataclasses import replace

from trueup.plan import Add, Change, Created, Move, Plan, Set
from trueup.plan.change import Target
from trueup.risk.lockout import Judge, bearing, bears
from trueup.risk.packet import Manager
from trueup.risk.state import Rows, after
from trueup.row import Tables
from trueup_schemas.catalogue import Catalogue

Numbered = tuple[int, Change]

MOST = 200
"""Changes of one stage beyond which no other order is tried."""


def make_before_break(plan: Plan, tables: Tables, manager: Manager, catalogue: Catalogue) -> Plan:
    """The plan with stages taken apart so that each change keeps the way in where an order within its stage does so.

    Changes of a stage do not depend on each other, except that adds and moves of one ordered menu keep their order.
    """
    rows, number = bearing(tables, plan, manager), 0
    judge = Judge(rows, manager)
    stages: list[list[Numbered]] = []
    for stage in plan.stages:
        numbered = list(enumerate(stage, number))
        number += len(stage)
        weighty = [item for item in numbered if bears(item[1], rows, manager)]
        parts = _sorted(weighty, rows, judge, catalogue) if len(weighty) <= MOST else [weighty]
        first = [item for item in numbered if item not in weighty] if len(parts) > 1 else []
        stages += [[*first, *parts[0]], *parts[1:]] if len(parts) > 1 else [numbered]
        for each, change in (item for part in parts for item in part):
            rows = after(rows, each, change)
    return _renumbered(plan, stages)


def _sorted(stage: list[Numbered], rows: Rows, judge: Judge, catalogue: Catalogue) -> list[list[Numbered]]:
    """The stage in one piece where no order could cut, as commands in flight may take effect in any.

    Else change by change, those first that keep the way in; as it was where there is no such order.
    """
    if (
        all(_safe(item, rows, judge) for item in stage)
        and _keeps(stage, rows, judge)
        and _keeps(stage[::-1], rows, judge)
    ):
        return [stage]
    waiting, done = list(stage), list[Numbered]()
    while waiting:
        chosen = next((item for item in _free(waiting, catalogue) if _safe(item, rows, judge)), None)
        if chosen is None:
            return [stage]
        waiting.remove(chosen)
        done.append(chosen)
        rows = after(rows, *chosen)
    return [[item] for item in done]


def _keeps(stage: list[Numbered], rows: Rows, judge: Judge) -> bool:
    for item in stage:
        if not _safe(item, rows, judge):
            return False
        rows = after(rows, *item)
    return True


def _safe(item: Numbered, rows: Rows, judge: Judge) -> bool:
    return next(judge.findings(after(rows, *item)), None) is None


def _free(waiting: list[Numbered], catalogue: Catalogue) -> list[Numbered]:
    """The changes that may come next: of the adds and moves of an ordered menu only the first."""
    free, seen = [], set()
    for number, change in waiting:
        placed = isinstance(change, Add | Move) and catalogue.menu(change.menu).ordered
        if not placed or change.menu not in seen:
            free.append((number, change))
        if placed:
            seen.add(change.menu)
    return free


def _renumbered(plan: Plan, stages: list[list[Numbered]]) -> Plan:
    """The plan with these stages; what counts along its changes counts along them anew."""
    new = {old: at for at, (old, _) in enumerate(item for stage in stages for item in stage)}
    if all(old == at for old, at in new.items()) and len(stages) == len(plan.stages):
        return plan
    around = tuple(
        replace(part, rows=tuple(replace(row, changes=tuple(sorted(new[n] for n in row.changes))) for row in part.rows))
        for part in plan.neighbourhoods
    )
    parts = tuple(tuple(_retargeted(change, new) for _, change in stage) for stage in stages)
    return replace(plan, stages=parts, neighbourhoods=around)


def _retargeted(change: Change, new: dict[int, int]) -> Change:
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
