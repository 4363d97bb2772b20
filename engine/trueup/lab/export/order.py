"""The order of an export's menus: what is named comes before what names it."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.lab.machine import Machine
from trueup.lab.menu import Menu

LAST = ("/system", "/tool", "/user")


def rank(path: str) -> tuple[bool, bool, str]:
    """Interfaces first, what is the router's own last, else the alphabet."""
    return path.startswith(LAST), not path.startswith("/interface"), path


def in_order(machine: Machine, paths: Iterable[str]) -> list[str]:
    """The same menus; where they name one another in a circle, that order gives way."""
    needs = {path: needed(machine, machine.menu(path)) for path in paths}
    ordered: dict[str, None] = {}
    begun: set[str] = set()

    def visit(path: str) -> None:
        if path in begun or path not in needs:
            return
        begun.add(path)
        for other in sorted(needs[path], key=rank):
            visit(other)
        ordered[path] = None

    for path in sorted(needs, key=rank):
        visit(path)
    return list(ordered)


def needed(machine: Machine, menu: Menu) -> set[str]:
    """The other menus that hold a row which a row of this one names."""
    found = set()
    for name, refers in menu.behaviour.refers.items():
        words = {word.lstrip("!") for row in menu.table for word in row.values.get(name, "").split(",")} - {""}
        for target in refers.menus:
            for path in machine.members(target):
                if path != menu.path and any(row.values.get(refers.by) in words for row in machine.menu(path).table):
                    found.add(path)
    return found
