"""Whether an address answers the router's own pings: by its routes and rules, and what the spec says is out there."""

from __future__ import annotations

from trueup.lab.machine import Machine
from trueup.lab.packets.addressing import within
from trueup.lab.packets.fate import Packet, Stopped, items, rows
from trueup.lab.packets.firewall import FILTER, RAW, check, enter, table
from trueup.lab.packets.interface import in_list, is_one
from trueup.lab.packets.match import Matching, Told
from trueup.lab.packets.routing import ADDRESSES, Hop, back, own
from trueup.lab.packets.rules import Rules

TIMEOUT, NO_ROUTE = "timeout", "no route to host"


class Leaving(Matching):
    """A packet of the router's own against rules; its `interface` is the one that it leaves by."""

    def one(self, name: str, text: str) -> Told:
        if name in ("out-interface", "out-interface-list"):
            found = is_one if name == "out-interface" else in_list
            return found(self.machine, self.packet.interface, text)
        if name in ("in-interface", "in-interface-list"):
            return False
        if name in ("src-address-type", "dst-address-type"):
            return bool({"unicast", "local" if name == "src-address-type" else ""} & set(items(text)))
        return super().one(name, text)


def echo(machine: Machine, address: str) -> str:
    """What a ping of an IPv4 address comes to: "" where it is answered, else RouterOS's word for why not."""
    try:
        own(machine, address)
    except Stopped:
        pass
    else:
        return ""
    try:
        hop = back(machine, address, "")
    except Stopped:
        return NO_ROUTE
    try:
        _there_and_back(machine, address, hop)
    except Stopped:
        return TIMEOUT
    return "" if any(within(address, text) for text in machine.spec.answers) else TIMEOUT


def _there_and_back(machine: Machine, address: str, hop: Hop) -> None:
    """Raise Stopped where a rule stops the request on its way out, or its answer on its way in."""
    source = _source(machine, hop)
    request = Packet(source, address, 0, hop.interface, "new", "icmp")
    for path in (RAW, FILTER):
        check(path, Rules(table(machine, path), Leaving(machine, request).fits).decide("output"), "new")
    enter(machine, Packet(address, source, 0, hop.interface, "established", "icmp"))


def _source(machine: Machine, hop: Hop) -> str:
    """The router's own address on the interface that a packet leaves by, "" where it has none."""
    held = (row for row in rows(machine, ADDRESSES) if row.values.get("interface") == hop.interface)
    return next((row.values.get("address", "").partition("/")[0] for row in held), "")
