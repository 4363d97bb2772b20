"""What menus have to do with each other: names that they share, references from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from trueup.lab.behaviour import Behaviour, Refers, gather, shipped
from trueup.lab.fact import Fact, assumed, menu_facts, own_file
from trueup.lab.shape import Shapes


@dataclass(frozen=True, slots=True)
class Kinship:
    """The menus of each namespace, and every reference: menu, property, where it leads."""

    namespaces: Mapping[str, tuple[str, ...]]
    references: tuple[tuple[str, str, Refers], ...]


def kinship(behaviours: Iterable[Behaviour]) -> Kinship:
    """What these menus have to do with each other; the menu that a namespace is called by is among its members."""
    found: dict[str, list[str]] = {}
    references = []
    for each in behaviours:
        if each.namespace:
            found.setdefault(each.namespace, [each.namespace]).append(each.path)
        references += [(each.path, name, refers) for name, refers in each.refers.items()]
    return Kinship({name: tuple(paths) for name, paths in found.items()}, tuple(references))


def behaviour_of(shapes: Shapes, path: str, facts: tuple[Fact, ...]) -> Behaviour:
    """A menu's behaviour by these facts; where nobody tells of commands, with those that its kind lets one assume."""
    if not own_file(path) and not any(fact.kind == "commands" for fact in facts):
        return gather(path, (*facts, *assumed(shapes[path])), shapes.version)
    return shipped(path, shapes.version) if facts is menu_facts(path) else gather(path, facts, shapes.version)


@cache
def shipped_kinship(version: str) -> Kinship:
    """The kinship of all menus of a version by the facts that are shipped."""
    shapes = Shapes(version)
    return kinship(behaviour_of(shapes, path, menu_facts(path)) for path in shapes.paths)
