"""Interfaces by name: their kind, whether they are up, and the lists they are in."""

from __future__ import annotations

from trueup.lab.machine import Machine
from trueup.lab.packets.fate import items, rows
from trueup.lab.table import Row

LISTS, MEMBERS = "/interface/list", "/interface/list/member"
VLAN = "/interface/vlan"

KINDS = {
    "all-ethernet": frozenset({"ether"}),
    "all-vlan": frozenset({"vlan"}),
    "all-wireless": frozenset({"wlan", "wifi"}),
    "all-ppp": frozenset(
        {f"{kind}-{end}" for kind in ("ppp", "pppoe", "pptp", "l2tp", "sstp", "ovpn") for end in ("in", "out")}
    ),
}
"""Words of `in-interface` that stand for all interfaces of a kind (MikroTik documentation, Firewall)."""

DEEPEST = 8
"""Lists within lists, and VLANs on VLANs, that are followed."""


def found(machine: Machine, name: str) -> tuple[str, Row] | None:
    """The menu and the row of an interface."""
    for path in machine.members("/interface"):
        for row in machine.menu(path).table:
            if row.values.get("name") == name:
                return path, row
    return None


def up(machine: Machine, name: str, deep: int = 0) -> bool:
    """Whether an interface is there and enabled, and what it stands on too."""
    there = found(machine, name)
    if there is None or not there[1].enabled or deep > DEEPEST:
        return False
    path, row = there
    return path != VLAN or up(machine, row.values.get("interface", ""), deep + 1)


def kind(machine: Machine, name: str) -> str:
    """The interface's type as `/interface` tells it, "" where nobody knows."""
    there = found(machine, name)
    return machine.menu(there[0]).behaviour.listed if there else ""


def is_one(machine: Machine, name: str, wanted: str) -> bool:
    """Whether an interface is the one that a rule means, or of the kind that it means."""
    return kind(machine, name) in KINDS[wanted] if wanted in KINDS else name == wanted


def in_list(machine: Machine, name: str, wanted: str, deep: int = 0) -> bool:
    """Whether an interface is in a list: the lists that it includes, less those that it excludes, and its members."""
    if wanted in ("all", "none", "static", "dynamic"):
        there = found(machine, name)
        dynamic = there is not None and there[1].marked("dynamic")
        return {"all": True, "none": False, "static": not dynamic, "dynamic": dynamic}[wanted]
    lists = [row for row in rows(machine, LISTS) if row.values.get("name") == wanted]
    if not lists or deep > DEEPEST:
        return False
    if any(row.values.get("list") == wanted and row.values.get("interface") == name for row in rows(machine, MEMBERS)):
        return True
    if any(in_list(machine, name, each, deep + 1) for each in items(lists[0].values.get("exclude", ""))):
        return False
    return any(in_list(machine, name, each, deep + 1) for each in items(lists[0].values.get("include", "")))


def among(machine: Machine, name: str, names: str) -> bool:
    """Whether an interface is one of a comma list of interfaces and interface lists."""
    return any(each == name or in_list(machine, name, each) for each in items(names) if each != "all")
