"""Where the rows of one menu stand in the router's own file once its drift is merged."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from trueup.adopt.choose import Declared
from trueup.adopt.page import scalar
from trueup.adopt.update_edits import Edits, row_text
from trueup.adopt.update_own import Address, OwnList, OwnRow
from trueup.adopt.update_slots import Slots
from trueup.diff.content import Shape
from trueup.diff.neighbours import stratum
from trueup.errors import Source
from trueup.order.subsequence import longest_increasing
from trueup.row import Row
from trueup_schemas.catalogue import Menu

Spot = tuple[tuple[str, ...], int]
"""A stratum, and a row's place on the router."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A row that comes into the file: what it says, and more pairs that it says besides."""

    live: Row
    declared: Declared
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An item of a list by where its row stands on the router: in which stratum, and at which place of the menu."""

    item: int | str
    stratum: tuple[str, ...] = ()
    position: int = -1


class Places:
    """Finds places in one menu; `own` are its own rows that stay, with their live rows.

    `farther` gives the live rows of what is declared, by its place; `slots` finds the menu's slots in farther files.
    """

    def __init__(
        self,
        edits: Edits,
        shape: Shape,
        live: Sequence[Row],
        own: Sequence[tuple[OwnRow, Row]],
        slots: Callable[[Mapping[Source, Spot]], Slots],
        farther: Mapping[Source, Row],
    ) -> None:
        self.edits, self.shape = edits, shape
        self._position = {row.id: position for position, row in enumerate(live)}
        self._lists = dict(edits.own.of(shape.menu.path))
        self._live = {id(each): row for each, row in own}
        self._strata: dict[tuple[str, ...], list[tuple[int, OwnRow]]] = {}
        for each, row in own:
            if each.home in self._lists:
                self._strata.setdefault(stratum(shape, row), []).append((self._position[row.id], each))
        for members in self._strata.values():
            members.sort(key=lambda member: member[0])
        self._slots, self._farther = slots, farther

    @cached_property
    def slots(self) -> Slots:
        return self._slots({place: self._spot(row) for place, row in self._farther.items()})

    def _spot(self, row: Row) -> Spot:
        return stratum(self.shape, row), self._position.get(row.id, -1)

    def put(self, coming: Sequence[Coming], gone: Sequence[OwnRow]) -> None:
        """Give every coming row its place, and put the own ones into the router's order where that counts."""
        new: dict[Address, list[Standing]] = {}
        for each in sorted(coming, key=lambda each: self._position.get(each.live.id, 0)):
            self._put_one(each, new)
        for home, own in self._lists.items():
            order = self._ordered(home, own, {each.index for each in gone if each.home == home}, new.get(home, []))
            if order != list(range(len(own.piece.items))):
                self.edits.orders[home] = order

    def _put_one(self, coming: Coming, new: dict[Address, list[Standing]]) -> None:
        menu = self.shape.menu
        if menu.kind == "singleton":
            self.edits.menus[menu.path] = row_text(menu, coming.declared, coming.extra, None)
            return
        said = _strata_first(menu, coming.declared)
        slot = self.slots.fitting(*self._spot(coming.live)) if menu.ordered else ""
        neighbour = self._neighbour(coming.live, slot)
        home = neighbour.home if neighbour else self._any_home(coming.live)
        if home is None:
            made = self.edits.menus.setdefault(menu.path, [])
            if isinstance(made, list):
                made.append(row_text(menu, said, (*coming.extra, *_slot(slot)), None))
            return
        own = self._lists[home]
        values = {name: value for name, value in said.values.items() if name not in own.match}
        extra = (*coming.extra, *_slot(slot if slot != own.slot else ""))
        beside = neighbour or next(iter(own.rows.values()), None)
        flow = True if own.piece.flow and own.piece.items else beside.piece.flow if beside and beside.piece else None
        text = row_text(menu, replace(said, values=values), extra, flow)
        new.setdefault(home, []).append(self._standing(text, coming.live))

    def _standing(self, item: int | str, live: Row) -> Standing:
        return Standing(item, *self._spot(live))

    def _admits(self, home: Address, live: Row) -> bool:
        return all(self.shape.value(live, name) == value for name, value in self._lists[home].match.items())

    def _neighbour(self, live: Row, slot: str) -> OwnRow | None:
        """The nearest own row before a live one in its stratum, else behind it; None where order does not count."""
        if not self.shape.menu.ordered:
            return None
        here, at = self._spot(live)
        members = self._strata.get(here, [])
        middle = bisect_left(members, at, key=lambda member: member[0])
        nearest = (*reversed(members[:middle]), *members[middle:])
        fitting = (own for _, own in nearest if self._slot_of(own) == slot and self._admits(own.home, live))
        return next(fitting, None)

    def _slot_of(self, own: OwnRow) -> str:
        return own.entry.slot or self._lists[own.home].slot

    def _any_home(self, live: Row) -> Address | None:
        """The list that says most about a row that has no neighbour."""
        homes = [home for home in self._lists if self._admits(home, live)]
        return max(homes, key=lambda home: len(self._lists[home].match), default=None)

    def _ordered(self, home: Address, own: OwnList, gone: set[int], new: Sequence[Standing]) -> list[int | str]:
        kept = [index for index in range(len(own.piece.items)) if index not in gone]
        if not self.shape.menu.ordered:
            return [*kept, *(each.item for each in new)]
        live = {index: self._live[id(row)] for index, row in own.rows.items() if id(row) in self._live}
        stands = [self._standing(index, live[index]) if index in live else Standing(index) for index in kept]
        out = _out_of_order(stands)
        leaving = [each for each in stands if each.item in out]
        result = [each for each in stands if each.item not in out]
        for each in sorted([*leaving, *new], key=lambda each: each.position):
            result.insert(_place(result, each), each)
        return [each.item for each in result]


def _slot(name: str) -> tuple[str, ...]:
    return (f"slot: {scalar(name)}",) if name else ()


def _strata_first(menu: Menu, row: Declared) -> Declared:
    """The row as people write it: where it belongs, then what it does."""
    first = {name: row.values[name] for name in menu.strata if name in row.values}
    return replace(row, values={**first, **row.values})


def _out_of_order(stands: Sequence[Standing]) -> set[int | str]:
    """The fewest items that have to go elsewhere so that every stratum is in the router's order."""
    strata: dict[tuple[str, ...], list[Standing]] = {}
    for each in stands:
        if each.position >= 0:
            strata.setdefault(each.stratum, []).append(each)
    out: set[int | str] = set()
    for members in strata.values():
        staying = set(longest_increasing([each.position for each in members]))
        out |= {each.item for index, each in enumerate(members) if index not in staying}
    return out


def _place(stands: Sequence[Standing], coming: Standing) -> int:
    """Behind the row that stands before it on the router, else before the one behind it, else at the end."""
    same = [(index, each.position) for index, each in enumerate(stands) if each.stratum == coming.stratum]
    same = [(index, position) for index, position in same if position >= 0]
    before = [index for index, position in same if position < coming.position]
    return before[-1] + 1 if before else same[0][0] if same else len(stands)
