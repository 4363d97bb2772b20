"""The whole way of the manager's packets, link by link."""

from __future__ import annotations

from trueup.lab.machine import Machine
from trueup.lab.packets.arrival import arrive
from trueup.lab.packets.fate import Fate, Packet, State, Stopped
from trueup.lab.packets.firewall import enter
from trueup.lab.packets.routing import back, own
from trueup.lab.packets.service import listening, stands_for

PASSES = Fate("passes")


def judge(machine: Machine, service: str, state: State) -> Fate:
    """What becomes of the manager's packets to a service, by the rows of this moment; without a manager they pass."""
    if machine.spec.manager is None:
        return PASSES
    with machine.lock:
        try:
            follow(machine, service, state)
        except Stopped as stopped:
            return stopped.fate
    return PASSES


def passes(machine: Machine, service: str, state: State) -> bool:
    """Whether they get in."""
    return judge(machine, service, state).passes


def follow(machine: Machine, service: str, state: State) -> None:
    """Walk the way; raises Stopped at the first link that lets nothing through."""
    manager = machine.spec.manager
    if manager is None:
        return
    interface = arrive(machine, manager.interface, manager.vlan)
    own(machine, manager.destination)
    hop = back(machine, manager.source, manager.destination)
    if hop.interface != interface:
        raise Stopped(f"answers leave by {hop.interface}, while packets come in by {interface}")
    if manager.gateway and hop.gateway != manager.gateway:
        raise Stopped(f"answers go to {hop.gateway or 'nobody'}, not to {manager.gateway}")
    packet = Packet(manager.source, manager.destination, stands_for(machine, service), interface, state)
    packet = enter(machine, packet)
    if state == "new":
        listening(machine, service, packet)
