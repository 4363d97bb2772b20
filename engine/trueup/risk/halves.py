"""Rules that keep packets out and change what they ask for: what is new is written before what is old goes.

A property is taken away by a command of its own, which comes first. In between, a rule that drops would ask for less
than before or after, and drop more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from trueup.plan import Change, Plan, Set
from trueup.risk.firewall import CUTTING
from trueup.risk.numbers import renumbered
from trueup.risk.state import Rows, after, id_of
from trueup_schemas.catalogue import Catalogue

Needs = Mapping[int, frozenset[int]]

REASON = "in two steps, so that it never drops more than before or after"


def halved(plan: Plan, needs: Needs, rows: Rows, catalogue: Catalogue) -> tuple[Plan, Needs]:
    """The plan, and what its changes rest on, with such changes in two steps."""
    stages: list[list[tuple[int, Change]]] = []
    number = 0
    for stage in plan.stages:
        first: list[tuple[int, Change]] = []
        then: list[tuple[int, Change]] = []
        for change in stage:
            parts = _halves(change, rows, catalogue)
            first.append((number, parts[0]))
            then += [(number, part) for part in parts[1:]]
            number += 1
        stages += [first, *([then] if then else [])]
    flat = [old for stage in stages for old, _ in stage]
    if len(flat) == number:
        return plan, needs
    last = {old: at for at, old in enumerate(flat)}
    mapped = {at: frozenset(last[each] for each in needs.get(old, ())) for at, old in enumerate(flat)}
    again = {at: {flat.index(old)} - {at} for at, old in enumerate(flat)}
    return renumbered(plan, stages), {at: each | again[at] for at, each in mapped.items()}


def going_first(change: Set, catalogue: Catalogue) -> list[str]:
    """The properties that commands of their own take away, before the others are written."""
    properties = catalogue.menu(change.menu).properties
    return [n for n, v in change.values.items() if v is None and n in properties and properties[n].unset == "unset"]


def steps(rows: Rows, number: int, change: Change, catalogue: Catalogue) -> Iterator[Rows]:
    """The tables after each command of one change."""
    if isinstance(change, Set):
        going = going_first(change, catalogue)
        for count in range(1, len(going) + (len(going) < len(change.values))):
            yield after(rows, number, replace(change, values=dict.fromkeys(going[:count])))
    yield after(rows, number, change)


def _halves(change: Change, rows: Rows, catalogue: Catalogue) -> list[Change]:
    if not isinstance(change, Set) or "/firewall/" not in change.menu:
        return [change]
    row = next((each for each in rows.get(change.menu, ()) if each.id == id_of(change.target)), None)
    actions = {change.values.get("action"), row.text("action") if row is not None else ""}
    going = going_first(change, catalogue)
    if not actions & {*CUTTING} or not going or len(going) == len(change.values):
        return [change]
    new = {name: value for name, value in change.values.items() if name not in going}
    old = {name: value for name, value in change.old.items() if name in new}
    away = replace(
        change, values=dict.fromkeys(going), old={name: change.old.get(name) for name in going}, reason=REASON
    )
    return [replace(change, values=new, old=old, reason=REASON), away]
