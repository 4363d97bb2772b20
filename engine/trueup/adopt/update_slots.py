"""Which slot of a farther file a row of the router's own file needs, to stand where it stands on the router."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trueup.compile.entry import Rank, Slot
from trueup.compile.merge import MenuMerger
from trueup.compile.read import Ranking, RowReader
from trueup.compile.rules import Rules
from trueup.errors import Problem, Source
from trueup.load.layer import Layer
from trueup_schemas.catalogue import Catalogue

Stratum = tuple[str, ...]


class Slots:
    """One menu's slots in farther files; `places` gives their rows' strata and positions on the router."""

    def __init__(
        self, layers: Sequence[Layer], menu: str, catalogue: Catalogue, places: Mapping[Source, tuple[Stratum, int]]
    ) -> None:
        rules, problems = Rules(catalogue), list[Problem]()
        reader, merger = RowReader(rules, problems), MenuMerger(rules.menu(menu), problems)
        for rank, layer in enumerate(layers):
            merger.add(reader.read(layer.rows, _always(rank)).get(menu, []))
        self._lines: list[str | tuple[Stratum, int]] = []
        for line in merger.lines:
            if isinstance(line.item, Slot):
                self._lines.append(line.item.name)
            elif line.item.source in places:
                self._lines.append(places[line.item.source])

    def fitting(self, stratum: Stratum, position: int) -> str:
        """The slot for a row of this stratum at this position; "" where it needs none, or none is there."""
        strays = [0 if isinstance(line, str) else self._side(line, stratum, position) for line in self._lines]
        if 1 not in strays:
            return ""
        # Of the rows around a slot, those before it stand before the row too, and those behind it behind.
        for index, line in enumerate(self._lines):
            if isinstance(line, str) and 1 not in strays[:index] and -1 not in strays[index:]:
                return line
        return ""

    def _side(self, line: tuple[Stratum, int], stratum: Stratum, position: int) -> int:
        """-1 for a row that stands before the position on the router, 1 for one behind it, 0 in another stratum."""
        return 0 if line[0] != stratum else 1 if line[1] > position else -1


def _always(rank: Rank) -> Ranking:
    return lambda _: rank
