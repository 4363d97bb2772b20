"""What a layer says of one menu: rows, scopes of rows, and slots that nearer layers may fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trueup.errors import Source
from trueup.row import Place, Value

Rank = int
"""How near a declaration is: twice its layer's number from far to near, one more for `rows` than for intents."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One property as one layer declared it."""

    value: Value
    source: Source
    rank: Rank


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as one layer declared it, or as several did, merged.

    `shared` marks a row of a tunnel's other half: several tunnels may name it, if they say the same.
    """

    cells: Mapping[str, Cell]
    source: Source
    rank: Rank
    was: Mapping[str, Value] = field(default_factory=dict)
    place: Place | None = None
    protect: bool = False
    ignore: frozenset[str] = frozenset()
    slot: str = ""
    shared: bool = False

    def over(self, farther: Entry) -> Entry:
        """This row merged onto the farther layer's row with the same key: of each property, the nearer one stands."""
        cells = dict(farther.cells)
        for name, cell in self.cells.items():
            if name not in cells or cell.rank >= cells[name].rank:
                cells[name] = cell
        return replace(
            farther,
            cells=cells,
            rank=max(self.rank, farther.rank),
            was=self.was or farther.was,
            place=self.place or farther.place,
            protect=self.protect or farther.protect,
            ignore=self.ignore | farther.ignore,
            shared=self.shared and farther.shared,
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a layer's rows that a nearer layer may fill."""

    name: str
    source: Source
    rank: Rank


@dataclass(frozen=True, slots=True)
class Group:
    """A scope with its rows; `remove` is None where the layer does not say what becomes of undeclared rows."""

    match: Mapping[str, str]
    items: tuple[Entry | Slot, ...]
    source: Source
    rank: Rank
    remove: bool | None = None
    slot: str = ""


Item = Entry | Slot | Group
