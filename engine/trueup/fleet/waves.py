"""In which waves a change reaches the routers that it affects. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence

from trueup.load.router import Router
from trueup_schemas.operate import Rollout, Wave

CANARY = "canary"
"""Routers with this label come first within a wave that says no label itself."""


def waves(settings: Rollout, routers: Sequence[Router], late: Collection[str] = ()) -> tuple[tuple[str, ...], ...]:
    """The affected routers' names, wave by wave, each in the order in which it is begun; no wave is empty.

    A wave by number or share takes canaries first, then by name, and leaves those of later waves' labels to them; a
    wave by label takes all that are left of its own. What no wave takes comes last. A router never comes in an
    earlier wave than those that its `after` names: a label's come with them, another waits for them. `late` are
    routers that cannot be written to for long: they, and what comes after them, make the last wave.
    """
    return tuple(_Queue(routers, late).waves(settings.waves))


def before(router: Router, routers: Sequence[Router]) -> tuple[str, ...]:
    """Those of the affected routers that have to be healthy before this one is begun."""
    affected = {each.name for each in routers}
    return tuple(name for name in dict.fromkeys(router.reconcile.after) if name in affected and name != router.name)


class _Queue:
    """Routers that no wave has taken yet, those that come first first."""

    def __init__(self, routers: Sequence[Router], late: Collection[str]) -> None:
        self._routers = {router.name: router for router in routers}
        self._before = {router.name: before(router, routers) for router in routers}
        self._count, self._late = len(self._routers), set(late)
        names = sorted(self._routers, key=lambda name: (CANARY not in self._routers[name].labels, name))
        self._left: dict[str, None] = {}
        for name in names:
            self._left |= dict.fromkeys(self._with_those_before(name))

    def waves(self, wanted: Sequence[Wave]) -> Iterator[tuple[str, ...]]:
        for number, wave in enumerate(wanted):
            if wave.label is not None:
                found = self._of_label(wave.label)
            else:
                later = {each.label for each in wanted[number + 1 :] if each.label is not None}
                kept = {name for name in self._left if not later.isdisjoint(self._routers[name].labels)}
                size = wave.count or max(1, math.ceil(round((wave.share or 0.0) * self._count, 6)))
                found = self._free(kept)[:size]
            yield from self._take(found)
        yield from self._take(self._free(set()))
        yield from self._take(list(self._left))

    def _of_label(self, label: str) -> list[str]:
        """All that are left with a label, and those that they come after, in order."""
        free = set(self._free(set()))
        mine = (name for name in self._left if label in self._routers[name].labels and name in free)
        wanted = {each for name in mine for each in self._with_those_before(name)}
        return [name for name in self._left if name in wanted]

    def _free(self, kept: set[str]) -> list[str]:
        """What is neither kept for later, nor late, nor comes after such a router."""
        held = (kept | self._late) & self._left.keys()
        return [name for name in self._left if held.isdisjoint(self._with_those_before(name))]

    def _take(self, names: list[str]) -> Iterator[tuple[str, ...]]:
        for name in names:
            del self._left[name]
        if names:
            yield tuple(names)

    def _with_those_before(self, name: str) -> list[str]:
        """A router after all that it directly or indirectly comes after; what goes in a circle is cut somewhere."""
        found: dict[str, None] = {}
        open_: set[str] = set()
        todo = [(name, False)]
        while todo:
            each, done = todo.pop()
            if done:
                found[each] = None
            elif each not in open_:
                open_.add(each)
                todo.append((each, True))
                todo.extend((other, False) for other in reversed(self._before[each]))
        return list(found)
