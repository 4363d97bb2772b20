"""From the port to the interface that bears addresses: bonds, bridges and VLANs on the way."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.lab.machine import Machine
from trueup.lab.packets.bridge import cross, port_of
from trueup.lab.packets.fate import Stopped, called, items, rows
from trueup.lab.packets.interface import DEEPEST, VLAN, found
from trueup.lab.table import Row

BONDING = "/interface/bonding"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The interface on which frames come out; of each bridge crossed the port, its name, the tag they came with."""

    interface: str
    crossed: tuple[tuple[str, str, int], ...] = ()


def arrive(machine: Machine, port: str, vlan: int) -> Arrival:
    """Where a port's frames come out, with their tag if they have one; raises Stopped."""
    row = port_row(machine, port)
    if not row.enabled:
        raise Stopped(f"port {port} is disabled")
    name, tag = called(row), vlan
    crossed: list[tuple[str, str, int]] = []
    for _ in range(DEEPEST):
        bond = bonded(machine, name)
        if bond is not None:
            name = bond
        elif (member := port_of(machine, name)) is not None:
            crossed.append((name, called(member[0]), tag))
            name, tag = cross(machine, name, *member, tag)
        elif tag:
            name, tag = on(machine, name, tag), 0
        else:
            return Arrival(name, tuple(crossed))
    raise Stopped(f"what {port} is a port of goes in circles")


def port_row(machine: Machine, port: str) -> Row:
    """A port by the name it was made with, whatever it is called now; else an interface of that name."""
    for path in machine.members("/interface"):
        for row in machine.menu(path).table:
            if row.values.get("default-name") == port:
                return row
    there = found(machine, port)
    if there is None:
        raise Stopped(f"there is no port {port}")
    return there[1]


def bonded(machine: Machine, name: str) -> str | None:
    """The bond that an interface is a slave of."""
    for row in machine.menu(BONDING).table if BONDING in machine.shapes else ():
        if name in items(row.values.get("slaves", "")):
            if not row.enabled:
                raise Stopped(f"bond {row.values['name']} is disabled")
            return called(row)
    return None


def on(machine: Machine, name: str, tag: int) -> str:
    """The VLAN interface that takes a tag off an interface's frames."""
    for row in rows(machine, VLAN):
        if row.values.get("interface") == name and row.values.get("vlan-id") == str(tag):
            return called(row)
    raise Stopped(f"no enabled VLAN interface takes VLAN {tag} off {name}")
