"""Which ways a packet may take through raw, NAT and filter rules, where not all that rules ask for is known.

A way is an outcome with the guesses it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trueup.risk.matching import Guess, Matching
from trueup.risk.names import DEPTH, on
from trueup.risk.packet import Packet, within
from trueup.risk.state import Rows
from trueup.row import Row

LIMIT = 400
"""Ways through the rules beyond which they are not told apart."""

CUTTING = ("drop", "reject", "tarpit")
DIVERTING = ("dst-nat", "redirect", "netmap", "same")
ENDING = ("accept", *CUTTING, *DIVERTING)


class TooMany(Exception):
    """There are more ways than are told apart."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way: guesses that must hold, sets of guesses of which none may hold whole, and the row that ends it.

    `port` and `destination` are what address translation made of the packet's own.
    """

    holds: frozenset[Guess] = frozenset()
    fails: tuple[frozenset[Guess], ...] = ()
    ended_by: tuple[str, Row] | None = None
    destination: str = ""
    port: int = 0
    by: tuple[str, Row] | None = None

    def fits(self, other: Way) -> bool:
        """Whether both can be taken by the same packet."""
        holds = self.holds | other.holds
        return not any(failed <= holds for failed in (*self.fails, *other.fails))


class Firewall:
    """The rules of one state, as single packets meet them."""

    def __init__(self, rows: Rows, family: str) -> None:
        self.rows, self.menu = rows, f"{family}/firewall"
        self.matching = Matching(rows, family)
        self.count = 0

    def ways(self, packet: Packet, served: int) -> list[Way]:
        """Every way that a packet could take, once it is not the first any more too; raises TooMany.

        `served` is the port that the service listens on: what is led to another never gets there.
        """
        self.count = 0
        first = "prerouting" if packet.chain == "input" else "output"
        ways = self._through([Way(destination=packet.destination, port=packet.port)], packet, "raw", first)
        if packet.chain == "input":
            ways = self._through(ways, replace(packet, state="new"), "nat", "dstnat")
            ways = [_missed(way, served) for way in ways]
        return self._through(ways, packet, "filter", packet.chain)

    def _through(self, ways: list[Way], packet: Packet, table: str, chain: str) -> list[Way]:
        chains: dict[str, list[Row]] = {}
        for row in self.rows.get(f"{self.menu}/{table}", ()):
            if on(row):
                chains.setdefault(row.text("chain"), []).append(row)
        found = []
        for way in ways:
            now = replace(packet, destination=way.destination, port=way.port)
            walk = _Walk(f"{self.menu}/{table}", chains, now, self.matching)
            for ended, _ in [(way, True)] if way.ended_by else walk.chain(chain, 0, way, 0):
                self.count += 1
                if self.count > LIMIT:
                    raise TooMany
                found.append(ended)
        return found


def _missed(way: Way, served: int) -> Way:
    """The way, ended by the rule that leads it elsewhere than to the service."""
    if way.ended_by is None and way.by is not None and served and way.port != served:
        return replace(way, ended_by=way.by)
    return way


@dataclass
class _Walk:
    """One packet on its way through one table."""

    menu: str
    chains: dict[str, list[Row]]
    packet: Packet
    matching: Matching

    def chain(self, chain: str, at: int, way: Way, depth: int) -> Iterator[tuple[Way, bool]]:
        """Ways from a rule on, each with whether the packet is done with (or goes on behind the jump)."""
        rules = self.chains.get(chain, [])
        if depth > DEPTH:
            raise TooMany
        for number in range(at, len(rules)):
            rule = rules[number]
            action = rule.text("action") or "accept"
            if action not in (*ENDING, "jump", "return"):
                continue
            guesses = self.matching.asked(rule, self.packet)
            if guesses is None:
                continue
            taken = replace(way, holds=way.holds | guesses)
            if not any(failed <= taken.holds for failed in taken.fails):
                for ended, done in self._act(rule, action, taken, depth):
                    if done:
                        yield ended, True
                    elif action == "return":
                        yield ended, False
                    else:
                        yield from self.chain(chain, number + 1, ended, depth)
            if guesses <= way.holds:
                return
            way = replace(way, fails=(*way.fails, guesses))
        yield way, False

    def _act(self, rule: Row, action: str, way: Way, depth: int) -> Iterator[tuple[Way, bool]]:
        if action in CUTTING:
            yield replace(way, ended_by=(self.menu, rule)), True
        elif action in DIVERTING:
            yield self._diverted(rule, action, way), True
        elif action == "jump":
            yield from self.chain(rule.text("jump-target"), 0, way, depth + 1)
        else:
            yield way, action == "accept"

    def _diverted(self, rule: Row, action: str, way: Way) -> Way:
        """Where address translation leads: to a port of this router, or away from it."""
        to, port = rule.text("to-addresses"), rule.text("to-ports")
        by = (self.menu, rule)
        here = action == "redirect" or not to or within(way.destination, to) is True
        if not here or not (port.isdigit() or not port):
            return replace(way, ended_by=by, by=by)
        return replace(way, port=int(port) if port else way.port, by=by)
