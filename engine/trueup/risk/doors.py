"""By which port, with which VLAN tag, frames reach an interface and its answers leave: bridges, their VLANs, VLANs.

As RouterOS 7 does it: without VLAN filtering a bridge passes tags on as they are; with it, a frame without a tag
belongs to its port's `pvid`, and ports and the bridge itself must be members of the VLAN.
"""

from __future__ import annotations

from typing import NamedTuple

from trueup.risk.names import Names, interfaces, is_among, list_members, named, on
from trueup.risk.state import Rows
from trueup.row import Row

BELOW = ("interface", "slaves", "interfaces", "master-interface")
"""Properties of an interface that name what it stands on."""

DEPTH = 8

PORTS, VLANS, VLAN = "/interface/bridge/port", "/interface/bridge/vlan", "/interface/vlan"


class Door(NamedTuple):
    """A port at the bottom, and the tag that frames have there ("" for none)."""

    port: str
    tag: str


def stack(rows: Rows, first: str, *, ports: bool = True) -> frozenset[str]:
    """An interface and those it stands on: a VLAN's own, a bonding's slaves, and a bridge's `ports`."""
    found: set[str] = set()
    waiting = [first]
    kinds = list(interfaces(rows))
    joined = [port for port in rows.get(PORTS, ()) if on(port) and ports]
    while waiting:
        name = waiting.pop()
        if not name or name in found:
            continue
        found.add(name)
        for _, row in kinds:
            if row.text("name") == name:
                waiting += [below for way in BELOW for below in row.text(way).split(",")]
        for port in joined:
            if port.text("bridge") == name:
                waiting += [port.text("interface"), *(list_members(rows, port.text("interface")) or ())]
    return frozenset(found)


def doors(rows: Rows, interface: str, names: Names) -> list[Door]:
    """Every port by which frames reach an interface, and their answers leave, in this state."""
    below = stack(rows, interface)
    bridges = {row.text("name") for row in rows.get("/interface/bridge", ())}
    bridges |= {row.text("bridge") for row in rows.get(PORTS, ())}
    vlans = {row.text("name"): row for row in rows.get(VLAN, ())}
    tags = {"", *(row.text("vlan-id") for name, row in vlans.items() if name in below)}
    ports = sorted(below - bridges - vlans.keys())
    return [Door(p, tag) for p in ports for tag in sorted(tags) if lands(rows, Door(p, tag), names) == interface]


def lands(rows: Rows, door: Door, names: Names, depth: int = 0) -> str:
    """The interface at which frames of a door arrive, "" where they or their answers do not."""
    name, tag = door
    if depth > DEPTH or not names.works(rows, name):
        return ""
    port = next((p for p in rows.get(PORTS, ()) if on(p) and is_among(rows, name, p.text("interface"))), None)
    if port is not None:
        return _through_bridge(rows, name, port, tag, names, depth)
    return _upwards(rows, name, tag, names, depth)


def _upwards(rows: Rows, name: str, tag: str, names: Names, depth: int) -> str:
    """From an interface that is in no bridge to itself, or to the VLAN on it that takes the tag."""
    if not tag:
        return name
    above = [r for r in rows.get(VLAN, ()) if r.text("interface") == name and r.text("vlan-id") == tag and on(r)]
    return lands(rows, Door(above[0].text("name"), ""), names, depth + 1) if above else ""


def _through_bridge(rows: Rows, member: str, port: Row, tag: str, names: Names, depth: int) -> str:
    name = port.text("bridge")
    bridge = named(rows, "/interface/bridge", name)
    if bridge is None or not on(bridge):
        return "" if bridge is not None or name in names.before else name
    if bridge.text("vlan-filtering") != "yes":
        return _upwards(rows, name, tag, names, depth)
    vlan = tag or port.text("pvid") or "1"
    if not _admits(port, tag) or _membership(rows, name, member, vlan, port) != ("tagged" if tag else "untagged"):
        return ""
    own = _membership(rows, name, name, vlan, bridge)
    above = any(r.text("interface") == name and r.text("vlan-id") == vlan and on(r) for r in rows.get(VLAN, ()))
    if not own and above and names.tags_itself:
        own = "tagged"
    return _upwards(rows, name, vlan if own == "tagged" else "", names, depth) if own else ""


def _admits(port: Row, tag: str) -> bool:
    kind = port.text("frame-types") or "admit-all"
    return kind == "admit-all" or (kind == "admit-only-vlan-tagged") == bool(tag)


def _membership(rows: Rows, bridge: str, name: str, vlan: str, row: Row) -> str:
    """What a port, or the bridge itself, is of a VLAN: `tagged`, `untagged` or ""; `row` has its pvid."""
    for entry in rows.get(VLANS, ()):
        if entry.text("bridge") == bridge and on(entry) and _holds(entry.text("vlan-ids"), int(vlan)):
            for how in ("tagged", "untagged"):
                if is_among(rows, name, entry.text(how)):
                    return how
    return "untagged" if _admits(row, "") and (row.text("pvid") or "1") == vlan else ""


def _holds(spans: str, vlan: int) -> bool:
    for span in spans.split(","):
        first, _, last = span.partition("-")
        if first.isdigit() and int(first) <= vlan <= int(last if last.isdigit() else first):
            return True
    return False
