"""Whether the manager's packet fits a firewall rule; None where the rule asks for what is not simulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trueup.lab.machine import Machine
from trueup.lab.packets.addressing import within
from trueup.lab.packets.fate import Packet, items, rows
from trueup.lab.packets.interface import in_list, is_one
from trueup.lab.table import Row

LISTS = "/ip/firewall/address-list"

SILENT = frozenset(
    {"chain", "action", "comment", "disabled", "log", "log-prefix", "jump-target", "reject-with", "passthrough"}
    | {"address-list", "address-list-timeout", "to-addresses", "to-ports", "randomise-ports", "same-not-by-dst"}
    | {f"new-{what}" for what in ("connection-mark", "packet-mark", "routing-mark", "dscp", "ttl", "mss", "priority")}
)
"""Properties of rules that ask for nothing."""

SIGNED = frozenset({"tcp-flags", "hotspot"})
"""Properties whose members each may have a `!`; elsewhere it stands before the whole value."""

EPHEMERAL = 1024
"""Clients' own ports are not below."""

Told = bool | None


class Matching:
    """One packet against rules; `perhaps` are address lists that rules may have put its sender on."""

    def __init__(self, machine: Machine, packet: Packet) -> None:
        self.machine = machine
        self.packet = packet
        self.perhaps: set[str] = set()

    def fits(self, row: Row) -> Told:
        """Whether every matcher of a rule fits: one that does not settles it, else one that is not known."""
        found: Told = True
        for name, text in row.values.items():
            if name in SILENT:
                continue
            one = self._one(name, text)
            if one is False:
                return False
            if one is None:
                found = None
        if row.values.get("action") == "add-src-to-address-list":
            self.perhaps.add(row.values.get("address-list", ""))
        return found

    def _one(self, name: str, text: str) -> Told:
        sign = text.startswith("!") and name not in SIGNED
        bare = text.removeprefix("!") if sign else text
        told = self.one(name, bare) if bare else None
        return told if told is None else told != sign

    def one(self, name: str, text: str) -> Told:
        """Whether one matcher fits, its sign aside."""
        return MATCHERS[name](self, text) if name in MATCHERS else None

    def listed(self, address: str, name: str) -> Told:
        """Whether an address is in an address list; entries with names are not known."""
        found: Told = None if name in self.perhaps and address == self.packet.source else False
        for row in rows(self.machine, LISTS):
            if row.values.get("list") == name:
                one = within(address, row.values.get("address", ""))
                if one:
                    return True
                found = None if one is None else found
        return found

    def port(self, text: str) -> Told:
        """Whether the router's port is one of those."""
        return any(holds(item, self.packet.port) for item in items(text))

    def own_port(self, text: str) -> Told:
        """Whether the client's port may be one of those: it has some free one."""
        return None if any(holds(item, None) for item in items(text)) else False

    def any_port(self, text: str) -> Told:
        return self.port(text) or self.own_port(text)

    def state(self, text: str) -> Told:
        return self.packet.state in items(text)

    def flags(self, text: str) -> Told:
        """TCP flags: the first packet has SYN, later ones ACK, and PSH or not."""
        if self.packet.state == "untracked":
            return None
        has = {"syn": self.packet.state == "new", "ack": self.packet.state != "new", "psh": None}
        told = [has.get(item.removeprefix("!"), False) for item in items(text)]
        wanted = [not item.startswith("!") for item in items(text)]
        if any(one is not None and one != want for one, want in zip(told, wanted, strict=True)):
            return False
        return None if None in told else True

    def hotspot(self, text: str) -> Told:
        """Whether the packet comes from a hotspot's client; whether that one has logged in is not known."""
        here = any(row.values.get("interface") == self.packet.interface for row in rows(self.machine, "/ip/hotspot"))
        for item in items(text):
            sign, word = item.startswith("!"), item.removeprefix("!")
            told = {"from-client": here, "auth": None if here else False, "local-dst": True}.get(word, False)
            if told is None or told == sign:
                return told if told is None else False
        return True

    def mark(self, text: str) -> Told:
        """Marks: none is there unless a rule makes some."""
        marking = any(
            row.values.get("action", "").startswith("mark-") for row in rows(self.machine, "/ip/firewall/mangle")
        )
        return None if marking else text == "no-mark"


class Frame(Matching):
    """One packet against a bridge's rules, as a frame on a port, with or without a tag."""

    def __init__(self, machine: Machine, packet: Packet, bridge: str, tag: int) -> None:
        super().__init__(machine, packet)
        self.bridge = bridge
        self.tag = tag

    def one(self, name: str, text: str) -> Told:
        if name in ("in-bridge", "in-bridge-list"):
            return text == self.bridge if name == "in-bridge" else in_list(self.machine, self.bridge, text)
        if name == "mac-protocol":
            return text in (("vlan", "0x8100") if self.tag else ("ip", "0x800"))
        if name == "vlan-id":
            return text == str(self.tag) if self.tag else False
        return super().one("protocol" if name == "ip-protocol" else name, text)


def holds(item: str, port: int | None) -> bool:
    """Whether a port, or a client's own where it is None, is the one or in the range that is written."""
    low, _, high = item.partition("-")
    try:
        return int(low) <= port <= int(high or low) if port is not None else int(high or low) >= EPHEMERAL
    except ValueError:
        return port is None


MATCHERS: Mapping[str, Callable[[Matching, str], Told]] = {
    "src-address": lambda m, text: within(m.packet.source, text),
    "dst-address": lambda m, text: within(m.packet.destination, text),
    "src-address-list": lambda m, text: m.listed(m.packet.source, text),
    "dst-address-list": lambda m, text: m.listed(m.packet.destination, text),
    "src-address-type": lambda _, text: "unicast" in items(text),
    "dst-address-type": lambda _, text: bool({"local", "unicast"} & set(items(text))),
    "protocol": lambda m, text: text in (m.packet.protocol, {"tcp": "6", "udp": "17", "icmp": "1"}[m.packet.protocol]),
    "dst-port": Matching.port,
    "src-port": Matching.own_port,
    "port": Matching.any_port,
    "in-interface": lambda m, text: is_one(m.machine, m.packet.interface, text),
    "in-interface-list": lambda m, text: in_list(m.machine, m.packet.interface, text),
    **dict.fromkeys(("out-interface", "out-interface-list", "out-bridge-port"), lambda *_: False),
    "connection-state": Matching.state,
    "connection-nat-state": lambda m, text: m.packet.natted and "dstnat" in items(text),
    **dict.fromkeys(("connection-mark", "packet-mark", "routing-mark"), Matching.mark),
    "tcp-flags": Matching.flags,
    "hotspot": Matching.hotspot,
    "ipsec-policy": lambda _, text: text == "in,none",
    "fragment": lambda *_: False,
    "icmp-options": lambda m, _: None if m.packet.protocol == "icmp" else False,
}
"""What the simulation knows of matchers; all others are not known."""
