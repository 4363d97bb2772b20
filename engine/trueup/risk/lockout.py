"""Whether the manager can come back in after each change of a plan.

The manager is connected now, so whatever would keep it out already is understood wrongly here and does not count; what
is not known of its packets is guessed in every way that lets it in now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trueup.errors import Source
from trueup.plan import Add, Change, Move, Plan, Remove, Set
from trueup.plan.risk import Cut, Lockout
from trueup.risk.firewall import Firewall, TooMany, Way
from trueup.risk.packet import Manager, within
from trueup.risk.state import Rows, after, id_of, rows_of
from trueup.risk.way_in import Finding, address, carriers, interfaces, route, service, user, way_back
from trueup.row import Row, Tables

MATTERING = (
    "/interface/bridge/port",
    "/interface/list",
    "/interface/list/member",
    "/interface/vlan",
    "/ip/address",
    "/ip/firewall/address-list",
    "/ip/firewall/filter",
    "/ip/firewall/raw",
    "/ip/route",
    "/ip/service",
    "/user",
    "/user/group",
)
"""Menus that are read beside the declared ones when a plan changes what could cut the manager off."""


LISTS = "/ip/firewall/address-list"


def matters(plan: Plan) -> bool:
    """Whether a plan changes anything that the manager's way in could hang on."""
    return any(map(_matters, plan.changes))


def _matters(change: Change) -> bool:
    return change.menu in (*MATTERING, "/certificate") or change.menu.startswith("/interface")


def bearing(tables: Tables, plan: Plan, manager: Manager) -> Rows:
    """The rows that bear on the manager's way in: of address lists only entries that hold it, or that change."""
    rows = dict(rows_of(tables))
    ids = {id_of(c.target) for c in plan.changes if isinstance(c, Set) and c.menu == LISTS}
    rows[LISTS] = tuple(r for r in rows.get(LISTS, ()) if r.id in ids or _about(r.text("address"), manager))
    return rows


def bears(change: Change, rows: Rows, manager: Manager) -> bool:
    """Whether a change can bear on the manager's way in; linear cost of bulk changes rests on this."""
    if change.menu == LISTS and isinstance(change, Add):
        address = change.values.get("address")
        return not isinstance(address, str) or _about(address, manager)
    if change.menu == LISTS and isinstance(change, Remove):
        return any(row.id == change.target.id for row in rows[LISTS])
    return _matters(change)


def _about(address: str, manager: Manager) -> bool:
    return any(within(each, address) is not False for each in (manager.source, manager.destination))


@dataclass
class Judge:
    """Judges states of one router against what it was before the plan."""

    before: Rows
    manager: Manager

    def __post_init__(self) -> None:
        self.hop = way_back(self.before, self.manager)
        self.interface = self.hop.interface if self.hop else ""
        held = [row.text("interface") for row in self.before.get("/ip/address", ()) if self._held(row)]
        self.carriers = carriers(self.before, self.interface or (held[0] if held else ""))
        self.ways = [way for way in self._ways(self.before) or () if way.ended_by is None]
        self.known = {(each.menu, each.text) for each in self._beside(self.before)}
        self.rules = self._ways(self.before) is not None

    def _held(self, row: Row) -> bool:
        return row.text("address").partition("/")[0] == self.manager.destination

    def findings(self, rows: Rows) -> Iterator[Finding]:
        """What keeps the manager out of this state, and did not before."""
        yield from (each for each in self._beside(rows) if (each.menu, each.text) not in self.known)
        if rows_differ(self.before, rows):
            yield from self._rules(rows)

    def _beside(self, rows: Rows) -> Iterator[Finding]:
        before, manager = self.before, self.manager
        yield from service(rows, before, manager)
        yield from user(rows, before, manager)
        yield from address(rows, before, manager)
        yield from route(rows, before, manager, self.hop)
        yield from interfaces(rows, before, self.carriers)

    def _rules(self, rows: Rows) -> Iterator[Finding]:
        ways = self._ways(rows)
        if ways is None or not self.rules:
            yield Finding("may be cut", "/ip/firewall/filter", "the rules are more than are told apart")
            return
        if not self.ways and any(way.ended_by for way in ways):
            text = "the rules as they are seem to keep the manager out already, so what they do is not understood"
            yield Finding("may be cut", "/ip/firewall/filter", text)
            return
        fitting = [way for way in ways if any(way.fits(now) for now in self.ways)]
        open = [way for way in fitting if way.ended_by is None]
        seen: set[str] = set()
        for way in fitting:
            if way.ended_by is not None and way.ended_by[1].id not in seen:
                menu, row = way.ended_by
                seen.add(row.id)
                yield Finding("may be cut" if open else "cut", menu, f"{_rule(row)} takes the connection", row)

    def _ways(self, rows: Rows) -> list[Way] | None:
        try:
            return Firewall(rows, self.manager, self._arrival(rows)).ways()
        except TooMany:
            return None

    def _arrival(self, rows: Rows) -> str:
        """The interface that packets come in by: of a bridge's port it is the bridge; a renamed one by its new name."""
        if not self.interface:
            return ""
        for menu, table in self.before.items():
            if menu.startswith("/interface/"):
                was = next((row for row in table if row.text("name") == self.interface), None)
                if was is not None:
                    now = next((row.text("name") for row in rows.get(menu, ()) if row.id == was.id), self.interface)
                    return self._bridge(rows, now)
        return self._bridge(rows, self.interface)

    def _bridge(self, rows: Rows, name: str) -> str:
        ports = rows.get("/interface/bridge/port", ())
        over = [row.text("bridge") for row in ports if row.text("interface") == name and row.text("disabled") != "yes"]
        return over[0] if over else name


RULES = ("/ip/firewall/", "/interface/list", "/interface/bridge/port", "/ip/address", "/ip/route")


def rows_differ(before: Rows, rows: Rows) -> bool:
    """Whether anything differs that the rules look at."""
    return any(rows[path] is not before.get(path) for path in rows if path.startswith(RULES))


def analyse(plan: Plan, tables: Tables, manager: Manager) -> Lockout:
    """What each change would do to a new connection of the manager's; `tables` hold MATTERING and the plan's menus."""
    rows = bearing(tables, plan, manager)
    judge = Judge(rows, manager)
    cuts: dict[tuple[str, str], Cut] = {}
    for number, change in enumerate(plan.changes):
        if not bears(change, rows, manager):
            continue
        rows = after(rows, number, change)
        for found in judge.findings(rows):
            cut = _cut(found, number, change)
            held = cuts.get((found.menu, found.text))
            if held is None or (held.verdict, cut.verdict) == ("may be cut", "cut"):
                cuts[found.menu, found.text] = cut
    return Lockout(tuple(cuts.values()))


def _cut(found: Finding, number: int, change: Change) -> Cut:
    source: Source | None = found.row.source if found.row else None
    if source is None and not isinstance(change, Move | Remove):
        source = change.source
    return Cut(found.verdict, number, found.menu, found.text, source)


def _rule(row: Row) -> str:
    """A rule in a few words: its comment, else its action and what it asks for."""
    if comment := row.text("comment"):
        return f'{row.text("action") or "accept"} "{comment}"'
    asked = [f"{n}={v}" for n, v in row.values.items() if isinstance(v, str) and v and n not in ("action", "disabled")]
    shown = [each for each in asked if not each.endswith("=no")]
    return " ".join((row.text("action") or "accept", *shown))
