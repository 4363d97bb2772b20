"""What a menu or property is called in a version that lacks it under this name; renamed.json says what moved where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from trueup_schemas.catalogue.catalogue import Catalogue, spans
from trueup_schemas.catalogue.types import Place
from trueup_schemas.catalogue.version import OLDEST

_FILE = Path(__file__).parent / "renamed.json"


def elsewhere(known: Catalogue, path: str, name: str = "") -> str:
    """What became of a menu, or of one of its properties, that a version lacks: its other name, or when it exists.

    "" where no version has it.
    """
    place = Place(path, name)
    for other in places(known, place):
        return f"RouterOS {known.version} has it as {_said(other, place)}"
    found = spans(path, name)
    if found == {} and not known.derived:
        return f"it exists from RouterOS {OLDEST} on"
    return f"it exists {' '.join(f'{word} {version}' for word, version in found.items())}" if found else ""


def places(known: Catalogue, place: Place) -> Iterator[Place]:
    """What a menu or property is called in a version, by its later names and its earlier ones."""
    later = renamed().get(place)
    earlier = (old for old, new in renamed().items() if new == place)
    yield from (other for other in ((later,) if later else ()) if _has(known, other))
    yield from (other for other in earlier if _has(known, other))
    if place.name and (moved := renamed().get(Place(place.menu))) and not moved.name:
        yield from (other for other in (Place(moved.menu, place.name),) if _has(known, other))


@cache
def renamed() -> Mapping[Place, Place]:
    """Everything that moved, old to new; a property may have become one of another menu, a menu a property."""
    moves: dict[Place, Place] = {}
    for group in json.loads(_FILE.read_text("utf-8")):
        for old, new in group["names"].items():
            place = _place(old)
            moves[place] = _place(new if new.startswith("/") else f"{place.menu} {new}")
    return MappingProxyType(moves)


def _place(text: str) -> Place:
    menu, _, name = text.partition(" ")
    return Place(menu, name)


def _has(known: Catalogue, place: Place) -> bool:
    """Whether a version has a menu, or a property that can be declared."""
    if place.menu not in known or not place.name:
        return place.menu in known
    found = known.menu(place.menu).properties.get(place.name)
    return found is not None and not found.read_only


def _said(place: Place, seen_from: Place) -> str:
    if not place.name:
        return place.menu
    return f"'{place.name}'" if place.menu == seen_from.menu else f"'{place.name}' of {place.menu}"
