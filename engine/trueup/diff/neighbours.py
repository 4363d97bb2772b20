"""A keyless row that is no longer declared, and a new one in the same spot: one change, not a removal and an add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from trueup.diff.content import Shape
from trueup.diff.difference import MenuDifference
from trueup.row import Row

Stratum = tuple[str, ...]
T = TypeVar("T")


def stratum(shape: Shape, row: Row) -> Stratum:
    """The part of an ordered menu within which the row's place counts."""
    return tuple(shape.value(row, name) for name in shape.menu.strata)


def replacements(menu: MenuDifference, removable: set[str]) -> dict[int, Row]:
    """New declared rows (by index) that take over a row of ours standing between the same matched neighbours."""
    if not menu.shape.menu.ordered or menu.shape.menu.key or not removable:
        return {}
    matched = menu.matching.live
    declared = _gaps(
        (stratum(menu.shape, row), matched[i].id if i in matched else None, i) for i, row in enumerate(menu.declared)
    )
    anchors = {row.id: stratum(menu.shape, menu.declared[i]) for i, row in matched.items()}
    live = _gaps(
        (anchors.get(row.id, stratum(menu.shape, row)), row.id if row.id in anchors else None, row)
        for row in menu.live
        if row.id in anchors or row.id in removable
    )
    return {
        index: row for gap, indexes in declared.items() for index, row in zip(indexes, live.get(gap, ()), strict=False)
    }


def _gaps(rows: Iterable[tuple[Stratum, str | None, T]]) -> Mapping[tuple[Stratum, str, str], Sequence[T]]:
    """Unmatched rows by the matched neighbours they stand between; "" is the stratum's edge."""
    gaps: dict[tuple[Stratum, str, str], Sequence[T]] = {}
    open_gaps: dict[Stratum, tuple[str, list[T]]] = {}
    for where, anchor, row in rows:
        before, members = open_gaps.setdefault(where, ("", []))
        if anchor is None:
            members.append(row)
            continue
        gaps[where, before, anchor] = members
        open_gaps[where] = (anchor, [])
    for where, (before, members) in open_gaps.items():
        gaps[where, before, ""] = members
    return gaps
