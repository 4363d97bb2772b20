"""Commands as a router's history tells them, taken apart as far as drift needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

INTERFACE = "/interface"
"""Interfaces of every kind may be changed here too."""
VERBS = frozenset({"add", "set", "remove", "move", "enable", "disable", "comment", "unset"})
WORD = re.compile(r'(?P<name>[^\s="]+)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>\S*))|"[^"]*"|\S+')


@dataclass(frozen=True, slots=True)
class Command:
    """A command on a menu: what is done, to which items, with which properties, which may be secrets."""

    verb: str
    items: tuple[str, ...] = field(repr=False)
    values: Mapping[str, str] = field(repr=False)

    @property
    def names(self) -> frozenset[str]:
        own = {"enable": "disabled", "disable": "disabled", "comment": "comment"}.get(self.verb)
        return frozenset(name.lstrip("!") for name in self.values) | ({own} if own else set())


def command_in(text: str, menu: str) -> Command | None:
    """What a command does in a menu; None where it is about another. Lines may be continued by a backslash."""
    words = list(_words(text.replace("\\\r\n", " ").replace("\\\n", " ")))
    for path in (menu, INTERFACE) if menu.startswith(f"{INTERFACE}/") else (menu,):
        steps = path.strip("/").split("/")
        verb, *rest = words[len(steps) :] or [("", "")]
        if [text for _, text in words[: len(steps)]] == steps and verb[1] in VERBS:
            named = (text.split(",") for name, text in rest if not name and not text.startswith("!"))
            values = {name or text: text for name, text in rest if name or text.startswith("!")}
            return Command(verb[1], tuple(item for items in named for item in items), values)
    return None


def _words(text: str) -> Iterator[tuple[str, str]]:
    """The words of a command: a property's name ("" for none) and its text, without quotes; a path step by step."""
    for found in WORD.finditer(text):
        if found["name"]:
            quoted = found["quoted"]
            yield found["name"], found["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        elif found[0].startswith("/"):
            yield from (("", step) for step in found[0].split("/") if step)
        else:
            yield "", found[0].strip('"')
