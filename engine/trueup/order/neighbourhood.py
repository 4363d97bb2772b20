"""The touched part of an ordered table, as it will stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trueup.diff.content import Keys
from trueup.diff.difference import brief
from trueup.diff.neighbours import stratum
from trueup.order.tables import OrderedTable
from trueup.plan import Neighbour, Neighbourhood, PlanValue
from trueup.row import Row

Lines = list[tuple[int, str, Row]]


def neighbourhoods(table: OrderedTable, changes: Mapping[str, tuple[int, ...]], keys: Keys) -> Iterator[Neighbourhood]:
    """One for each stratum with a change in it; `changes` gives a row's changes by its name in the table."""
    shape = table.menu.shape
    strata: dict[tuple[str, ...], Lines] = {}
    dynamic: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    for name in table.arrangement.chain:
        row = table.rows[name]
        where = stratum(shape, row)
        if row.fixed == "dynamic":
            dynamic[where] = dynamic.get(where, 0) + 1
            continue
        gone = name in table.menu.removes
        counts[where] = counts.get(where, 0) + (not gone)
        strata.setdefault(where, []).append((0 if gone else counts[where], name, row))
    for where, lines in strata.items():
        shown = _shown(lines, changes)
        if shown:
            titles: dict[str, PlanValue] = dict(zip(shape.menu.strata, where, strict=True))
            rows = tuple(Neighbour(at, _brief(table, row, keys), changes.get(name, ())) for at, name, row in shown)
            yield Neighbourhood(table.menu.path, titles, rows, dynamic.get(where, 0))


def _shown(lines: Lines, changes: Mapping[str, tuple[int, ...]]) -> Lines:
    """Changed rows, each with the row before and the row after it."""
    touched = {i for i, (_, name, _) in enumerate(lines) if name in changes}
    near = {i + step for i in touched for step in (-1, 0, 1)}
    return [line for i, line in enumerate(lines) if i in near]


def _brief(table: OrderedTable, row: Row, keys: Keys) -> dict[str, PlanValue]:
    shown = brief(table.menu.shape, row, keys)
    return {n: value for n, value in shown.items() if n not in table.menu.shape.menu.strata}
