"""Rows and tables: the one shape that declared and live configuration share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal, NoReturn

from trueup.errors import Source
from trueup_schemas.secret import PublicKeyOf, SecretRef

Fixed = Literal["", "dynamic", "builtin", "default"]


class Secret:
    """A resolved secret: compared and sent, never shown. `reveal` is for the wire and for digests alone."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    @property
    def masked(self) -> bool:
        """Whether the router hid the value (a user without the `sensitive` policy reads asterisks)."""
        return bool(self._value) and set(self._value) == {"*"}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    __hash__ = None  # type: ignore[assignment]

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a secret cannot be turned into text")

    __str__ = __repr__ = __format__ = __reduce_ex__ = _refuse


Value = str | Secret | SecretRef | PublicKeyOf | None
"""A canonical text; a secret by value (live) or by name (declared); None is an explicit `~`, unset."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new row of an ordered menu goes among rows that are not declared.

    `beside` matches exactly one undeclared row, by properties; it is empty for "first" and "last".
    """

    side: Literal["first", "last", "before", "after"]
    beside: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One row of a menu, as declared or as it is.

    `values` are canonical, by property name; absent properties are left out. `sources` tell where each property
    was declared. Live rows alone have an `id` and may be `fixed` (the router's own, which refuse changes) or `invalid`
    (the router says that it does not work, what it names being gone, say).
    `was` are the key properties that the row had before a rename; `ignore` names properties to leave alone.
    """

    values: Mapping[str, Value]
    source: Source | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    id: str = ""
    fixed: Fixed = ""
    invalid: bool = False
    was: Mapping[str, Value] = field(default_factory=dict)
    place: Place | None = None
    protect: bool = False
    ignore: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        shown = {name: "(secret)" if isinstance(value, Secret) else value for name, value in self.values.items()}
        return f"Row({self.id or self.source or 'declared'}, {shown})"

    def text(self, name: str) -> str:
        """The property as text, "" where it is absent, unset or a secret."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def where(self, name: str) -> Source | None:
        """The place where a property was declared, else the row's own."""
        return self.sources.get(name, self.source)


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows of a menu that match `match`; `remove` says that undeclared ones in it are removed."""

    match: Mapping[str, str]
    remove: bool = False
    source: Source | None = None

    def holds(self, row: Row) -> bool:
        return all(row.text(name) == value for name, value in self.match.items())


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one menu, in order; scopes are declared ones' alone."""

    menu: str
    rows: tuple[Row, ...] = ()
    scopes: tuple[Scope, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


Tables = Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Exemption:
    """What of one menu's rows is none of our business: the rows that match, or only these of their `properties`.

    Every property in `match` must fit its pattern, in which `*` and `?` stand for any text. `keep`: the properties are
    written when a row is added, and left alone afterwards.
    """

    match: Mapping[str, str] = field(default_factory=dict)
    properties: frozenset[str] = frozenset()
    keep: bool = False
    source: Source | None = None

    def holds(self, value: Callable[[str], str]) -> bool:
        """Whether a row is meant; `value` gives its properties as texts."""
        return all(_pattern(pattern).fullmatch(value(name)) for name, pattern in self.match.items())


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """The pattern as an expression that takes linear time whatever it holds: what a `*` has passed over stays so."""
    first, *rest = (re.escape(part).replace("\\?", ".") for part in text.split("*"))
    if rest:
        first += "".join(f"(?>.*?{part})" for part in rest[:-1]) + f".*{rest[-1]}"
    return re.compile(first, re.DOTALL)


@dataclass(frozen=True, slots=True)
class Desired:
    """What one router should be: its tables by menu, the commit they come from ("" when not committed).

    `exempt` tells, by menu, what is left alone.
    """

    router: str
    tables: Tables
    commit: str = ""
    exempt: Mapping[str, tuple[Exemption, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a router says of itself; `uptime` in seconds as of `read_at` (UTC, the manager's clock).

    `serial` is the routerboard's serial number, or a CHR's system-id.
    """

    version: str
    board: str
    model: str
    serial: str
    uptime: int
    read_at: datetime
    host: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """What one router is. Menus that it does not have are missing from `tables`."""

    facts: Facts
    tables: Tables


Digester = Callable[[str], str]
"""HMAC-SHA-256 of a text under the network's digest key, in hex."""

Resolver = Callable[[SecretRef], Secret]
"""Finds a secret's value in the stores; raises SecretError, naming the secret and the stores."""
