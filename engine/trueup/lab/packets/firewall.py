"""The firewall on the way in: raw, tracking, destination NAT, filter (MikroTik documentation, Packet Flow)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from trueup.lab.machine import Machine
from trueup.lab.packets.addressing import span
from trueup.lab.packets.fate import Packet, Stopped, rows
from trueup.lab.packets.match import Frame, Matching
from trueup.lab.packets.rules import Rules
from trueup.lab.table import Row

RAW, FILTER, NAT = (f"/ip/firewall/{name}" for name in ("raw", "filter", "nat"))
BRIDGED = "/interface/bridge/filter"
TRACKING = "/ip/firewall/connection/tracking"


def enter(machine: Machine, packet: Packet) -> Packet:
    """The packet as it reaches a service, perhaps with another port; raises Stopped where a rule stops it."""
    matching = Matching(machine, packet)
    if packet.state == "established":  # what its first packet may have been put on a list for
        first = replace(packet, state="new")
        matching.perhaps |= noted(machine, first)
    tracked = track(machine, packet, matching)
    after = Matching(machine, tracked)
    after.perhaps = matching.perhaps
    if tracked.state == "new":
        after.packet = redirect(machine, tracked, after)
    check(FILTER, Rules(table(machine, FILTER), after.fits).decide("input"), packet.state)
    return after.packet


def cross(machine: Machine, packet: Packet, bridge: str, tag: int) -> None:
    """Raise Stopped where a bridge's own rules stop what comes to the bridge itself; `interface` is the port here."""
    rules = Rules(table(machine, BRIDGED), Frame(machine, packet, bridge, tag).fits)
    check(BRIDGED, rules.decide("input"), packet.state)


def table(machine: Machine, path: str) -> Iterable[Row]:
    return machine.menu(path).table if path in machine.shapes else ()


def noted(machine: Machine, packet: Packet) -> set[str]:
    """The address lists that rules may put the sender of a packet on."""
    matching = Matching(machine, packet)
    for path in (RAW, FILTER):
        for row in rows(machine, path):
            if row.values.get("action") == "add-src-to-address-list":
                matching.fits(row)
    return matching.perhaps


def track(machine: Machine, packet: Packet, matching: Matching) -> Packet:
    """The packet with the state that tracking gives it; raises Stopped where a raw rule stops it."""
    if RAW in machine.shapes:
        everything = list(table(machine, RAW))
        untracked = any(row.values.get("action") == "notrack" and matching.fits(row) for row in rows(machine, RAW))
        check(RAW, Rules(everything, matching.fits).decide("prerouting"), packet.state)
        if untracked:
            return replace(packet, state="untracked")
    if any(row.values.get("enabled") in ("no", "false") for row in table(machine, TRACKING)):
        return replace(packet, state="")
    return packet


def check(path: str, row: Row | None, state: str) -> None:
    """Raise what the deciding rule of a table does to the packet."""
    action = row.values.get("action", "accept") if row else "accept"
    if row is not None and action in ("drop", "tarpit"):
        raise Stopped(f"{path} {row.id} says {action}")
    if row is not None and action == "reject":  # what ICMP says ends no connection that stands
        heard = state != "established" or row.values.get("reject-with") == "tcp-reset"
        raise Stopped(f"{path} {row.id} says reject", "refused" if heard else "vanishes")


def redirect(machine: Machine, packet: Packet, matching: Matching) -> Packet:
    """The packet where destination NAT sends it; raises Stopped where that is another host."""
    row = Rules(table(machine, NAT), matching.fits).decide("dstnat")
    if row is None or row.values.get("action", "accept") == "accept":
        return packet
    port, address = row.values.get("to-ports", ""), row.values.get("to-addresses", "")
    own = {each.values.get("address", "").partition("/")[0] for each in rows(machine, "/ip/address")}
    if row.values["action"] != "redirect" and address and (span(address) is None or address not in own):
        raise Stopped(f"{NAT} {row.id} sends it on to {address}")
    return replace(packet, natted=True, port=int(port) if port.isdigit() else packet.port)
