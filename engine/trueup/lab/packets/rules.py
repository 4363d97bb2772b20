"""A table of firewall rules, walked as the router walks it; where a match is not known, as is worst for the packet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from trueup.lab.table import Row

Fits = Callable[[Row], bool | None]
"""Whether a packet fits a rule, None where that cannot be told."""

FATES: Mapping[str, bool] = {
    "accept": True,
    **dict.fromkeys(("drop", "reject", "tarpit", "dst-nat", "redirect", "netmap", "same"), False),
}
"""Actions that end a packet's way through a table, and whether they leave it as it was."""

DEEPEST = 16
"""Jumps within jumps that are followed."""

DOUBTS = 200
"""Rules whose match is not known that are followed both ways; jumps beyond them count as taken."""

Place = tuple[str, int]


class Rules:
    """The enabled rules of one table and one packet's way through them."""

    def __init__(self, rows: Iterable[Row], fits: Fits) -> None:
        self._chains: dict[str, list[Row]] = {}
        for row in rows:
            if row.enabled and row.marks.get("invalid") != "true":
                self._chains.setdefault(row.values.get("chain", ""), []).append(row)
        self._fits = fits
        self._known: dict[tuple[Place, tuple[Place, ...]], Row | None] = {}
        self._doubts = DOUBTS

    def decide(self, chain: str) -> Row | None:
        """The rule that decides what becomes of a packet in a chain; None where the chain ends without one."""
        return self._from((chain, 0), ())

    def _from(self, place: Place, back: tuple[Place, ...]) -> Row | None:
        if (place, back) not in self._known:
            self._known[place, back] = self._walk(place, back)
        return self._known[place, back]

    def _walk(self, place: Place, back: tuple[Place, ...]) -> Row | None:
        """On from a place, `back` being where the jumps came from."""
        while True:
            chain, at = place
            if at >= len(self._chains.get(chain, ())):
                if not back:
                    return None
                place, back = back[-1], back[:-1]
                continue
            row, place = self._chains[chain][at], (chain, at + 1)
            fits = self._fits(row)
            action = row.values.get("action", "accept")
            if fits is False:
                continue
            if action in FATES:
                if fits or not FATES[action]:
                    return row
                continue
            aside = self._aside(row, action, place, back)
            if aside is None:
                continue
            if fits or self._doubts <= 0:
                place, back = aside
                continue
            self._doubts -= 1
            worst = self._from(*aside)
            if worst is not None and not FATES[worst.values.get("action", "accept")]:
                return worst

    def _aside(
        self, row: Row, action: str, place: Place, back: tuple[Place, ...]
    ) -> tuple[Place, tuple[Place, ...]] | None:
        """Where a jump or a return leads; None for actions that only note something."""
        if action == "return":
            return (back[-1], back[:-1]) if back else (("", 0), ())
        target = row.values.get("jump-target", "")
        if action == "jump" and target in self._chains and len(back) < DEEPEST:
            return (target, 0), (*back, place)
        return None
