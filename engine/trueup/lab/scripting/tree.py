"""A script that has been read: commands and what they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A word or a text without anything to fill in; a word in quotes stays a text."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A text in quotes with values in it."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Property:
    """A value of the row at hand, in `where`."""

    name: str


@dataclass(frozen=True, slots=True)
class Substitution:
    """`[ … ]`: what its last command returns."""

    block: Block


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and its one or two operands."""

    sign: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """`{a; b; k=c}`, each member with its key."""

    members: tuple[tuple[str | None, Node], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """`{ … }` where commands are meant."""

    block: Block


Node: TypeAlias = "Literal | Filled | Variable | Property | Substitution | Operation | Listed | Body"


@dataclass(frozen=True, slots=True)
class Language:
    """A command of the language itself: `:if`, `:put`."""

    name: str
    unnamed: tuple[Node, ...]
    named: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class OfMenu:
    """A command of a menu; `flags` are bare words, `removed` those with `!`, `where` chooses rows."""

    path: str
    name: str
    named: Mapping[str, Node]
    flags: frozenset[str] = frozenset()
    removed: tuple[str, ...] = ()
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class CallOf:
    """`$function a b name=c`; without arguments, a value by itself."""

    function: Node
    unnamed: tuple[Node, ...] = ()
    named: Mapping[str, Node] = field(default_factory=dict)


Command: TypeAlias = "Language | OfMenu | CallOf | Block"


@dataclass(frozen=True, slots=True)
class Block:
    """Commands of one scope, and the text that they were read from."""

    commands: tuple[Command, ...]
    source: str
