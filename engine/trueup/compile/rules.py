"""What reading and checking rows asks of the catalogue, worked out once for a whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trueup.compile.marks import Marks
from trueup_schemas.catalogue import Catalogue, Menu, Property, Reference

Words = dict[str, str]
"""Texts of one property that were read before, and their canonical ones."""

REMEMBERED = 1_000
"""The most texts that are remembered of one property: those that come again come early."""


@dataclass(frozen=True, slots=True)
class MenuRules:
    """One menu, and what its rows must and may hold.

    `reserved` are the words of a row that are no properties; `declarable` are the properties that a row may have, each
    with its texts that were read before; `referring` are those that name rows by hard references. `told` names the
    captured tree that the menu is from, "" for none.
    """

    menu: Menu
    reserved: frozenset[str]
    declarable: Mapping[str, tuple[Property, Words]]
    required: frozenset[str]
    referring: tuple[tuple[Property, tuple[Reference, ...]], ...]
    told: str = ""

    @classmethod
    def of(cls, menu: Menu, told: str = "") -> MenuRules:
        properties = menu.properties
        hard = ((each, tuple(refers for refers in each.refers if refers.hard)) for each in properties.values())
        return cls(
            menu,
            frozenset(name for name in Marks.NAMES if name not in properties),
            {name: (each, {}) for name, each in properties.items() if not each.read_only or name in menu.key},
            frozenset(each.name for each in menu.writable if each.required and menu.kind == "list"),
            tuple((each, references) for each, references in hard if references),
            told,
        )


@dataclass(slots=True)
class Rules:
    """The menus of one catalogue, by path."""

    catalogue: Catalogue
    _menus: dict[str, MenuRules] = field(default_factory=dict)
    _places: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def menu(self, path: str) -> MenuRules:
        """The rules of one menu; raises UnknownMenu."""
        if path not in self._menus:
            self._menus[path] = MenuRules.of(
                self.catalogue.menu(path), self.catalogue.told if self.catalogue.own else ""
            )
        return self._menus[path]

    def places(self, reference: Reference) -> tuple[str, ...]:
        """The menus whose rows a reference may name: a menu, and all of a namespace."""
        if reference.menu not in self._places:
            self._places[reference.menu] = (reference.menu, *self.catalogue.members(reference.menu))
        return self._places[reference.menu]
