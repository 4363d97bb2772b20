"""Whether the manager can come back in after each change of a plan.

The manager is connected now, so whatever would keep it out already is understood wrongly here: what a plan changes of
that is never called kept. What is not known of its packets is guessed in every way that lets it in now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trueup.errors import Source
from trueup.plan import Change, Move, Plan, Remove
from trueup.plan.risk import Cut, Lockout
from trueup.risk.elsewhere import Elsewhere, strays
from trueup.risk.login import certificate, service, service_name, user
from trueup.risk.names import Finding, Names, named
from trueup.risk.packet import Manager, Packet
from trueup.risk.path import Path
from trueup.risk.relevance import Relevance, bearing
from trueup.risk.state import Rows, after, rows_of
from trueup.risk.steps import steps
from trueup.risk.tunnels import keyed, outer, tunnels
from trueup.row import Row, Tables
from trueup_schemas.catalogue import Catalogue

DEPTH = 3
"""Tunnels within tunnels that are looked into."""


@dataclass
class Judge:
    """Judges states of one router against what it was before the plan."""

    before: Rows
    manager: Manager
    version: str = ""

    def __post_init__(self) -> None:
        self.names = Names(self.before, self.version)
        path = self._path(self.manager)
        if self._served(self.before) not in (0, *path.ports(self.before)):
            # Something on the way to the router has made another port of it.
            path = self._path(replace(self.manager, port=self._served(self.before)))
        self.paths = [path]
        self.tunnels: list[tuple[str, Row, str]] = []
        self._into_tunnels(path, DEPTH)
        self.doubts = {each.menu: each.text for each in self._login(self.before)}

    def _path(self, manager: Manager) -> Path:
        coming = Packet("input", "new", manager.source, manager.destination, "tcp", 0, manager.port)
        later = replace(coming, state="established")
        back = Packet("output", "established", manager.destination, manager.source, "tcp")
        return Path(self.before, self.names, [coming, later, back], self._served)

    def _served(self, rows: Rows) -> int:
        """The port of the API's service, 0 where it is not known."""
        row = named(rows, "/ip/service", service_name(self.manager))
        return int(row.text("port")) if row is not None and row.text("port").isdigit() else 0

    def _into_tunnels(self, path: Path, depth: int) -> None:
        for menu, row in tunnels(self.before, path.carriers) if depth else ():
            self.tunnels.append((menu, row, path.source))
            inner = outer(self.before, self.names, menu, row, path.source)
            self.paths.append(inner)
            self._into_tunnels(inner, depth - 1)

    def findings(self, rows: Rows) -> Iterator[Finding]:
        """What keeps the manager out of this state, and did not before."""
        for each in self._login(rows):
            if self.doubts.get(each.menu) != each.text:
                yield each
        yield from self._doubtful(rows)
        for path in self.paths:
            yield from path.findings(rows)
            if menu := strays(path, rows):
                yield Finding(
                    "may be cut", menu, f"{path.what}{path.misunderstood}, so what this does is not understood"
                )
        for menu, row, source in self.tunnels:
            yield from keyed(rows, self.before, self.names, menu, row, source)

    def _login(self, rows: Rows) -> Iterator[Finding]:
        yield from service(rows, self.before, self.manager, self.paths[0].ports(rows))
        yield from certificate(rows, self.before, self.manager)
        yield from user(rows, self.before, self.manager)

    def _doubtful(self, rows: Rows) -> Iterator[Finding]:
        """Menus by which the manager would be kept out already, as far as they are understood, and that change."""
        for menu, doubt in self.doubts.items():
            if rows.get(menu) is not self.before.get(menu):
                yield Finding("may be cut", menu, f"{doubt} already, so what this does is not understood")


def judge_of(plan: Plan, tables: Tables, manager: Manager) -> tuple[Judge, Relevance]:
    """Who judges the states of a plan, and who says which of its changes to ask about."""
    whole = Judge(rows_of(tables), manager, plan.version)
    judge = Judge(bearing(whole.before, plan, whole.paths), manager, plan.version)
    return judge, Relevance(plan, judge.before, judge.paths, manager)


def analyse(plan: Plan, tables: Tables, manager: Manager, catalogue: Catalogue) -> Lockout:
    """What each change would do to a new connection of the manager's; `tables` hold MATTERING and the plan's menus."""
    judge, relevance = judge_of(plan, tables, manager)
    rows = judge.before
    elsewhere = Elsewhere(rows, judge.paths, named(rows, "/user", manager.user) is not None)
    cuts: dict[tuple[str, str], Cut] = {}
    for number, change in enumerate(plan.changes):
        found: list[Finding] = []
        if why := elsewhere.why(change, number):
            found.append(Finding("may be cut", change.menu, why))
        if relevance.applies(change):
            if relevance.bears(change):
                found += [each for state in steps(rows, number, change, catalogue) for each in judge.findings(state)]
            rows = after(rows, number, change)
        for each in found:
            cut = _cut(each, number, change)
            held = cuts.get((each.menu, each.text))
            if held is None or (held.verdict, cut.verdict) == ("may be cut", "cut"):
                cuts[each.menu, each.text] = cut
    return Lockout(tuple(cuts.values()))


def _cut(found: Finding, number: int, change: Change) -> Cut:
    source: Source | None = found.row.source if found.row else None
    if source is None and not isinstance(change, Move | Remove):
        source = change.source
    return Cut(found.verdict, number, found.menu, found.text, source)
