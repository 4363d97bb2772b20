"""Which routers the fleet's table shows: searched, filtered, sorted, page by page; all of it in the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from trueup.daemon.status import FleetStatus, RouterStatus, State

ROWS = 100
"""Routers on a page."""

_RANK = {state: rank for rank, state in enumerate(sorted(State, key=lambda state: state is State.CONVERGED))}
_DIGITS = re.compile(r"(\d+)")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def natural(name: str) -> list[tuple[int, str]]:
    """A name's key to sort by: tower-2 before tower-10."""
    parts = _DIGITS.split(name)
    return [(int(part), "") if index % 2 else (0, part) for index, part in enumerate(parts)]


SORTS: Mapping[str, tuple[str, Callable[[RouterStatus], Any]]] = {
    "": ("what needs a look first", lambda router: (_RANK[router.state], natural(router.name))),
    "name": ("name", lambda router: natural(router.name)),
    "site": ("site", lambda router: (router.site, natural(router.name))),
    "age": ("longest not as declared", lambda router: (router.converged or _LONG_AGO, natural(router.name))),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for; "" means any."""

    q: str = ""
    state: str = ""
    site: str = ""
    label: str = ""
    mode: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Selection:
        """From an address's query; what makes no sense counts as not said."""
        words = {name: asked.get(name, "").strip()[:100] for name in ("q", "state", "site", "label", "mode", "sort")}
        page = asked.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        words["sort"] = words["sort"] if words["sort"] in SORTS else ""
        return cls(**words, page=max(1, number))

    @property
    def filtered(self) -> bool:
        """Whether this leaves routers out."""
        return any((self.q, self.state, self.site, self.label, self.mode))

    def address(self, **other: Any) -> str:
        """The fleet's address with this selection, changed in these; another filter begins at its first page."""
        changed = replace(self, **{"page": 1, **other})
        said = {each.name: getattr(changed, each.name) for each in fields(changed)}
        query = urlencode({name: value for name, value in said.items() if value and (name != "page" or value > 1)})
        return f"/?{query}" if query else "/"

    def of_fleet(self, routers: Iterable[RouterStatus]) -> list[RouterStatus]:
        """The routers that fit, sorted."""
        words = self.q.lower().split()
        found = [router for router in routers if self._fits(router) and all(_has(router, word) for word in words)]
        return sorted(found, key=SORTS[self.sort][1])

    def _fits(self, router: RouterStatus) -> bool:
        return (
            self.state in ("", router.state)
            and self.site in ("", router.site)
            and (not self.label or self.label in router.labels)
            and self.mode in ("", router.mode)
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in a fleet."""

    sites: tuple[str, ...]
    labels: tuple[str, ...]
    modes: tuple[str, ...]

    @classmethod
    def of(cls, fleet: FleetStatus) -> Choices:
        routers = fleet.routers.values()
        return cls(
            tuple(sorted({router.site for router in routers if router.site})),
            tuple(sorted({label for router in routers for label in router.labels})),
            tuple(sorted({router.mode for router in routers if router.mode})),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what was found; `pages` is 1 at least."""

    routers: tuple[RouterStatus, ...]
    found: int
    number: int
    pages: int

    @classmethod
    def of(cls, found: list[RouterStatus], number: int) -> Page:
        pages = max(1, -(-len(found) // ROWS))
        number = min(number, pages)
        return cls(tuple(found[(number - 1) * ROWS : number * ROWS]), len(found), number, pages)

    @property
    def first(self) -> int:
        return (self.number - 1) * ROWS + 1


def _has(router: RouterStatus, word: str) -> bool:
    """Whether a word stands in what the table says of a router."""
    said = (router.name, router.site, router.host, router.version, *router.labels)
    return any(word in each.lower() for each in said) or any(
        word in drift.menu or word in drift.author.lower() for drift in router.drift
    )
