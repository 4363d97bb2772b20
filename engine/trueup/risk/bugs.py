"""Faults of RouterOS versions that a plan may meet, each with where it is told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trueup.plan import Add, Change, Plan, Set

_NUMBERS = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Bug:
    """One fault: versions that have it (inclusive), the menu and properties it is about, what happens, what helps.

    Without `names` any row of the menu counts. `missing` are properties that keep it away where they are written.
    """

    since: str
    until: str
    menu: str
    text: str
    remedy: str
    source: str
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def meets(self, change: Change) -> bool:
        """Whether a change brings about what the fault needs."""
        if not isinstance(change, Add | Set) or change.menu != self.menu:
            return False
        written = {name: value for name, value in change.values.items() if value is not None}
        if self.missing:
            return isinstance(change, Add) and not all(name in written for name in self.missing)
        said = [value for name, value in written.items() if not self.names or name in self.names]
        return any(not self.values or value in self.values for value in said)


BUGS = (
    Bug(
        "7.24", "7.24.4", "/system/scheduler",
        "a scheduler row whose start is left to its default never runs",
        "declare start-date and start-time, or upgrade to 7.24.5",
        "MikroTik's changelog of 7.24.5",
        missing=("start-date", "start-time"),
    ),
    Bug(
        "7.24", "7.24.4", "/interface/bridge",
        "DHCP snooping keeps a binding table that 7.24.5 turned off again",
        "upgrade to 7.24.5 before dhcp-snooping is used",
        "MikroTik's changelog of 7.24.5",
        names=("dhcp-snooping",), values=("yes",),
    ),
    Bug(
        "7.22", "7.23", "/interface/bridge",
        "DHCP snooping makes a bridge unstable",
        "upgrade to 7.23.1 before dhcp-snooping is used",
        "MikroTik's changelog of 7.23.1",
        names=("dhcp-snooping",), values=("yes",),
    ),
    Bug(
        "7.20", "7.20.5", "/interface/pppoe-server/server",
        "clients are disconnected where several PPPoE servers with different service names are active",
        "upgrade to 7.20.6",
        "MikroTik's changelog of 7.20.6",
        names=("service-name",),
    ),
    Bug(
        "7.17", "7.17.1", "/ip/hotspot/profile",
        "boards with a flash folder put a further flash/ before html-directory, and login pages are not found",
        "upgrade to 7.17.2",
        "MikroTik's changelog of 7.17.2",
        names=("html-directory",),
    ),
    Bug(
        "7.17", "7.17", "/ip/dhcp-server",
        "no lease is given where the server's address is not on its own interface",
        "upgrade to 7.17.1",
        "MikroTik's changelog of 7.17.1",
    ),
    Bug(
        "7.17", "7.17", "/interface/bridge/port",
        "a bridge may change its MAC address without end",
        "upgrade to 7.17.1, or declare the bridge's admin-mac with auto-mac: no",
        "MikroTik's changelog of 7.17.1",
    ),
)  # fmt: skip


def bugs(plan: Plan) -> Iterator[Bug]:
    """The faults of the router's version that a plan meets."""
    version = _numbers(plan.version)
    for bug in BUGS:
        if _numbers(bug.since) <= version <= _numbers(bug.until) and any(map(bug.meets, plan.changes)):
            yield bug


def _numbers(version: str) -> tuple[int, ...]:
    """`7.24.1 (stable)` is (7, 24, 1), and 7.24 is (7, 24, 0)."""
    found = _NUMBERS.match(version)
    return tuple(int(part or 0) for part in found.groups()) if found else ()
