"""The firewall on the way out: raw and filter of the output chain for the router's answers (Packet Flow)."""

from __future__ import annotations

from dataclasses import replace

from trueup.lab.machine import Machine
from trueup.lab.packets.fate import Packet
from trueup.lab.packets.firewall import FILTER, RAW, check, table
from trueup.lab.packets.match import Matching, Told
from trueup.lab.packets.rules import Rules

OTHER_WAY = {
    "src-port": "dst-port",
    "dst-port": "src-port",
    "in-interface": "out-interface",
    "out-interface": "in-interface",
    "in-interface-list": "out-interface-list",
    "out-interface-list": "in-interface-list",
    "src-address-type": "dst-address-type",
    "dst-address-type": "src-address-type",
}
"""What an answer's matcher asks of the packet that is answered."""


class Answering(Matching):
    """An answer against rules; its packet has the ends of an answer, and the port and interface of what came."""

    def one(self, name: str, text: str) -> Told:
        return super().one(OTHER_WAY.get(name, name), text)


def leave(machine: Machine, packet: Packet) -> None:
    """Raise Stopped where a rule stops the answers to a packet that has come in."""
    state = packet.state if packet.state in ("", "untracked") else "established"
    answer = replace(packet, source=packet.destination, destination=packet.source, state=state)
    for path in (RAW, FILTER):
        check(path, Rules(table(machine, path), Answering(machine, answer).fits).decide("output"), "established")
