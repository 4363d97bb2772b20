"""One ordered menu's adds and moves, from its difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trueup.diff.content import Keys, Shape
from trueup.diff.difference import MenuDifference, brief, existing
from trueup.diff.neighbours import stratum
from trueup.errors import Problem
from trueup.order.nodes import Node
from trueup.order.sequence import Arrangement, Step, Stratum, Wanted, arrange
from trueup.plan import Move
from trueup.row import Place, Row


@dataclass(frozen=True, slots=True)
class OrderedTable:
    """An ordered menu with its arrangement, and its rows by their names in it."""

    menu: MenuDifference
    arrangement: Arrangement
    rows: Mapping[str, Row]


def order_table(menu: MenuDifference, nodes: list[Node], keys: Keys) -> tuple[OrderedTable, list[Node]]:
    """Arrange one ordered menu: its adds get their places, and moves are added to the nodes, each after the last."""
    names = {index: row.id for index, row in menu.matching.live.items()}
    rows = {row.id: row for row in menu.live}
    rows.update((names.get(index, f"+{index}"), row) for index, row in enumerate(menu.declared))
    strata, problems = _strata(menu, names)
    anchors = {row.id for row in menu.live if row.fixed not in ("dynamic", "builtin") and row.id not in menu.removes}
    arrangement = arrange([row.id for row in menu.live], anchors, strata.values())
    arrangement.problems[:0] = problems
    adds = {node.names[0]: node for node in nodes if node.names[0].startswith("+")}
    live = {row.id: row for row in menu.live}
    sequence: list[Node] = []
    for step in arrangement.steps:
        if step.is_new:
            node = adds[step.names[0]]
            node.before = step.before
        else:
            node = _move(menu, step, live, rows, keys)
        node.following.update(sequence[-1:])
        sequence.append(node)
    placed = set(sequence)
    return OrderedTable(menu, arrangement, rows), [*(node for node in nodes if node not in placed), *sequence]


def _move(menu: MenuDifference, step: Step, live: Mapping[str, Row], rows: Mapping[str, Row], keys: Keys) -> Node:
    targets = tuple(existing(menu.shape, live[name], keys) for name in step.names)
    briefs = tuple(brief(menu.shape, rows[name], keys) for name in step.names)
    return Node(Move(menu.path, targets, briefs), menu, step.names, step.before)


def _strata(menu: MenuDifference, names: Mapping[int, str]) -> tuple[dict[tuple[str, ...], Stratum], list[Problem]]:
    shape, problems = menu.shape, list[Problem]()
    strata: dict[tuple[str, ...], Stratum] = {}
    for row in menu.declared:
        strata.setdefault(stratum(shape, row), Stratum())
    declared = set(names.values())
    others: dict[tuple[str, ...], list[Row]] = {}
    for row in menu.live:
        where = stratum(shape, row)
        if where in strata and not row.fixed and row.id not in declared and row.id not in menu.removes:
            strata[where].others.append(row.id)
            others.setdefault(where, []).append(row)
    for index, row in enumerate(menu.declared):
        where = stratum(shape, row)
        low, high = 0, None
        if row.place is not None:
            low, high = _bounds(shape, row.place, others.get(where, []), problems)
        name = names.get(index, f"+{index}")
        wanted = Wanted(name, index not in names, low, high, row.place is not None, row.source)
        strata[where].wanted.append(wanted)
    return strata, problems


def _bounds(shape: Shape, place: Place, others: list[Row], problems: list[Problem]) -> tuple[int, int | None]:
    """The gaps among undeclared rows that a `place` allows."""
    if place.side == "first":
        return 0, 0
    if place.side == "last":
        return len(others), None
    found = [i for i, row in enumerate(others) if all(shape.value(row, n) == v for n, v in place.beside.items())]
    if len(found) != 1:
        what = " ".join(f"{name}={value}" for name, value in place.beside.items())
        message = f"`place: {{{place.side}: {what}}}` fits {len(found) or 'no'} undeclared rows on the router"
        problems.append(Problem(message, place.source, "name exactly one, by its comment or its properties"))
        return 0, None
    return (0, found[0]) if place.side == "before" else (found[0] + 1, None)
