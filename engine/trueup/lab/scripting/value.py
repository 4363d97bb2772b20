"""What variables hold: numbers, booleans, times, addresses, ids, texts, arrays, code and nothing."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from trueup.lab.scripting.tree import Block
from trueup.lab.scripting.trouble import Stopped
from trueup.lab.values.moment import microseconds

MOST = 1 << 20
"""Characters, and members of arrays, that one value may hold; more ends the script."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time interval in microseconds."""

    amount: int


@dataclass(frozen=True, slots=True)
class Address:
    """An IPv4 or IPv6 address."""

    text: str


@dataclass(frozen=True, slots=True)
class Id:
    """A row's internal id."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A block that a variable holds: a function."""

    block: Block


@dataclass(frozen=True, slots=True)
class Array:
    """Members in their order, some with keys; `weight` is what it takes to write it all out."""

    members: tuple[tuple[str | None, Value], ...] = ()
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        total = sum(1 + len(key or "") + weight(value) for key, value in self.members)
        if total > MOST:
            raise Stopped("an array too large for this simulation")
        object.__setattr__(self, "weight", total)

    def values(self) -> Iterator[Value]:
        return (value for _, value in self.members)

    def get(self, key: Value) -> Value:
        """The member with a key, or at a place; nothing where there is none."""
        if isinstance(key, int) and not isinstance(key, bool):
            return self.members[key][1] if 0 <= key < len(self.members) else None
        wanted = text(key)
        return next((value for name, value in self.members if name == wanted), None)

    def put(self, key: Value, value: Value) -> Array:
        """The array with a member set; a key that is not there comes last."""
        members = list(self.members)
        if isinstance(key, int) and not isinstance(key, bool):
            if not 0 <= key <= len(members):
                raise Stopped("an index beyond the end of an array: not simulated")
            members[key : key + 1] = [(members[key][0] if key < len(members) else None, value)]
            return Array(tuple(members))
        wanted = text(key)
        at = next((at for at, (name, _) in enumerate(members) if name == wanted), len(members))
        members[at : at + 1] = [(wanted, value)]
        return Array(tuple(members))


Value: TypeAlias = "bool | int | str | Time | Address | Id | Code | Array | None"


def weight(value: Value) -> int:
    """How many characters it takes to write a value, about."""
    if isinstance(value, str):
        return len(value)
    return value.weight if isinstance(value, Array) else 8


def bounded(joined: str) -> str:
    """A text that is not too long to hold."""
    if len(joined) > MOST:
        raise Stopped("a text too long for this simulation")
    return joined_bytes(joined)


def joined_bytes(joined: str) -> str:
    """A text whose bytes, which may have come one by one, are read as characters where they make some."""
    return joined if joined.isascii() else joined.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def text(value: Value, joint: str = ";") -> str:
    """A value as `:put` writes it; arrays are joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Time):
        return spelled(value.amount)
    if isinstance(value, Address | Id):
        return value.text
    if isinstance(value, Code):
        return value.block.source
    if isinstance(value, Array):
        return joint.join(f"{key}={text(one)}" if key is not None else text(one) for key, one in value.members)
    return str(value)


def spelled(amount: int) -> str:
    """A time as scripts write it: 1d02:03:04, 00:00:05.003."""
    sign, amount = ("-" if amount < 0 else ""), abs(amount)
    seconds, rest = divmod(amount, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    weeks, days = divmod(days, 7)
    head = (f"{weeks}w" if weeks else "") + (f"{days}d" if days else "")
    tail = f".{rest:06}".rstrip("0") if rest else ""
    return f"{sign}{head}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{tail}"


def read(word: str) -> Value:
    """What a word stands for where it is not in quotes."""
    if word in WORDS:
        return WORDS[word]
    if re.fullmatch(r"-?[0-9]{1,19}", word):
        return number(int(word))
    if re.fullmatch(r"0x[0-9a-fA-F]{1,16}", word):
        return number(int(word, 16))
    if re.fullmatch(r"\*[0-9A-Fa-f]{1,16}", word):
        return Id(f"*{int(word[1:], 16):X}")
    if word[0:1].isdigit() and (amount := microseconds(word)) is not None:
        return Time(amount)
    return address(word) or word


WORDS: dict[str, Value] = {"true": True, "yes": True, "false": False, "no": False, "nil": None, "nothing": None}


def number(amount: int) -> int:
    """A number as a router counts: 64 bits with sign."""
    return (amount + (1 << 63)) % (1 << 64) - (1 << 63)


def address(word: str) -> Address | None:
    """The address that a word is, if it is one."""
    if "." not in word and ":" not in word:
        return None
    try:
        return Address(str(ipaddress.ip_address(word)))
    except ValueError:
        return None


def kind(value: Value) -> str:
    """What `:typeof` says."""
    if isinstance(value, Address):
        return "ip6" if ":" in value.text else "ip"
    return next(name for type, name in KINDS if isinstance(value, type))


KINDS: tuple[tuple[type, str], ...] = (
    *((type(None), "nothing"), (bool, "bool"), (int, "num"), (str, "str")),
    *((Time, "time"), (Id, "id"), (Code, "code"), (Array, "array")),
)
