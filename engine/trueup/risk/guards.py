"""What a plan does that is carried out only by those who name its hash: mass removals, first prunings, no way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from trueup.diff.menu import OURS, UNMANAGED
from trueup.diff.owned import Owned, scope_digest
from trueup.plan import Plan, Remove
from trueup.plan.risk import Guard
from trueup.row import Desired, Digester, Live, Table

FEW = 5
"""Removed rows below which no share is looked at: one of two is no mass removal."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows a plan may remove without being asked, and which share of a menu's rows or of all of ours."""

    rows: int = 50
    share: float = 0.3


def guards(
    plan: Plan,
    desired: Desired,
    live: Live,
    owned: Owned | None,
    limits: Limits,
    digest: Digester,
    uncovered: Collection[int] = (),
) -> tuple[Guard, ...]:
    """Why a plan needs its hash named; () where it does not.

    `owned` is the record as it holds, None where nothing counts as ours; `uncovered` are changes (from 0) that the
    plan's net could not take back.
    """
    removed = [change for change in plan.changes if isinstance(change, Remove)]
    found = [*_emptied(removed, desired, owned), *_removed(removed, live, owned, limits)]
    found += _pruned(removed, desired, owned, digest)
    return (*found, *_final(plan, uncovered))


def _emptied(removed: list[Remove], desired: Desired, owned: Owned | None) -> Iterator[Guard]:
    ours = len(owned.rows) if owned else 0
    if ours and removed and not any(table.rows for table in desired.tables.values()):
        rows = "1 row was" if ours == 1 else f"{ours} rows were"
        yield Guard("empties", f"nothing is declared any more, though {rows} ours")


def _removed(removed: list[Remove], live: Live, owned: Owned | None, limits: Limits) -> Iterator[Guard]:
    """Menus that lose many of their rows, else many removals in all, else many of what is ours."""
    counts = Counter(change.menu for change in removed)
    told = False
    for menu, count in sorted(counts.items()):
        whole = sum(row.fixed != "dynamic" for row in live.tables.get(menu, Table(menu)))
        if count > limits.rows or _many(count, whole, limits):
            told = True
            yield Guard("removes", f"removes {count} of {whole} rows", menu)
    if not told and len(removed) > limits.rows:
        told = True
        yield Guard("removes", f"removes {len(removed)} rows in {len(counts)} menus")
    ours, gone = len(owned.rows) if owned else 0, sum(change.reason == OURS for change in removed)
    if not told and _many(gone, ours, limits):
        yield Guard("removes", f"removes {gone} of the {ours} rows that are ours")


def _many(count: int, whole: int, limits: Limits) -> bool:
    return count >= FEW and count > limits.share * whole


def _pruned(removed: list[Remove], desired: Desired, owned: Owned | None, digest: Digester) -> Iterator[Guard]:
    """Menus where rows that never were ours go, in a scope that no earlier run pruned."""
    counts = Counter(change.menu for change in removed if change.reason == UNMANAGED)
    before = owned.pruned if owned else frozenset()
    for menu, count in sorted(counts.items()):
        scopes = [scope for scope in desired.tables.get(menu, Table(menu)).scopes if scope.remove]
        new = [scope for scope in scopes if scope_digest(menu, scope, digest) not in before]
        if new:
            rows = "1 row that was" if count == 1 else f"{count} rows that were"
            yield Guard("prunes", f"removes {rows} never declared, for the first time here", menu, new[0].source)


def _final(plan: Plan, uncovered: Collection[int]) -> Iterator[Guard]:
    """Changes that cannot be taken back, by menu."""
    menus: dict[str, list[int]] = {}
    every = plan.changes
    for number in sorted(set(uncovered)):
        menus.setdefault(every[number].menu, []).append(number + 1)
    for menu, numbers in menus.items():
        told = ", ".join(map(str, numbers[:8])) + (" and more" if len(numbers) > 8 else "")
        word = "change" if len(numbers) == 1 else "changes"
        yield Guard("cannot be undone", f"{word} {told} of {len(every)} cannot be undone by the net", menu)
