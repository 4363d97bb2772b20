"""The router's own disk: what is free on it, and writes that find no room."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.lab.machine import Machine
from trueup.lab.trap import failure

TEXTS: Mapping[str, str] = {"/file": "contents", "/system/script": "source"}
"""What takes room, by menu; other rows are taken to need none."""

BEGAN = "storage"


def begin(machine: Machine) -> None:
    """Note what the router begins with: so much was never free."""
    machine.counters[BEGAN] = used(machine)


def used(machine: Machine) -> int:
    """Bytes that texts take."""
    held = [(machine.tables[path], name) for path, name in TEXTS.items() if path in machine.tables]
    return sum(size(row.values.get(name, "")) for table, name in held for row in table)


def free(machine: Machine) -> int:
    """Bytes that are free."""
    return max(0, machine.spec.free_space - used(machine) + machine.counters.get(BEGAN, 0))


def refuse(machine: Machine, path: str, command: str, given: Mapping[str, str]) -> None:
    """Refuse a write that finds no room; a new row takes at least one byte."""
    name = TEXTS.get(path)
    if name is None or command not in ("add", "set") or (command == "set" and name not in given):
        return
    if max(1, size(given.get(name, ""))) > free(machine):
        raise failure("not enough disk space")


def size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))
