"""What scripts see of a router: it answers commands, has a clock, a log, and rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Protocol

from trueup.lab.call import Reply
from trueup.lab.commands import COMMANDS, OWN, READING, ROOT
from trueup.lab.menu import Menu
from trueup.lab.presence import Presence
from trueup.lab.shape import Shapes
from trueup.lab.timeline import Timeline

EXTRA: Mapping[str, Mapping[str, Set[str]]] = {
    "": {"execute": {"script", "as-string"}, "import": {"file-name", "verbose"}},
    "/system/script": {"run": {"number"}},
    "/log": {topic: {"message"} for topic in ("debug", "error", "info", "warning")},
}
"""Commands that the lab runs beside those of the menus' facts, with what they take."""

COPYING, NUMBERED = frozenset({"copy-from", "place-before"}), frozenset({"numbers", ".id"})


class Host(Protocol):
    """The router that a script runs on."""

    shapes: Shapes
    version: tuple[int, ...]
    presence: Presence
    timeline: Timeline

    @property
    def now(self) -> str:
        """The router's time as its log writes it."""

    def menu(self, path: str) -> Menu:
        """A menu with its rows."""

    def policies(self, name: str) -> frozenset[str]:
        """What a user may do."""

    def export(self, path: str, flags: Collection[str], named: Mapping[str, str], policies: frozenset[str]) -> str:
        """What an `export` says; raises Trap."""

    def execute(
        self, words: Sequence[str], policies: frozenset[str] = ..., user: str = ..., session: int = ...
    ) -> Reply:
        """The reply to one sentence."""


class Commands:
    """The menus and commands of a router, as its console would read them."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._above = {path[:at] for path in host.shapes.paths for at, sign in enumerate(path) if sign == "/" and at}

    def menu(self, path: str) -> bool:
        return path in self._host.shapes or path in self._above

    def single(self, path: str) -> bool:
        return path in self._host.shapes and self._host.menu(path).single

    def command(self, path: str, name: str) -> bool:
        """Whether a menu has a command that runs here."""
        if name in EXTRA.get(path, {}) or name == "export":
            return True
        if path not in self._host.shapes:
            return not path and name in ROOT
        known = {*COMMANDS, *OWN.get(path, {})} - {"getall"}
        return name in known and name in self._host.menu(path).behaviour.commands | READING

    def flags(self, path: str, name: str) -> Set[str]:
        """The bare words that a command takes."""
        from trueup.lab.export.wanted import flags

        return flags(self._host.version) if name == "export" else frozenset()

    def parameters(self, path: str, name: str) -> Set[str] | None:
        """What a command takes; None where the router itself will say what it does not know."""
        if name in EXTRA.get(path, {}):
            return EXTRA[path][name]
        if name in ("remove", "enable", "disable"):
            return NUMBERED
        if name not in ("add", "set"):
            return None
        writable = {known.name for known in self._host.menu(path).shape.writable}
        return writable | (COPYING if name == "add" else NUMBERED)
