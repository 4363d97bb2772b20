"""Recognises `bridges`: each bridge with those of its ports and VLANs that say nothing unusual."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup_templates.guess import Guess, Row, Rows, distinct, few, said, taken, words

_BRIDGE = (
    "name",
    "comment",
    "disabled",
    "protocol-mode",
    "priority",
    "vlan-filtering",
    "pvid",
    "igmp-snooping",
    "dhcp-snooping",
    "mtu",
    "admin-mac",
    "auto-mac",
)
_PORT = (
    "interface",
    "pvid",
    "frame-types",
    "ingress-filtering",
    "edge",
    "horizon",
    "bpdu-guard",
    "hw",
    "comment",
    "disabled",
)
_VLAN = frozenset(("bridge", "vlan-ids", "tagged", "untagged", "comment"))


def recognise(rows: Rows) -> Iterator[Guess]:
    for row in rows.get("/interface/bridge", ()):
        if "name" in row:
            bridge = taken(row, _BRIDGE)
            lists = {"ports": few(_ports(rows, row["name"])), "vlans": few(_vlans(rows, row["name"]))}
            yield distinct([said({**bridge, **lists}), said({**bridge, "ports": lists["ports"]}), bridge])


def _ports(rows: Rows, bridge: str) -> Iterator[Any]:
    for row in rows.get("/interface/bridge/port", ()):
        if row.get("bridge") == bridge and "interface" in row and row.keys() <= {*_PORT, "bridge"}:
            port = taken(row, _PORT)
            yield port["interface"] if len(port) == 1 else port


def _vlans(rows: Rows, bridge: str) -> Iterator[dict[str, Any]]:
    for row in rows.get("/interface/bridge/vlan", ()):
        if row.get("bridge") == bridge and row.keys() <= _VLAN:
            yield _vlan(row)


def _vlan(row: Row) -> dict[str, Any]:
    return words(row, "vlan-ids") | words(row, "tagged") | words(row, "untagged") | taken(row, ("comment",))
