"""`export` as consoles, scripts and the API have it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from trueup.lab import files
from trueup.lab.call import Reply, Words
from trueup.lab.export.export import export
from trueup.lab.export.wanted import flags, target, wanted
from trueup.lab.machine import Machine
from trueup.lab.trap import Trap, unknown_parameter

DENIED = "not enough permissions (9)"


def told(
    machine: Machine, path: str, given: Collection[str], named: Mapping[str, str], policies: frozenset[str]
) -> str:
    """The text, or nothing where it goes to a file; raises Trap for a user who may not."""
    name = target(named)
    if "read" not in policies or (name and "write" not in policies):
        raise Trap(DENIED)
    text = export(machine, path, wanted(given, machine.version, policies))
    if name:
        files.put(machine, name, text.encode("utf-8", "surrogateescape"))
    return "" if name else text


def answer(machine: Machine, parts: Words, policies: frozenset[str]) -> Reply:
    """The API tells nothing unless it goes to a file (librouteros, community.routeros)."""
    named = {name: value for name, value in parts.arguments.items() if name == "file"}
    given = parts.arguments.keys() - named.keys()
    for name in sorted(given - flags(machine.version)):
        raise unknown_parameter(name)
    told(machine, parts.path, given, named, policies)
    return [["!done"]]
