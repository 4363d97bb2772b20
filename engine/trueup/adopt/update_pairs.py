"""Which live rows the declared ones have become, where somebody changed what rows are told apart by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from trueup.diff.content import Keys, Shape, identity_digest
from trueup.diff.difference import MenuDifference
from trueup.diff.neighbours import replacements, stratum
from trueup.diff.owned import Owned, OwnedRow, same_boot, why_void
from trueup.row import Facts, Row

COMMON = ("action", "disabled")
"""Properties that many rows have in common."""
COMPARED = 250_000
"""The most pairs of rows of one menu that are compared with each other."""


@dataclass(frozen=True)
class Memory:
    """What the record of earlier runs says of one router; None without a record that holds."""

    rows: tuple[OwnedRow, ...] | None = None
    same_boot: bool = False

    @classmethod
    def of(cls, owned: Owned | None, facts: Facts, keys: Keys) -> Memory:
        if owned is None or why_void(owned, facts, keys.digest):
            return cls()
        return cls(owned.rows, same_boot(owned, facts))

    def ids(self, menu: str) -> dict[str, str]:
        """The `.id`s of a menu's rows by the digests of their keys, while the router has not restarted."""
        rows = self.rows if self.rows and self.same_boot else ()
        return {row.identity: row.id for row in rows if row.menu == menu and row.identity}

    def applied(self, shape: Shape, row: Row, keys: Keys) -> bool:
        """Whether a declared row was applied as it is declared now; taken for so where nothing is remembered."""
        digest = shape.declared_digest(row, keys.digest)
        return self.rows is None or (shape.menu.path, digest) in self._contents

    @cached_property
    def _contents(self) -> frozenset[tuple[str, str]]:
        return frozenset((row.menu, row.content) for row in self.rows or ())


def pair(menu: MenuDifference, memory: Memory, keys: Keys) -> dict[int, Row]:
    """Each declared row (by its index) with its live row: as the plan sees it, and missing ones that were edited.

    A renamed row is known by its `.id`; one without a key by its place or by most of what it says. Both are proven by
    the plan afterwards: a wrong guess costs a comment in the wrong place, and no row.
    """
    pairs = dict(menu.matching.live)
    taken = {row.id for row in pairs.values()} | menu.ignored
    free = {row.id: row for row in menu.live if row.id not in taken and not row.fixed}
    if not menu.adds or not free:
        return pairs
    found = _renamed(menu, memory, free, keys) if menu.shape.menu.key else _edited(menu, free)
    return {**pairs, **found}


def _renamed(menu: MenuDifference, memory: Memory, free: Mapping[str, Row], keys: Keys) -> dict[int, Row]:
    ids = {identity: id for identity, id in memory.ids(menu.path).items() if id in free}
    missing = {i: identity_digest(menu.shape.menu, menu.shape.key(menu.declared[i]), keys.digest) for i in menu.adds}
    return {index: free[ids[identity]] for index, identity in missing.items() if identity in ids}


def _edited(menu: MenuDifference, free: Mapping[str, Row]) -> dict[int, Row]:
    shape = menu.shape
    spots = replacements(menu, set(free))
    found = {i: row for i, row in spots.items() if i in menu.adds and _likeness(shape, menu.declared[i], row) >= 0.5}
    taken = {row.id for row in found.values()}
    rest = [row for row in free.values() if row.id not in taken]
    missing = [index for index in menu.adds if index not in found]
    if len(missing) * len(rest) > COMPARED:
        return found
    for _, index, row in sorted(_alike(shape, menu.declared, missing, rest), key=lambda pair: (-pair[0], pair[1])):
        if index not in found and row.id not in taken:
            found[index] = row
            taken.add(row.id)
    return found


def _alike(
    shape: Shape, declared: Sequence[Row], missing: Collection[int], rows: Sequence[Row]
) -> Iterator[tuple[float, int, Row]]:
    for index in missing:
        for row in rows:
            likeness = _likeness(shape, declared[index], row)
            if likeness >= 0.5 and _tells(shape, declared[index], row):
                yield likeness, index, row


def _likeness(shape: Shape, declared: Row, live: Row) -> float:
    """How much of what a declared row says holds for a live one, from 0 to 1; 0 in another stratum."""
    if stratum(shape, declared) != stratum(shape, live):
        return 0.0
    names = [name for name in declared.values if name not in shape.secrets]
    telling = [name for name in names if name not in (*shape.menu.strata, *COMMON)] or names
    same = sum(shape.value(declared, name) == shape.value(live, name) for name in telling)
    return same / len(telling) if telling else 0.0


def _tells(shape: Shape, declared: Row, live: Row) -> bool:
    """Whether the two share something that few rows do."""
    common = {*shape.menu.strata, *COMMON, *shape.secrets}
    names = (name for name in declared.values if name not in common)
    return any(shape.value(declared, name) == shape.value(live, name) != "" for name in names)
