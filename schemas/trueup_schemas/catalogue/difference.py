"""What came and went between two versions of RouterOS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from trueup_schemas.catalogue.catalogue import Catalogue
from trueup_schemas.catalogue.renamed import places
from trueup_schemas.catalogue.types import Menu, Place, Property


@dataclass(frozen=True, slots=True)
class Change:
    """What one version has more than the other, and less."""

    came: tuple[str, ...]
    went: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.came or self.went)


@dataclass(frozen=True, slots=True)
class Difference:
    """Menus; what can be declared in menus of both versions; words of properties of both, by menu and name.

    `renamed` tells what is known of where that went which went.
    """

    menus: Change
    properties: Mapping[str, Change]
    words: Mapping[tuple[str, str], Change]
    renamed: Mapping[Place, Place]


def difference(old: Catalogue, new: Catalogue) -> Difference:
    """What one goes through on the way from a version to another, which may be the older one."""
    both = [(old.menu(path), new.menu(path)) for path in old.paths if path in new]
    properties = {one.path: _change(_names(one), _names(other)) for one, other in both}
    words = {
        (one.path, name): _change(_words(one.properties[name]), _words(other.properties[name]))
        for one, other in both
        for name in _names(one)
        if name in other.properties
    }
    menus = _change(old.paths, new.paths)
    went = [Place(path) for path in menus.went]
    went += (Place(path, name) for path, change in properties.items() for name in change.went)
    return Difference(
        menus=menus,
        properties={path: change for path, change in properties.items() if change},
        words={place: change for place, change in words.items() if change},
        renamed={place: other for place in went for other in islice(places(new, place), 1)},
    )


def _change(old: Iterable[str], new: Iterable[str]) -> Change:
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    return Change(
        came=tuple(each for each in after if each not in before),
        went=tuple(each for each in before if each not in after),
    )


def _names(menu: Menu) -> list[str]:
    return [property.name for property in menu.writable]


def _words(property: Property) -> tuple[str, ...]:
    return ("yes", "no") if property.type == "boolean" else property.values
