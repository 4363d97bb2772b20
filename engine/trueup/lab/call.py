"""One command as it came: the menu, the arguments, the query, and what the user may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from trueup.lab.machine import Machine
from trueup.lab.menu import Menu
from trueup.lab.policy import EVERY_POLICY
from trueup.lab.trap import Trap

Reply = list[list[str]]
"""The sentences that answer a command, each a list of words, `!done` last."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command on a menu; `removed` are the properties sent as `=!name=`, session 0 is none (a script, say)."""

    machine: Machine
    menu: Menu
    arguments: Mapping[str, str]
    removed: Sequence[str] = ()
    query: Sequence[str] = ()
    policies: frozenset[str] = EVERY_POLICY
    user: str = "admin"
    session: int = 0

    def ids(self) -> str:
        """The rows meant: `.id`, or its alias `numbers`; neither is refused."""
        for name in (".id", "numbers"):
            if name in self.arguments:
                return self.arguments[name]
        raise Trap("missing =.id=")

    def require(self, policy: str) -> None:
        """Refuse a user whose group lacks a policy."""
        if policy not in self.policies:
            raise Trap("not enough permissions (9)")


Command = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence taken apart; `tag` is None where there is none, `stray` a word of no known kind."""

    path: str
    command: str
    arguments: dict[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    tag: str | None = None
    stray: str = ""


def split(sentence: Sequence[str]) -> Words:
    """The parts of a command sentence; the command is taken as it is, a space in it is no slash."""
    path, _, command = sentence[0].rpartition("/")
    arguments: dict[str, str] = {}
    removed, query, tag, stray = [], [], None, ""
    for word in sentence[1:]:
        if word.startswith(".tag="):
            tag = word[5:]
        elif word.startswith("?"):
            query.append(word[1:])
        elif word.startswith("=!"):
            removed.append(word[2:].partition("=")[0])
        elif word.startswith("="):
            name, _, value = word[1:].partition("=")
            arguments[name] = value
        else:
            stray = word
    return Words(path, command, arguments, tuple(removed), tuple(query), tag, stray)
