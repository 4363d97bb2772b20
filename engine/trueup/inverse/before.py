"""What every row that a plan touches was before each of its changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trueup.plan import Existing, PersonalValue, Plan, PlanValue, SecretValue, Set
from trueup.row import Live, Row, Table, Value

Values = Mapping[str, Value | SecretValue]
Name = tuple[str, str]
"""A menu and a row's id, "" for a singleton."""


@dataclass(frozen=True)
class Before:
    """The rows that a router had, and what the plan makes of them on the way.

    `olds` are the values that a `Set` replaces, by its number; `states` what a row holds before, between and after the
    plan's changes of it. Secrets that the plan brings are there as such.
    """

    live: Live
    olds: Mapping[int, Values]
    states: Mapping[Name, tuple[Values, ...]]
    index: Mapping[Name, Row] = field(default_factory=dict)

    def rows(self, menu: str) -> tuple[Row, ...]:
        return self.live.tables.get(menu, Table(menu)).rows

    def of(self, menu: str, id: str) -> tuple[Values, ...]:
        """All that a row held or may hold while the plan is carried out."""
        known = self.states.get((menu, id))
        return known if known is not None else (self.index[menu, id].values,)

    def texts(self, menu: str, id: str, name: str) -> tuple[str, ...]:
        """Every text that a property has on the way, the last one first."""
        found = [text for state in self.of(menu, id) if isinstance(text := state.get(name), str) and text]
        return tuple(dict.fromkeys(reversed(found)))


def before(plan: Plan, live: Live) -> Before:
    """Go through a plan's changes in their order."""
    rows = {(path, row.id): row for path, table in live.tables.items() for row in table}
    olds: dict[int, Values] = {}
    states: dict[Name, list[Values]] = {}
    for number, (name, change) in _sets(plan):
        start: Values = rows[name].values if name in rows else {n: plain(v) for n, v in change.old.items()}
        passed = states.setdefault(name, [start])
        olds[number] = {each: passed[-1].get(each) for each in change.values}
        passed.append({**passed[-1], **{n: plain(v) for n, v in change.values.items()}})
    return Before(live, olds, {name: tuple(passed) for name, passed in states.items()}, rows)


def _sets(plan: Plan) -> Iterator[tuple[int, tuple[Name, Set]]]:
    for number, change in enumerate(plan.changes):
        if isinstance(change, Set) and (change.target is None or isinstance(change.target, Existing)):
            yield number, ((change.menu, change.target.id if change.target else ""), change)


def plain(value: PlanValue) -> Value | SecretValue:
    """A plan's value as a row's; personal data that a saved plan does not hold is absent."""
    return value.text if isinstance(value, PersonalValue) else value
