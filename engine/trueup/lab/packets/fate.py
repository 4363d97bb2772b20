"""What becomes of a packet, and what a packet is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from trueup.lab.machine import Machine
from trueup.lab.table import Row

State = Literal["new", "established"]
"""Of the connection that a packet belongs to: its first packet, or any later one."""

Outcome = Literal["passes", "vanishes", "refused"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the manager's packets, and which row or lack of one decides it."""

    outcome: Outcome
    why: str = ""

    @property
    def passes(self) -> bool:
        return self.outcome == "passes"


class Stopped(Exception):
    """A link of the way that lets the packet through no further; `outcome` says whether its sender hears of it."""

    def __init__(self, why: str, outcome: Outcome = "vanishes") -> None:
        super().__init__(why)
        self.fate = Fate(outcome, why)


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet for the router; `interface` is the one that bears the addresses, `port` the TCP or UDP port.

    An address that is not known is "". `protocol` is `tcp`, `udp` or `icmp` (a ping and its answer), `state` also
    `untracked` or "" without tracking.
    """

    source: str
    destination: str
    port: int
    interface: str
    state: str
    protocol: str = "tcp"
    natted: bool = False


def rows(machine: Machine, path: str) -> Iterator[Row]:
    """The enabled rows of a menu; none where the version lacks it."""
    if path in machine.shapes:
        yield from (row for row in machine.menu(path).table if row.enabled)


def items(text: str) -> list[str]:
    """The members of a comma list."""
    return [item for item in text.split(",") if item]


def called(row: Row) -> str:
    """What a row is called; one without a name goes by its id, as dead references do."""
    return row.values.get("name", row.id)


def number(row: Row, name: str, otherwise: int) -> int:
    """A number of a row; what is none counts as its default."""
    text = row.values.get(name, "")
    return int(text) if text.isdecimal() else otherwise
