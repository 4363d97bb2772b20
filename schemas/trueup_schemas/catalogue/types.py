"""What is known of one RouterOS menu: plain dataclasses, already cut to one version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["list", "fixed", "singleton"]
Many = Literal["", "set", "list"]


@dataclass(frozen=True, slots=True)
class Place:
    """A menu, or one of its properties; as text, `/ip/route routing-table`."""

    menu: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.menu} {self.name}" if self.name else self.menu


@dataclass(frozen=True, slots=True)
class Reference:
    """A property that names a row elsewhere.

    `menu` is a menu path, or a namespace such as `/interface`, which every interface menu's names are in.
    Hard references are checked by the router and follow a rename; soft ones are plain text to it.
    """

    menu: str
    property: str = "name"
    hard: bool = True


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a menu.

    `type` names a canonical value type. `values` are an enum's words, or words allowed beside the type.
    `minimum` and `maximum` are inclusive, in the type's own notation. `default` is the canonical text that an
    absent or omitted property stands for; "" is empty or absent, None is not known.
    `unset` says how a value is taken away: "!" (`=!name=`), "unset" (the command), "" (not possible), or "=word".
    `hardware`: only some boards have it, no router reported it, and all of it was written by hand.
    """

    name: str
    type: str
    many: Many = ""
    values: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    negatable: bool = False
    default: str | None = None
    unset: str = ""
    required: bool = False
    secret: bool = False
    write_only: bool = False
    personal: bool = False
    generated: bool = False
    read_only: bool = False
    hardware: bool = False
    refers: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """One RouterOS menu.

    `kind`: a list has `add`; a fixed menu has rows that can only be set; a singleton has one row without an id.
    `key` names the properties that identify a row, () where nothing does; `enforced` says that the router refuses
    a second row with the same key. `unique` are further property tuples that the router keeps unique.
    `namespace` is the set of names the key shares with other menus (`/interface`), "" for its own.
    `ordered`: the rows' order matters, within each `strata` (say, one chain).
    `filled`: the router itself adds rows, so that reads are filtered by the router where order does not count.
    `hardware`: only some boards have the menu, no router reported it, and all of it was written by hand.
    """

    path: str
    kind: Kind
    properties: Mapping[str, Property]
    key: tuple[str, ...] = ()
    enforced: bool = False
    unique: tuple[tuple[str, ...], ...] = ()
    namespace: str = ""
    ordered: bool = False
    strata: tuple[str, ...] = ()
    filled: bool = False
    hardware: bool = False

    @property
    def addable(self) -> bool:
        """Whether rows can be added and removed."""
        return self.kind == "list"

    @property
    def writable(self) -> tuple[Property, ...]:
        """The properties that can be declared."""
        return tuple(p for p in self.properties.values() if not p.read_only)
