"""The whole way of the manager's packets, link by link."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from trueup.lab.machine import Machine
from trueup.lab.packets.answer import leave
from trueup.lab.packets.arrival import arrive
from trueup.lab.packets.fate import Fate, Packet, State, Stopped
from trueup.lab.packets.firewall import cross, enter
from trueup.lab.packets.routing import back, own
from trueup.lab.packets.service import listening, stands_for
from trueup.lab.packets.tunnel import Tunnel, agreed, carried
from trueup.lab.router import Router

PASSES = Fate("passes")

_BEGUN: WeakKeyDictionary[Machine, Tunnel | None] = WeakKeyDictionary()


def judge(machine: Machine, service: str, state: State, port: int = 0) -> Fate:
    """What becomes of the manager's packets to a service, by the rows of this moment; without a manager they pass.

    `port` is the router's port that they go to, 0 the one that the service had when the router was made.
    """
    if machine.spec.manager is None:
        return PASSES
    with machine.lock:
        try:
            follow(machine, service, state, port or stands_for(machine, service))
        except Stopped as stopped:
            return stopped.fate
    return PASSES


def passes(machine: Machine, service: str, state: State) -> bool:
    """Whether they get in."""
    return judge(machine, service, state).passes


def begun(machine: Machine) -> Tunnel | None:
    """The manager's tunnel as the router was made with it, as the far end knows it; keys made up do not count."""
    if machine not in _BEGUN:
        spec, told = machine.spec, None
        if spec.manager is not None and (told := agreed(Router(spec), spec.manager)) is not None:
            seeded = {name for row in spec.seed.get(told.path, ()) for name in row}
            told = replace(told, own={name: value for name, value in told.own.items() if name in seeded or not value})
        _BEGUN[machine] = told
    return _BEGUN[machine]


def follow(machine: Machine, service: str, state: State, port: int) -> None:
    """Walk the way; raises Stopped at the first link that lets nothing through."""
    manager = machine.spec.manager
    if manager is None:
        return
    arrival = arrive(machine, manager.interface, manager.vlan)
    source, destination = ("", "") if manager.tunnel else (manager.source, manager.destination)
    for member, bridge, tag in arrival.crossed:
        cross(machine, Packet(source, destination, port, member, state), bridge, tag)
    interface = arrival.interface
    if manager.tunnel:
        interface = carried(machine, begun(machine), manager, interface)
    own(machine, manager.destination)
    hop = back(machine, manager.source, manager.destination)
    if hop.interface != interface:
        raise Stopped(f"answers leave by {hop.interface}, while packets come in by {interface}")
    if manager.gateway and not manager.tunnel and hop.gateway != manager.gateway:
        raise Stopped(f"answers go to {hop.gateway or 'nobody'}, not to {manager.gateway}")
    packet = Packet(manager.source, manager.destination, port, interface, state)
    packet = enter(machine, packet)
    leave(machine, packet)
    if state == "new":
        listening(machine, service, packet)
