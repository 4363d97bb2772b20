"""One connection's path, the manager's or a tunnel's own: its address, the way back, the ports below, the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from trueup.risk.doors import Door, doors, lands, stack
from trueup.risk.firewall import Firewall, TooMany, Way
from trueup.risk.names import Finding, Names, is_kind, on
from trueup.risk.packet import Packet, family_of, within
from trueup.risk.route import Hop, Routes, steered
from trueup.risk.state import Rows
from trueup.row import Row

HARMLESS = frozenset({"comment", "name", "disabled"})
"""Properties of an interface that carry nothing, or are looked at beside."""

SEEN = {
    "/interface/bridge": frozenset({"vlan-filtering", "pvid", "frame-types", "ingress-filtering", "fast-forward"}),
    "/interface/bridge/port": frozenset({"bridge", "interface", "pvid", "frame-types", "ingress-filtering", "hw"}),
    "/interface/bridge/vlan": frozenset({"bridge", "vlan-ids", "tagged", "untagged"}),
    "/interface/vlan": frozenset({"interface", "vlan-id"}),
}
"""Properties that decide by which doors frames come in, which is looked at as a whole."""

PLACES = ("/interface/bridge", "/interface/ethernet", "/interface/vlan")
"""Interfaces that hold an address whatever their properties are, where packets come in elsewhere."""

RULES = ("/firewall/", "/interface/list", "/interface/bridge", "/interface/vlan", "/routing/rule")


Served = Callable[[Rows], int]


class Path:
    """A path as it is before a plan, and what keeps it shut in a later state.

    `packets` are those that must pass; `source` is the far end, `destination` the router's own address ("" where
    not known), `served` the port of the service behind it. What shuts it already is not understood and cuts nothing,
    as the connection is there.
    """

    def __init__(
        self, before: Rows, names: Names, packets: Sequence[Packet], served: Served | None = None, what: str = ""
    ) -> None:
        first = packets[0]
        ends = (first.source, first.destination) if first.chain == "input" else (first.destination, first.source)
        self.source, self.destination = ends
        self.family = family_of(self.source or self.destination)
        self.before, self.names, self.packets, self.served, self.what = before, names, packets, served, what
        self.hop = Routes(before, names).to(self.source) if self.source else None
        self.steered = {each.row.id for each in self._steered(before) if each.row is not None}
        self.arrival = self.hop.interface if self.hop and not self.steered else ""
        self.holders = frozenset(row.text("interface") for row in self._holding(before))
        self.doors = doors(before, self.arrival, names) if self.arrival else []
        self.carriers = stack(before, self.arrival) if self.arrival else frozenset[str]()
        self.holding = frozenset(name for holder in self.holders for name in stack(before, holder, ports=False))
        self._seen: dict[tuple[object, ...], tuple[object, list[list[Way]] | None]] = {}
        self.ways = self._ways(before)

    @property
    def misunderstood(self) -> str:
        """Why the rows as they are do not explain that the connection is there; "" where they do."""
        if not self.source:
            return "where the other end is is not known"
        if self.destination and not self.holders:
            return f"no address here is {self.destination}"
        if self.source and self.hop is None:
            return f"no route that is known leads back to {self.source}"
        return "rules or marks steer what goes back" if self.steered else ""

    @property
    def shut(self) -> bool:
        """Whether the rules seem to keep packets out that do pass: then they are not understood.

        Where either end may send the first packet, one of both ways is enough.
        """
        opened = [any(way.ended_by is None for way in ways) for ways in self.ways or ()]
        first = [o for o, packet in zip(opened, self.packets, strict=False) if packet.state == "new"]
        later = [o for o, packet in zip(opened, self.packets, strict=False) if packet.state != "new"]
        return bool(opened) and not (any(first) and all(later))

    def findings(self, rows: Rows) -> Iterator[Finding]:
        """What shuts this path in a state, and did not before."""
        for each in (*self._places(rows), *self._carried(rows), *self._rules(rows)):
            yield each._replace(text=f"{self.what}{each.text}")

    def _places(self, rows: Rows) -> Iterator[Finding]:
        """The address, the way back and the doors have to agree; by one door at least the connection comes in."""
        doors = [lands(rows, self._now(rows, door), self.names) for door in self.doors]
        found = {arrival: list(self._agreeing(rows, arrival)) for arrival in doors or [""]}
        if all(found.values()):
            yield from max(found.values(), key=lambda each: [finding.verdict for finding in each].count("may be cut"))
        elif any(found.values()):
            text = f"not every port leads to {self.arrival} any more, by which the connection comes in"
            yield Finding("may be cut", self._kind(), text)
        yield from (each for each in self._steered(rows) if each.row is None or each.row.id not in self.steered)

    def _agreeing(self, rows: Rows, arrival: str) -> Iterator[Finding]:
        """What is amiss where packets arrive at this interface; "" where they arrive at none, or no door is known."""
        if self.doors and not arrival:
            text = f"no port leads to {self.arrival} any more, by which the connection comes in"
            yield Finding("cut", self._kind(), text)
            return
        yield from self._address(rows, arrival)
        yield from self._route(rows, arrival)

    def _address(self, rows: Rows, arrival: str) -> Iterator[Finding]:
        menu = f"{self.family}/address"
        if not self.destination:
            yield from self._own_addresses(rows)
        if not self.holders:
            return
        now = [row for row in self._holding(rows) if self.names.works(rows, row.text("interface"))]
        if not now:
            was = next(iter(self._holding(self.before)), None)
            yield Finding("cut", menu, f"address {self.destination} is gone", was)
            return
        expected = {self.names.now(rows, holder) for holder in self.holders}
        if self.arrival in self.holders and arrival:
            expected = {arrival}
        if not {row.text("interface") for row in now} & expected:
            place = now[0].text("interface")
            text = f"address {self.destination} is on {place}, while packets come in by {' or '.join(sorted(expected))}"
            yield Finding("may be cut", menu, text, now[0])

    def _own_addresses(self, rows: Rows) -> Iterator[Finding]:
        """Where the router's own address is not known, any that is on the way out may be it."""
        menu = f"{self.family}/address"
        now = {row.text("address") for row in rows.get(menu, ()) if on(row)}
        for row in self.before.get(menu, ()):
            if self.arrival and row.text("interface") == self.arrival and on(row) and row.text("address") not in now:
                yield Finding("may be cut", menu, f"address {row.text('address')} is gone", row)

    def _route(self, rows: Rows, arrival: str) -> Iterator[Finding]:
        menu, old = f"{self.family}/route", self.hop
        if not self.source or old is None:
            return
        new = Routes(rows, self.names).to(self.source)
        if new is None:
            yield Finding("cut", menu, f"no route leads back to {self.source}", old.row)
        elif new.gateway == "blackhole":
            if old.gateway != "blackhole":
                yield Finding("cut", menu, f"a blackhole swallows what goes back to {self.source}", new.row)
        elif not self._same(rows, old, new, arrival):
            nowhere = self.doors and new.interface and not doors(rows, new.interface, self.names)
            text = f"what goes back to {self.source} goes by {new.gateway or new.interface}"
            yield Finding("cut" if nowhere else "may be cut", menu, text, new.row)

    def _same(self, rows: Rows, old: Hop, new: Hop, arrival: str) -> bool:
        """Whether a way back is the old one: the same gateway, over the interface at which packets arrive now."""
        gateway = self.names.now(rows, old.gateway) if old.gateway == old.interface else old.gateway
        head, percent, interface = gateway.partition("%")
        gateway = f"{head}%{self.names.now(rows, interface)}" if percent else gateway
        moved = old.gateway == old.interface != "" and new.gateway == new.interface
        expected = arrival or self.names.now(rows, old.interface)
        return (new.gateway == gateway or moved) and new.interface == expected

    def _steered(self, rows: Rows) -> Iterator[Finding]:
        out = next((packet for packet in self.packets if packet.chain == "output"), None)
        if out is not None and out.source and out.destination:
            yield from steered(rows, out)

    def _holding(self, rows: Rows) -> list[Row]:
        table = rows.get(f"{self.family}/address", ())
        own = self.destination
        return [row for row in table if own and on(row) and within(own, row.text("address").partition("/")[0])]

    def _now(self, rows: Rows, door: Door) -> Door:
        return Door(self.names.now(rows, door.port), door.tag)

    def _kind(self) -> str:
        return self.names.before[self.arrival][0] if self.arrival in self.names.before else "/interface"

    def _carried(self, rows: Rows) -> Iterator[Finding]:
        """What the path stands on: whatever else changes of it is not understood."""
        for menu, table in self.before.items():
            if not is_kind(menu) or menu.endswith("/peers") or rows.get(menu) is table:
                continue
            now = {row.id: row for row in rows.get(menu, ())}
            for was in table:
                if was.fixed == "dynamic" or not on(was) or not self._carries(menu, was):
                    continue
                row = now.get(was.id)
                yield from self._changed(rows, menu, was, row)
        known = {row.id for row in self.before.get("/interface/bridge/port", ())}
        for row in rows.get("/interface/bridge/port", ()) if not self.doors else ():
            if row.id not in known and on(row) and row.text("interface") in self.carriers:
                text = f"{row.text('interface')}, which carries the connection, becomes a port of {row.text('bridge')}"
                yield Finding("may be cut", "/interface/bridge/port", text, row)

    def _changed(self, rows: Rows, menu: str, was: Row, row: Row | None) -> Iterator[Finding]:
        name = was.text("name") or was.text("interface") or was.text("vlan-ids")
        what = f"{menu} {name}, which carries the connection,"
        seen = self.doors and menu in SEEN
        if row is None or not on(row):
            if not seen:
                state = "is gone" if row is None else "is disabled"
                only = name == self.arrival or not self.doors
                yield Finding("cut" if only else "may be cut", menu, f"{what} {state}", row or was)
            return
        if was.text("name") in self.holding - self.carriers and menu in PLACES:
            return
        names = (was.values.keys() | row.values.keys()) - HARMLESS - (SEEN[menu] if seen else frozenset())
        changed = sorted(
            n
            for n in names
            if was.values.get(n) != row.values.get(n) and row.text(n) != self._follow(rows, was.text(n))
        )
        if changed:
            yield Finding("may be cut", menu, f"{what} gets another {' and '.join(changed)}", row)

    def _follow(self, rows: Rows, text: str) -> str:
        return ",".join(self.names.now(rows, name) for name in text.split(",")) if text else "\0"

    def _carries(self, menu: str, row: Row) -> bool:
        if menu in ("/interface/bridge/port", "/interface/bridge/vlan"):
            return row.text("bridge") in self.carriers
        return row.text("name") in self.carriers | self.holding

    def _rules(self, rows: Rows) -> Iterator[Finding]:
        now = self._ways(rows)
        menu = f"{self.family}/firewall/filter"
        if now is self.ways:
            return
        if now is None or self.ways is None:
            yield Finding("may be cut", menu, "the rules are more than are told apart")
            return
        seen: set[str] = set()
        for was, ways in zip(self.ways, now, strict=True):
            yield from self._passes(was, ways, seen)

    def _passes(self, was: list[Way], ways: list[Way], seen: set[str]) -> Iterator[Finding]:
        before = [way for way in was if way.ended_by is None]
        if not before:
            return
        fitting = [way for way in ways if any(way.fits(each) for each in before)]
        open = [way for way in fitting if way.ended_by is None]
        for way in fitting:
            if way.ended_by is not None and way.ended_by[1].id not in seen:
                where, row = way.ended_by
                seen.add(row.id)
                yield Finding("may be cut" if open else "cut", where, f"{in_words(row)} takes the connection", row)

    def _ways(self, rows: Rows) -> list[list[Way]] | None:
        """For each packet, its ways; None where they are more than are told apart."""
        arrival = self._arrival(rows)
        parts = [table for path, table in rows.items() if any(part in path for part in RULES)]
        served = self.served(rows) if self.served else 0
        key = (arrival, served, *map(id, parts))
        if key not in self._seen:
            firewall = Firewall(rows, self.family)
            try:
                found = [firewall.ways(packet, served) for packet in self._packets(arrival, served)]
            except TooMany:
                found = None
            if self._seen and found == next(iter(self._seen.values()))[1]:
                found = next(iter(self._seen.values()))[1]
            self._seen[key] = (parts, found)
        return self._seen[key][1]

    def _packets(self, arrival: str, served: int) -> Iterator[Packet]:
        for packet in self.packets:
            answer = packet.chain == "output" and served
            yield replace(packet, interface=arrival, source_port=served if answer else packet.source_port)

    def ports(self, rows: Rows) -> set[int]:
        """The ports of this router at which a new connection may come out."""
        return {way.port for way in (self._ways(rows) or [[]])[0]} or {self.packets[0].port}

    def _arrival(self, rows: Rows) -> str:
        """The interface at which packets arrive in a state; "" where that is not known."""
        if not self.arrival:
            return ""
        arrivals = {lands(rows, self._now(rows, door), self.names) for door in self.doors} - {""}
        if len(arrivals) == 1:
            return arrivals.pop()
        return "" if arrivals else self.names.now(rows, self.arrival)


def in_words(row: Row) -> str:
    """A rule in a few words: its comment, else its action and what it asks for."""
    if comment := row.text("comment"):
        return f'{row.text("action") or "accept"} "{comment}"'
    asked = [f"{n}={v}" for n, v in row.values.items() if isinstance(v, str) and v and n not in ("action", "disabled")]
    shown = [each for each in asked if not each.endswith("=no")]
    return " ".join((row.text("action") or "accept", *shown))
