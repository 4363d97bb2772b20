"""Which ways a new connection may take through raw and filter rules, where not all that rules ask for is known.

What is not known of the packet (a layer-7 pattern, say) is a *guess*: it holds or it does not, and the same guess
holds or does not hold in every rule, before a plan and after it. A way is an outcome with the guesses it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from trueup.risk.packet import Manager, port_within, within
from trueup.risk.state import Rows
from trueup.row import Row

Guess = tuple[str, str]

LIMIT = 400
"""Ways through the rules beyond which they are not told apart."""

DEPTH = 16
"""Chains within chains that are followed."""

BUILTIN = ("all", "dynamic", "static", "none")
"""Lists whose members are not written down."""

CUTTING = ("drop", "reject", "tarpit")
SAYING_NOTHING = frozenset(
    {"action", "address-list", "address-list-timeout", "chain", "comment", "disabled", "hw-offload", "jump-target"}
    | {"log", "log-prefix", "reject-with"}
)
"""Properties of a rule that ask nothing of the packet."""


class TooMany(Exception):
    """There are more ways than are told apart."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way: guesses that must hold, sets of guesses of which none may hold whole, and the row that ends it."""

    holds: frozenset[Guess] = frozenset()
    fails: tuple[frozenset[Guess], ...] = ()
    ended_by: tuple[str, Row] | None = None

    def fits(self, other: Way) -> bool:
        """Whether both can be taken by the same packet."""
        holds = self.holds | other.holds
        return not any(failed <= holds for failed in (*self.fails, *other.fails))


@dataclass
class Firewall:
    """Raw and filter rules as one new connection meets them; `interface` is where it comes in, "" where not known."""

    rows: Rows
    manager: Manager
    interface: str
    count: int = 0
    lists: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows.get("/ip/firewall/address-list", ()):
            if row.text("disabled") != "yes":
                self.lists.setdefault(row.text("list"), []).append(row)
        raw = self.rows.get("/ip/firewall/raw", ())
        self.untracked = any(row.text("action") == "notrack" and row.text("disabled") != "yes" for row in raw)

    def ways(self) -> list[Way]:
        """Every way that a packet could take; raises TooMany."""
        found = []
        for way in self._table("/ip/firewall/raw", "prerouting", Way()):
            found += [way] if way.ended_by else list(self._table("/ip/firewall/filter", "input", way))
        return found

    def _table(self, menu: str, chain: str, way: Way) -> Iterator[Way]:
        chains: dict[str, list[Row]] = {}
        for row in self.rows.get(menu, ()):
            if row.text("disabled") != "yes":
                chains.setdefault(row.text("chain"), []).append(row)
        for ended, _ in self._chain(menu, chains, chain, 0, way, 0):
            self.count += 1
            if self.count > LIMIT:
                raise TooMany
            yield ended

    def _chain(
        self, menu: str, chains: dict[str, list[Row]], chain: str, at: int, way: Way, depth: int
    ) -> Iterator[tuple[Way, bool]]:
        """Ways from a rule on, each with whether the packet is done with (or goes on behind the jump)."""
        rules = chains.get(chain, [])
        if depth > DEPTH:
            raise TooMany
        for number in range(at, len(rules)):
            rule = rules[number]
            action = rule.text("action") or "accept"
            if action not in (*CUTTING, "accept", "jump", "return"):
                continue
            guesses = self.asked(rule)
            if guesses is None:
                continue
            taken = Way(way.holds | guesses, way.fails)
            if not any(failed <= taken.holds for failed in taken.fails):
                for ended, done in self._act(menu, chains, rule, action, taken, depth):
                    if done:
                        yield ended, True
                    elif action == "return":
                        yield ended, False
                    else:
                        yield from self._chain(menu, chains, chain, number + 1, ended, depth)
            if guesses <= way.holds:
                return
            way = Way(way.holds, (*way.fails, guesses))
        yield way, False

    def _act(
        self, menu: str, chains: dict[str, list[Row]], rule: Row, action: str, way: Way, depth: int
    ) -> Iterator[tuple[Way, bool]]:
        if action in CUTTING:
            yield Way(way.holds, way.fails, (menu, rule)), True
        elif action == "jump":
            yield from self._chain(menu, chains, rule.text("jump-target"), 0, way, depth + 1)
        else:
            yield way, action == "accept"

    def asked(self, rule: Row) -> frozenset[Guess] | None:
        """What must hold for the rule to match: nothing more, some guesses, or None where it cannot match."""
        guesses: set[Guess] = set()
        for name, value in rule.values.items():
            if name in SAYING_NOTHING or not isinstance(value, str) or not value:
                continue
            inverted = value.startswith("!")
            known, guess = self._known(name, value.removeprefix("!"))
            if known is None:
                guesses.add((name, f"{'!' if inverted else ''}{guess}"))
            elif known == inverted:
                return None
        return frozenset(guesses)

    def _known(self, name: str, value: str) -> tuple[bool | None, str]:
        """Whether one matcher holds, None where that is not known; and what tells this guess from others."""
        manager = self.manager
        match name:
            case "src-address":
                return within(manager.source, value), value
            case "dst-address":
                return within(manager.destination, value), value
            case "src-address-list":
                return self._listed(manager.source, value)
            case "dst-address-list":
                return self._listed(manager.destination, value)
            case "protocol":
                return value in ("tcp", "6"), value
            case "dst-port":
                return port_within(manager.port, value), value
            case "port":
                return port_within(manager.port, value) or None, value
            case "connection-state":
                return (None if self.untracked else "new" in value.split(",")), value
            case "in-interface":
                return (value == self.interface if self.interface else None), value
            case "in-interface-list":
                return self._in_list(value)
        return None, value

    def _listed(self, address: str, name: str) -> tuple[bool | None, str]:
        rows = self.lists.get(name, [])
        found = [within(address, row.text("address")) for row in rows]
        names = ",".join(sorted(r.text("address") for r, f in zip(rows, found, strict=True) if f is None))
        return (True if True in found else None if None in found else False), f"{name}:{names}"

    def _in_list(self, name: str) -> tuple[bool | None, str]:
        members = self._members(name, 0)
        if name == "all":
            return True, name
        if members is None or not self.interface:
            return None, f"{name}:{','.join(sorted(members or ()))}"
        return self.interface in members, name

    def _members(self, name: str, depth: int) -> set[str] | None:
        """The interfaces of a list, with those it includes; None where that is not plain."""
        listed = next((row for row in self.rows.get("/interface/list", ()) if row.text("name") == name), None)
        rows = self.rows.get("/interface/list/member", ())
        members = {r.text("interface") for r in rows if r.text("list") == name and r.text("disabled") != "yes"}
        for other in filter(None, listed.text("include").split(",") if listed else ()):
            included = self._members(other, depth + 1) if depth < DEPTH and other not in BUILTIN else None
            if included is None:
                return None
            members |= included
        for other in filter(None, listed.text("exclude").split(",") if listed else ()):
            excluded = self._members(other, depth + 1) if depth < DEPTH and other not in BUILTIN else None
            if excluded is None:
                return None
            members -= excluded
        return members
