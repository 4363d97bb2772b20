"""Make before break: changes in an order that keeps the manager's way in at every step, where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trueup.plan import Add, Change, Created, Move, Plan, Remove
from trueup.plan.change import Target
from trueup.risk.lockout import Judge, judge_of
from trueup.risk.names import Finding
from trueup.risk.numbers import renumbered
from trueup.risk.packet import Manager
from trueup.risk.relevance import Relevance
from trueup.risk.state import Rows, after
from trueup.risk.steps import steps
from trueup.row import Tables
from trueup_schemas.catalogue import Catalogue

Needs = Mapping[int, frozenset[int]]
"""For each change, those that must be done before it."""

LOOKS = 600
"""States that are looked at before the search for another order is given up."""

Told = tuple[str, str, str]


def make_before_break(
    plan: Plan, tables: Tables, manager: Manager, catalogue: Catalogue, needs: Needs | None = None
) -> Plan:
    """The plan with changes that bear on the way in one by one, in an order that keeps it where there is one.

    Without `needs`, stages keep their order. What cannot be helped in the end is no reason against an order.
    """
    judge, relevance = judge_of(plan, tables, manager)
    search = _Search(plan.changes, judge, relevance, _edges(plan, needs, catalogue), judge.before, catalogue)
    weighty = search.weighty
    lanes = _lanes(plan.changes, weighty, catalogue)
    found = None if search.keeps(search.every) else search.order()
    if found is not None:
        return _rearranged(plan, _staged(plan, found, weighty, lanes))
    parts = [_parted(stage, weighty, lanes) for stage in _numbered(plan)]
    return _rearranged(plan, [part for stage in parts for part in stage])


def _rearranged(plan: Plan, stages: Sequence[Sequence[int]]) -> Plan:
    stages = [list(stage) for stage in stages]
    return plan if stages == _numbered(plan) else renumbered(plan, stages)


def _numbered(plan: Plan) -> list[list[int]]:
    numbers = iter(range(len(plan.changes)))
    return [[next(numbers) for _ in stage] for stage in plan.stages]


def _edges(plan: Plan, needs: Needs | None, catalogue: Catalogue) -> dict[int, set[int]]:
    """What must precede each change: what it needs, what it names, and its ordered menu's earlier places."""
    every = plan.changes
    edges = {number: set(needs.get(number, ()) if needs else ()) for number in range(len(every))}
    placed: dict[str, list[int]] = {}
    for number, change in enumerate(every):
        edges[number] |= {target.n for target in _targets(change) if isinstance(target, Created)}
        if isinstance(change, Add | Move) and catalogue.menu(change.menu).ordered:
            edges[number] |= set(placed.get(change.menu, ())[-1:])
            placed.setdefault(change.menu, []).append(number)
        elif isinstance(change, Remove):
            places = placed.get(change.menu, ())
            edges[number] |= {at for at in places if change.target in (*_targets(every[at]),)}
    if needs is None:
        for earlier, later in zip(_numbered(plan), _numbered(plan)[1:], strict=False):
            for number in later:
                edges[number] |= set(earlier)
    return edges


def _targets(change: Change) -> Iterable[Target | None]:
    if isinstance(change, Move):
        return (*change.targets, change.before)
    return (change.before,) if isinstance(change, Add) else (change.target,)


@dataclass
class _Search:
    """Looks for an order in which every state lets the manager in, as far as the last one does."""

    changes: Sequence[Change]
    judge: Judge
    relevance: Relevance
    edges: Mapping[int, set[int]]
    rows: Rows
    catalogue: Catalogue
    looks: int = 0
    dead: set[frozenset[int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.every = list(range(len(self.changes)))
        self.weighty = {number for number in self.every if self.relevance.bears(self.changes[number])}
        last = self._after(self.rows, self.every)
        self.bound = {told for each in self.judge.findings(last) for told in _told(each)}
        self.last = last

    def keeps(self, order: Sequence[int]) -> bool:
        """Whether an order keeps the way in at every step."""
        rows = self.rows
        for number in order:
            if number in self.weighty and not self._safe(rows, number):
                return False
            rows = self._after(rows, [number])
        return True

    def order(self) -> list[int] | None:
        """An order that does, of all changes; None where none was found."""
        found = self._deeper([], self.rows)
        if found is None:
            return None
        done = set(found)
        return [*found, *(number for number in self.every if number not in done)]

    def _deeper(self, done: list[int], rows: Rows) -> list[int] | None:
        if self.weighty <= set(done):
            return done if self._same_end(done, rows) else None
        if frozenset(done) in self.dead:
            return None
        for number in self.every:
            if number in self.weighty and number not in done:
                path = self._with_needs(number, set(done))
                if path is None:
                    continue
                ready = self._after(rows, path[:-1])
                if self._safe(ready, number):
                    found = self._deeper([*done, *path], self._after(ready, [number]))
                    if found is not None:
                        return found
                if self.looks > LOOKS:
                    return None
        self.dead.add(frozenset(done))
        return None

    def _with_needs(self, number: int, done: set[int]) -> list[int] | None:
        """A change with what it needs of those that bear on nothing; None while it needs one that does."""
        found: list[int] = []
        waiting = [number]
        while waiting:
            at = waiting.pop()
            if at in done or at in found:
                continue
            if at in self.weighty and at != number:
                return None
            found.append(at)
            waiting += self.edges[at]
        return [*sorted(set(found) - {number}), number]

    def _same_end(self, done: list[int], rows: Rows) -> bool:
        """Whether tables end in the same order as they would have."""
        left = [number for number in self.every if number not in set(done)]
        end = self._after(rows, left)
        return all(
            [row.id for row in end[m]] == [row.id for row in self.last[m]] for m in self.last if "/firewall/" in m
        )

    def _after(self, rows: Rows, numbers: Iterable[int]) -> Rows:
        for number in numbers:
            if self.relevance.applies(self.changes[number]):
                rows = after(rows, number, self.changes[number])
        return rows

    def _safe(self, rows: Rows, number: int) -> bool:
        """Whether a change keeps the way in at each of its steps."""
        self.looks += 1
        states = steps(rows, number, self.changes[number], self.catalogue)
        return all(_told(each)[-1] in self.bound for state in states for each in self.judge.findings(state))


def _told(found: Finding) -> list[Told]:
    """A finding, after those that are no worse."""
    verdicts = ("may be cut", "cut") if found.verdict == "cut" else (found.verdict,)
    return [(found.menu, found.text, verdict) for verdict in verdicts]


def _lanes(changes: Sequence[Change], weighty: set[int], catalogue: Catalogue) -> dict[int, str]:
    """The adds and moves of ordered menus where they bear on the way in; they wait for each other anyway."""
    placed = {n: c.menu for n, c in enumerate(changes) if isinstance(c, Add | Move) and catalogue.menu(c.menu).ordered}
    heavy = {menu for number, menu in placed.items() if number in weighty}
    return {number: menu for number, menu in placed.items() if menu in heavy}


def _parted(stage: list[int], weighty: set[int], lanes: Mapping[int, str]) -> list[list[int]]:
    """A stage taken apart, so that no two changes that bear on the way in are in flight together."""
    light = [number for number in stage if number not in weighty and number not in lanes]
    parts: list[list[int]] = []
    for number in stage:
        if number in light:
            continue
        if parts and number in lanes and lanes.get(parts[-1][-1]) == lanes[number]:
            parts[-1].append(number)
        else:
            parts.append([number])
    return [[*light, *parts[0]], *parts[1:]] if parts else [stage]


def _staged(plan: Plan, order: Sequence[int], weighty: set[int], lanes: Mapping[int, str]) -> list[list[int]]:
    """Stages that follow an order: what bears on nothing goes side by side where it was in one stage."""
    at = {number: stage for stage, numbers in enumerate(_numbered(plan)) for number in numbers}
    stages: list[list[int]] = []
    for number in order:
        last = stages[-1][-1] if stages else -1
        joined = number in lanes and lanes.get(last) == lanes[number]
        light = not {last, number} & (weighty | lanes.keys())
        if last >= 0 and (joined or (light and at[last] == at[number])):
            stages[-1].append(number)
        else:
            stages.append([number])
    return stages
