"""Rows that refer to what a plan removes: a row that comes back has a new id, and they keep the dead one."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.canonical import named
from trueup.inverse.before import Before
from trueup.inverse.lost import names_of
from trueup.inverse.statements import Uncovered
from trueup.plan import Existing, Plan, Remove, Set
from trueup_schemas.catalogue import Catalogue


def left_dead(plan: Plan, past: Before, catalogue: Catalogue) -> Iterator[Uncovered]:
    """Removed rows that others, which the plan leaves alone, name by a hard reference; as far as those were read."""
    gone = dict(_gone(plan, past, catalogue))
    if not gone:
        return
    removed = {(c.menu, c.target.id) for c in plan.changes if isinstance(c, Remove)}
    written = {
        (c.menu, c.target.id if isinstance(c.target, Existing) else "", name)
        for c in plan.changes
        if isinstance(c, Set)
        for name in c.values
    }
    for path, table in past.live.tables.items():
        menu = catalogue.menu(path)
        for property in menu.writable:
            hard = [each for each in property.refers if each.hard]
            for row in table if hard else ():
                value = row.values.get(property.name)
                if (path, row.id) in removed or (path, row.id, property.name) in written or not isinstance(value, str):
                    continue
                for number in {
                    gone[each.menu, each.property, name]
                    for each in hard
                    for name in named(property, value)
                    if (each.menu, each.property, name) in gone
                }:
                    reason = f"{property.name} of a row in {path} refers to it, and will not find it again"
                    yield Uncovered(number, reason)


def _gone(plan: Plan, past: Before, catalogue: Catalogue) -> Iterator[tuple[tuple[str, str, str], int]]:
    """What others may call a removed row by, and the number of the change that removes it."""
    for number, change in enumerate(plan.changes):
        row = past.index.get((change.menu, change.target.id)) if isinstance(change, Remove) else None
        if row is not None:
            yield from ((name, number) for name in names_of(catalogue.menu(change.menu), row))
