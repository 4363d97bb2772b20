"""What rules leave alone on a router: whole live rows, or some properties of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trueup.diff.content import Shape
from trueup.diff.difference import MenuDifference
from trueup.row import Exemption, Row


def ignored(shape: Shape, live: Sequence[Row], rules: Sequence[Exemption]) -> frozenset[str]:
    """The `.id`s of the live rows that rules are about as a whole; a row that is declared counts all the same."""
    whole = [rule for rule in rules if not rule.properties]
    if not whole:
        return frozenset()
    return frozenset(row.id for row in live if any(_holds(shape, row, rule) for rule in whole))


def left_alone(shape: Shape, row: Row, rules: Sequence[Exemption]) -> frozenset[str]:
    """The properties of a live row that rules about properties leave alone."""
    meant = (rule.properties for rule in rules if _holds(shape, row, rule))
    return frozenset().union(*meant)


def leave_alone(menu: MenuDifference, rules: Sequence[Exemption]) -> None:
    """Have a matched menu know what is left alone.

    Ignored rows stay in their places, and are neither ours nor anybody's to remove. Other live rows are marked with
    the properties that are left alone, so that no digest rests on what may change at any time.
    """
    menu.ignored -= {row.id for row in menu.matching.live.values()}
    for id in menu.ignored:
        menu.matching.ours.pop(id, None)
        menu.matching.perhaps.pop(id, None)
    marked = {row.id: row for row in _marked(menu, rules)}
    if marked:
        menu.live = tuple(marked.get(row.id, row) for row in menu.live)
        menu.matching.live = {index: marked.get(row.id, row) for index, row in menu.matching.live.items()}


def _marked(menu: MenuDifference, rules: Sequence[Exemption]) -> Iterator[Row]:
    """The rows of which something is left alone: of declared ones what their declaration says."""
    declared = {row.id: menu.declared[index].ignore for index, row in menu.matching.live.items()}
    some = [rule for rule in rules if rule.properties]
    for row in menu.live if some or any(declared.values()) else ():
        names = declared.get(row.id)
        if names is None:
            names = left_alone(menu.shape, row, some)
        if names:
            yield replace(row, ignore=names)


def _holds(shape: Shape, row: Row, rule: Exemption) -> bool:
    return rule.holds(lambda name: shape.value(row, name))
