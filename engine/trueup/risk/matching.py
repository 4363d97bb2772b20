"""Whether a rule matches a packet of which not all is known.

What is not known of the packet (a layer-7 pattern, say) is a *guess*: it holds or it does not, and the same guess
holds or does not hold in every rule, before a plan and after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from trueup.risk.names import list_members, on
from trueup.risk.packet import Packet, port_within, within
from trueup.risk.state import Rows
from trueup.row import Row

Guess = tuple[str, str]

NUMBERS = {"tcp": "6", "udp": "17", "gre": "47", "ipencap": "4", "icmp": "1"}

SAYING_NOTHING = frozenset(
    {"action", "address-list", "address-list-timeout", "chain", "comment", "disabled", "hw-offload", "jump-target"}
    | {"log", "log-prefix", "reject-with", "to-addresses", "to-ports", "randomise-ports", "same-not-by-dst"}
    | {"new-connection-mark", "new-packet-mark", "new-routing-mark", "passthrough", "new-mss", "new-dscp", "new-ttl"}
)
"""Properties of a rule that ask nothing of the packet."""

COUNTING = frozenset({"connection-limit", "connection-rate", "dst-limit", "limit", "nth", "psd", "random"})
"""Matchers that keep a count of their own in each rule, so that a guess holds for one rule only."""

MARKS = frozenset({"connection-mark", "packet-mark", "routing-mark", "routing-table"})
"""What mangle rules decide: guesses about it hold as long as those stay the same."""


@dataclass
class Matching:
    """Matches rules of one router's state; `family` is the menu below which its firewall is."""

    rows: Rows
    family: str
    lists: dict[str, list[Row]] = field(default_factory=dict)
    fed: frozenset[str] = frozenset()
    untracked: bool = False

    def __post_init__(self) -> None:
        firewall = f"{self.family}/firewall"
        for row in self.rows.get(f"{firewall}/address-list", ()):
            if on(row):
                self.lists.setdefault(row.text("list"), []).append(row)
        rules = [row for table in ("raw", "mangle", "nat", "filter") for row in self._active(f"{firewall}/{table}")]
        self.fed = frozenset(r.text("address-list") for r in rules if r.text("action").startswith("add-"))
        tracking = next(iter(self.rows.get("/ip/firewall/connection/tracking", ())), None)
        off = tracking is not None and tracking.text("enabled") == "no"
        self.untracked = off or any(row.text("action") == "notrack" for row in rules)
        self._marks = repr([_marking(row) for row in self._active(f"{firewall}/mangle")])

    def _active(self, menu: str) -> list[Row]:
        return [row for row in self.rows.get(menu, ()) if on(row)]

    def asked(self, rule: Row, packet: Packet) -> frozenset[Guess] | None:
        """What must hold for the rule to match: nothing more, some guesses, or None where it cannot match."""
        guesses: set[Guess] = set()
        for name, value in rule.values.items():
            if name in SAYING_NOTHING or not isinstance(value, str):
                continue
            inverted = value.startswith("!")
            known, guess = self._known(name, value.removeprefix("!"), packet)
            if known is None:
                if name in COUNTING:
                    guess = f"{guess} of {rule.id}"
                guesses.add((name, f"{'!' if inverted else ''}{guess}"))
            elif known == inverted:
                return None
        return frozenset(guesses)

    def _known(self, name: str, value: str, packet: Packet) -> tuple[bool | None, str]:
        """Whether one matcher holds, None where that is not known; and what tells this guess from others."""
        match name:
            case "src-address":
                return within(packet.source, value), value
            case "dst-address":
                return within(packet.destination, value), value
            case "src-address-list":
                return self._listed(packet.source, value)
            case "dst-address-list":
                return self._listed(packet.destination, value)
            case "in-interface-list" | "out-interface-list":
                return self._in_list(value, packet, name)
            case "in-interface" | "out-interface":
                own = name.startswith("in") == (packet.chain == "input") and packet.interface
                return (value == packet.interface if own and not value.startswith("all-") else None), value
            case "connection-state":
                return (None if self.untracked else packet.state in value.split(",")), value
        if name in MARKS:
            return None, f"{value} by {self._marks}"
        return _plain(name, value, packet), value

    def _listed(self, address: str, name: str) -> tuple[bool | None, str]:
        rows = self.lists.get(name, [])
        found = [within(address, row.text("address")) for row in rows]
        if True in found:
            return True, name
        names = sorted(r.text("address") for r, f in zip(rows, found, strict=True) if f is None)
        names += ["what rules add"] if name in self.fed else []
        return (None if names else False), f"{name}:{','.join(names)}"

    def _in_list(self, name: str, packet: Packet, matcher: str) -> tuple[bool | None, str]:
        own = matcher.startswith("in") == (packet.chain == "input") and packet.interface
        if name == "all":
            return True, name
        members = list_members(self.rows, name)
        if members is None or not own:
            return None, f"{name}:{','.join(sorted(members or ()))}"
        return packet.interface in members, name


def _plain(name: str, value: str, packet: Packet) -> bool | None:
    """Matchers that ask for nothing beside the packet itself."""
    match name:
        case "protocol":
            return value in (packet.protocol, NUMBERS.get(packet.protocol)) if packet.protocol else None
        case "dst-port" if packet.port and value:
            return port_within(packet.port, value)
        case "src-port" if packet.source_port and value:
            return port_within(packet.source_port, value)
        case "port" if value:
            ports = [port for port in (packet.port, packet.source_port) if port]
            return any(port_within(port, value) for port in ports) or (False if len(ports) == 2 else None)
        case "src-address-type" | "dst-address-type":
            ours = name.startswith("dst") == (packet.chain == "input")
            if value == "local":
                return ours
            unicast = name.startswith("src") and value == "unicast"
            return True if unicast else False if value in ("broadcast", "multicast") else None
        case "fragment" | "icmp-options":
            return False
        case "tcp-flags" if packet.state == "new" and packet.protocol == "tcp":
            asked = {flag.removeprefix("!"): not flag.startswith("!") for flag in value.split(",")}
            return all((flag == "syn") == set for flag, set in asked.items() if flag not in ("ece", "cwr"))
    return None


def _marking(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, row.text(name)) for name in row.values if name not in ("comment", "log", "log-prefix")))
