"""The order of an export: what is named comes before what names it, menus together as far as that allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush

from trueup.adopt.choose import Declared
from trueup.diff.references import names_in, places, referring
from trueup_schemas.catalogue import Catalogue

Values = Mapping[str, object]
"""A row's values by property; only texts name anything."""

Spot = tuple[str, int]
"""A row: its menu, and its number there."""

_LATER = ("/system", "/tool", "/user", "/snmp", "/radius")


def arranged(rows: Mapping[str, Sequence[Declared]], catalogue: Catalogue) -> dict[str, tuple[Declared, ...]]:
    """The same rows by menu, menus and rows in the order that an export of them has."""
    found: dict[str, list[Declared]] = {}
    for path, number in in_order({path: [row.values for row in of] for path, of in rows.items()}, catalogue):
        found.setdefault(path, []).append(rows[path][number])
    return {path: tuple(of) for path, of in found.items()}


def in_order(rows: Mapping[str, Sequence[Values]], catalogue: Catalogue) -> Iterator[Spot]:
    """Every row once. Rows of a menu keep their order, unless one names a later one and order does not count there.

    Where rows name each other in a circle, the first of them comes first.
    """
    waits = {spot: needed - {spot} for spot, needed in _needs(rows, catalogue).items()}
    ranks = _ranks(waits, catalogue)
    followers: dict[Spot, list[Spot]] = defaultdict(list)
    for spot, needed in waits.items():
        for each in needed:
            followers[each].append(spot)
    ready: list[tuple[int, int, str]] = []
    left = dict.fromkeys(sorted(waits, key=lambda spot: (ranks[spot[0]], spot[1])))
    for path, number in left:
        if not waits[path, number]:
            heappush(ready, (ranks[path], number, path))
    while left:
        if not ready:
            path, number = next(iter(left))
            ready.append((ranks[path], number, path))
        _, number, path = heappop(ready)
        if (path, number) not in left:
            continue
        del left[path, number]
        yield path, number
        for spot in followers[path, number]:
            waits[spot].discard((path, number))
            if not waits[spot] and spot in left:
                heappush(ready, (ranks[spot[0]], spot[1], spot[0]))


def _ranks(needs: Mapping[Spot, set[Spot]], catalogue: Catalogue) -> dict[str, int]:
    """Menus numbered so that those whose rows are named come first: interfaces, and last what is the router's own."""
    named: dict[str, set[str]] = {}
    for (path, _), needed in needs.items():
        named.setdefault(path, set()).update(other for other, _ in needed if other != path)

    def place(path: str) -> tuple[bool, bool, bool, str]:
        interfaces = catalogue.menu(path).namespace == "/interface"
        return path.startswith(_LATER), not interfaces, not path.startswith("/interface"), path

    waiting = sorted(named, key=place)
    done: dict[str, int] = {}
    while waiting:
        free = next((path for path in waiting if named[path] <= done.keys()), None)
        path = free or min(waiting, key=lambda path: len(named[path] - done.keys()))
        waiting.remove(path)
        done[path] = len(done)
    return done


def _needs(rows: Mapping[str, Sequence[Values]], catalogue: Catalogue) -> dict[Spot, set[Spot]]:
    """What each row needs before it: the rows that it names, and in an ordered menu the row above."""
    index: dict[tuple[str, str, str], list[Spot]] = defaultdict(list)
    for path, values in rows.items():
        for number, row in enumerate(values):
            for name, value in row.items():
                if isinstance(value, str) and value:
                    index[path, name, value].append((path, number))
    needs: dict[Spot, set[Spot]] = {}
    for path, values in rows.items():
        menu = catalogue.menu(path)
        leads = [
            (property, place, reference.property)
            for property in referring(menu)
            for reference in property.refers
            if reference.hard
            for place in places(reference, catalogue)
        ]
        for number, row in enumerate(values):
            needed = {(path, number - 1)} if menu.ordered and number else set()
            for property, place, called in leads:
                for name in names_in(property, row.get(property.name)):
                    needed.update(index.get((place, called, name), ()))
            needs[path, number] = needed
    return needs
