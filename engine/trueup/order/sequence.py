"""The fewest moves, and the place of each new row, in one ordered menu.

A stratum's undeclared rows stay where they are and divide it into gaps: gap 0 before the first of them, gap n after
the n-th. A declared `place` bounds the gaps its row may stand in; rows before and after it inherit the bound, since
declared order must hold. A row may stay when it stands in an allowed gap; of those that may, a longest increasing
subsequence stays and all others move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trueup.errors import Problem, Source
from trueup.order.chain import Chain
from trueup.order.subsequence import longest_increasing


@dataclass(frozen=True, slots=True)
class Wanted:
    """One declared row of a stratum: its name in the chain, and the gaps it may stand in by its own `place`."""

    name: str
    is_new: bool
    low: int = 0
    high: int | None = None
    placed: bool = False
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """An add of one new row, or a move of several rows as a block, before `before` or to the end."""

    names: tuple[str, ...]
    is_new: bool
    before: str | None


@dataclass
class Stratum:
    """One stratum: declared rows in their order, and the undeclared rows that stay, in theirs."""

    wanted: list[Wanted] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass
class Arrangement:
    """What to do, adds first, and the table as it will stand (rows to be removed are still in it)."""

    steps: list[Step]
    chain: Chain
    problems: list[Problem]


def arrange(table: Sequence[str], anchors: set[str], strata: Iterable[Stratum]) -> Arrangement:
    """Order one menu. `table` are its rows' names as they stand; `anchors` those that others may be put before."""
    chain = Chain(table)
    position = {name: index for index, name in enumerate(table)}
    arrangers = [_Arranger(stratum, chain, anchors, position) for stratum in strata]
    steps: list[Step] = []
    if not any(arranger.problems for arranger in arrangers):
        steps += [step for arranger in arrangers for step in arranger.add()]
        steps += [step for arranger in arrangers for step in arranger.move()]
    return Arrangement(steps, chain, [problem for arranger in arrangers for problem in arranger.problems])


class _Arranger:
    """One stratum's rows on their way to their places."""

    def __init__(self, stratum: Stratum, chain: Chain, anchors: set[str], position: Mapping[str, int]) -> None:
        self.wanted, self.others = stratum.wanted, stratum.others
        self.chain, self.anchors = chain, anchors
        self.problems: list[Problem] = []
        self.gap = self._gaps(position)
        self.low, self.high = self._bounds()
        self.staying = self._staying(position)
        self.settled = {self.wanted[i].name for i in self.staying}

    def _gaps(self, position: Mapping[str, int]) -> dict[str, int]:
        """The gap each live declared row stands in."""
        marks = [(position[name], 1, name) for name in self.others]
        marks += [(position[w.name], 0, w.name) for w in self.wanted if not w.is_new]
        gap, gaps = 0, {}
        for _, is_other, name in sorted(marks):
            gap += is_other
            gaps[name] = gap
        return gaps

    def _bounds(self) -> tuple[list[int], list[int]]:
        """The gaps each declared row may stand in, with the bounds it inherits from its neighbours."""
        last = len(self.others)
        low, high = [], []
        bound = 0
        for wanted in self.wanted:
            bound = max(bound, wanted.low)
            low.append(bound)
        bound = last
        for wanted in reversed(self.wanted):
            bound = min(bound, last if wanted.high is None else wanted.high)
            high.append(bound)
        high.reverse()
        for index, wanted in enumerate(self.wanted):
            if low[index] > high[index] and wanted.placed:
                message = "`place` contradicts the declared order or another row's `place`"
                self.problems.append(Problem(message, wanted.source, "reorder the rows, or change `place`"))
        return low, high

    def _staying(self, position: Mapping[str, int]) -> list[int]:
        able = [
            index
            for index, wanted in enumerate(self.wanted)
            if not wanted.is_new and self.low[index] <= self.gap[wanted.name] <= self.high[index]
        ]
        return [able[i] for i in longest_increasing([position[self.wanted[i].name] for i in able])]

    def add(self) -> list[Step]:
        """Put every new row in its place among the rows that stay."""
        steps = []
        previous = None
        for index, wanted in enumerate(self.wanted):
            if wanted.is_new:
                before = self._settle([wanted.name], index, previous)
                self.anchors.add(wanted.name)
                steps.append(Step((wanted.name,), True, before))
            if wanted.name in self.settled:
                previous = wanted.name
        return steps

    def move(self) -> list[Step]:
        """Put the rows that cannot stay in their places; neighbours go as a block."""
        steps: list[Step] = []
        previous = None
        index = 0
        while index < len(self.wanted):
            block = [self.wanted[index].name]
            if block[0] not in self.settled:
                block = self._block(index)
                for name in block:
                    self.chain.take(name)
                steps.append(Step(tuple(block), False, self._settle(block, index, previous)))
            previous = block[-1]
            index += len(block)
        return steps

    def _settle(self, names: list[str], index: int, previous: str | None) -> str | None:
        """Insert rows into the table; returns the row they go before."""
        gap, before = self._spot(index, previous)
        for name in names:
            self.chain.insert(name, before)
            self.gap[name] = gap
        self.settled.update(names)
        return before

    def _block(self, start: int) -> list[str]:
        """Rows from `start` on that move to one spot: they follow each other and share their bounds."""
        end = start + 1
        while (
            end < len(self.wanted)
            and self.wanted[end].name not in self.settled
            and (self.low[end], self.high[end]) == (self.low[start], self.high[start])
        ):
            end += 1
        return [wanted.name for wanted in self.wanted[start:end]]

    def _spot(self, index: int, previous: str | None) -> tuple[int, str | None]:
        """The gap that a new or moving row goes to, and the row it goes before, None for the end of the table.

        It goes right after its settled declared predecessor; else before its successor; else where `place` says.
        """
        low = self.low[index]
        if previous is not None and self.gap[previous] >= low:
            return self.gap[previous], self._anchor_after(previous)
        if low > 0:
            return low, self._anchor_after(self.others[low - 1])
        following = next((w.name for w in self.wanted[index + 1 :] if w.name in self.settled), None)
        high = self.high[self._leader(index)]
        gap = min(high, self.gap[following] if following is not None else len(self.others))
        if following is not None and gap == self.gap[following]:
            return gap, self._anchor_at(following)
        if gap < len(self.others):
            return gap, self._anchor_at(self.others[gap])
        if self.others and not any(wanted.placed for wanted in self.wanted):
            self._demand_place(index)
        return gap, None

    def _leader(self, index: int) -> int:
        """The first of the rows right before this one that have yet to move; a new row goes where they will stand."""
        while index and self.wanted[index - 1].name not in self.settled:
            index -= 1
        return index

    def _demand_place(self, index: int) -> None:
        message = f"nothing says where this row goes among the {len(self.others)} undeclared rows around it"
        remedy = "write `place: first`, `place: last`, or `place: {before: …}` or `{after: …}` on the first row"
        if not self.problems:
            self.problems.append(Problem(message, self.wanted[index].source, remedy))

    def _anchor_after(self, name: str) -> str | None:
        return next((n for n in self.chain.after(name) if n in self.anchors), None)

    def _anchor_at(self, name: str) -> str | None:
        return name if name in self.anchors else self._anchor_after(name)
