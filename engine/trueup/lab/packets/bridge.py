"""Through a bridge: a port's frames to the bridge itself, with VLAN filtering where it is on."""

from __future__ import annotations

from trueup.lab.machine import Machine
from trueup.lab.packets.fate import Stopped, called, items, number, rows
from trueup.lab.packets.interface import VLAN, among
from trueup.lab.table import Row

BRIDGE, PORTS, VLANS = "/interface/bridge", "/interface/bridge/port", "/interface/bridge/vlan"

TAGS_ITSELF = (7, 16)
"""From here on a VLAN interface on a filtering bridge makes the bridge a tagged member (MikroTik documentation)."""


def port_of(machine: Machine, name: str) -> tuple[Row, Row] | None:
    """The bridge that an interface is a port of, and its row as one; a row whose bridge is gone counts for nothing."""
    bridges = {row.values.get("name"): row for row in machine.menu(BRIDGE).table}
    for port in rows(machine, PORTS):
        bridge = bridges.get(port.values.get("bridge"))
        if bridge is not None and among(machine, name, port.values.get("interface", "")):
            return bridge, port
    return None


def cross(machine: Machine, name: str, bridge: Row, port: Row, tag: int) -> tuple[str, int]:
    """The bridge's name and the tag that a frame still bears when it comes out there; raises Stopped.

    Answers have to come back the same way: a port that would send them with another tag stops them.
    """
    own = called(bridge)
    if not bridge.enabled:
        raise Stopped(f"bridge {own} is disabled")
    if bridge.values.get("vlan-filtering") != "true":
        return own, tag
    frames = port.values.get("frame-types", "admit-all")
    if tag and frames == "admit-only-untagged-and-priority-tagged":
        raise Stopped(f"port {name} of {own} admits no tagged frames")
    if not tag and frames == "admit-only-vlan-tagged":
        raise Stopped(f"port {name} of {own} admits tagged frames alone")
    vlan = tag or number(port, "pvid", 1)
    if membership(machine, own, name, vlan, port) != ("tagged" if tag else "untagged"):
        raise Stopped(f"port {name} is no {'tagged' if tag else 'untagged'} member of VLAN {vlan} of {own}")
    member = membership(machine, own, own, vlan, bridge)
    if not member and machine.version >= TAGS_ITSELF and stands(machine, own, vlan):
        member = "tagged"
    if not member:
        raise Stopped(f"bridge {own} is no member of its VLAN {vlan}")
    return own, vlan if member == "tagged" else 0


def membership(machine: Machine, bridge: str, name: str, vlan: int, row: Row) -> str:
    """`tagged`, `untagged` or "": what a port, or the bridge itself, is of a VLAN; `row` has its pvid."""
    for entry in rows(machine, VLANS):
        if entry.values.get("bridge") != bridge or not holds(entry.values.get("vlan-ids", ""), vlan):
            continue
        for how in ("tagged", "untagged"):
            if among(machine, name, entry.values.get(how, "")):
                return how
    open = row.values.get("frame-types", "admit-all") != "admit-only-vlan-tagged"
    return "untagged" if open and number(row, "pvid", 1) == vlan else ""


def stands(machine: Machine, bridge: str, vlan: int) -> bool:
    """Whether an enabled VLAN interface stands on a bridge."""
    return any(
        row.values.get("interface") == bridge and row.values.get("vlan-id") == str(vlan) for row in rows(machine, VLAN)
    )


def holds(spans: str, wanted: int) -> bool:
    """Whether a list such as `10,20-22` has a number."""
    for span in items(spans):
        low, _, high = span.partition("-")
        if int(low) <= wanted <= int(high or low):
            return True
    return False
