"""Recognises `vlans`."""

from __future__ import annotations

from collections.abc import Iterator

from trueup_templates.guess import Guess, Rows, few, taken

_VLAN = ("name", "vlan-id", "interface", "mtu", "arp", "use-service-tag", "comment", "disabled")


def recognise(rows: Rows) -> Iterator[Guess]:
    for row in few(rows.get("/interface/vlan", ())):
        yield [taken(row, _VLAN)]
