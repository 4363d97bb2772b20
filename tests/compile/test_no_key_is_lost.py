"""Every key that an intent takes changes what is drawn, and every property that is drawn exists in its menu."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from compile_room import network

from trueup.compile.intents import Drawn, Intentions
from trueup.compile.marks import Marks
from trueup.errors import Problem, Source
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode
from trueup.load.router import Router
from trueup_schemas.catalogue import catalogue
from trueup_schemas.declared import Declared
from trueup_schemas.intents import Intents, intent_names
from trueup_schemas.secret import SecretRef

WHERE = Source("site/r.yaml", 9)
SAID = {"address": "10.1.2.3/24", "router": "hub", "service": ["hotspot", "ppp"], "vlan-id": 7, "place": "first"}
"""Values for keys that take a certain form."""

Declaration = dict[str, Any]


def variants(model: type[Declared], name: str) -> Iterator[tuple[str, Declaration, Declaration]]:
    """For each key of a model and of those within: its name, a declaration without it, and one with it."""
    least = minimal(model)
    for field_name, field in model.model_fields.items():
        key = str(field.alias or field_name)
        inner, wrap = nested(field.annotation)
        for each in inner:
            for path, without, given in variants(each, f"{name}.{key}"):
                yield path, least | {key: wrap(without)}, least | {key: wrap(given)}
        if not inner:
            given = f"{key}-given" if value(key, field) == "x1" else value(key, field)
            yield f"{name}.{key}", {k: v for k, v in least.items() if k != key}, least | {key: given}


def minimal(model: type[Declared]) -> Declaration:
    fields = {str(field.alias or name): field for name, field in model.model_fields.items()}
    return {key: value(key, field) for key, field in fields.items() if field.is_required()}


def value(key: str, field: Any) -> Any:
    """A value of the key's type, which is not its default."""
    if key in SAID:
        return SAID[key]
    inner, wrap = nested(field.annotation)
    if inner:
        return wrap(minimal(inner[0]))
    kinds = [*flat(field.annotation)]
    if get_origin(kinds[0]) is Literal:
        return next(word for word in get_args(kinds[0]) if word != field.default)
    if bool in kinds:
        return field.default is not True
    if int in kinds:
        return 1700
    return "x1" if str in kinds else SecretRef("s")


def nested(annotation: Any) -> tuple[list[type[Declared]], Any]:
    """The models that a field holds, and how one of them is written there."""
    kinds = [*flat(annotation)]
    for kind in kinds:
        if get_origin(kind) is tuple and (inner := nested(get_args(kind)[0])[0]):
            return inner, lambda one: [one]
        if get_origin(kind) is dict and (inner := nested(get_args(kind)[1])[0]):
            return inner, lambda one: {"x2": one}
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Declared)], lambda one: one


def flat(annotation: Any) -> Iterator[Any]:
    """The types that an annotation allows, without its decoration; a list of texts counts as a text."""
    if hasattr(annotation, "__metadata__"):
        yield from flat(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from flat(each)
    elif annotation == tuple[str, ...]:
        yield str
    elif annotation is not type(None):
        yield annotation


def node(given: Any) -> Node:
    if isinstance(given, dict):
        return MappingNode({key: node(each) for key, each in given.items()}, dict.fromkeys(given, WHERE), WHERE)
    if isinstance(given, list):
        return SequenceNode(tuple(node(each) for each in given), WHERE)
    return ScalarNode(given, WHERE, given.name if isinstance(given, SecretRef) else str(given))


class Room:
    """A network in which one router's document is whatever a test says."""

    def __init__(self, folder: Path) -> None:
        self.network = network(folder, {"site/r.yaml": "router: r\n", "site/hub.yaml": "router: hub\n"})
        self.router = self.network.router("r")
        self.intentions = Intentions(self.network)

    def draw(self, document: Declaration) -> tuple[Drawn, list[Problem]]:
        problems: list[Problem] = []
        given = node(document)
        assert isinstance(given, MappingNode)
        values = {name: getattr(self.router, name) for name in Router.__slots__} | {"document": given}
        return self.intentions.draw(Router(**values), problems), problems

    def shown(self, document: Declaration) -> str:
        drawn, problems = self.draw(document)
        halves = [(half.what, half.rows.plain()) for half in drawn.halves]
        return repr(([rows.plain() for rows in drawn.rows], halves, [str(problem) for problem in problems]))


def documents(intent: str) -> Iterator[tuple[str, Declaration, Declaration]]:
    inner, wrap = nested(Intents.model_fields[intent].annotation)
    for model in inner:
        for path, without, given in variants(model, f"{intent}/{model.__name__}"):
            yield path, {intent: wrap(without)}, {intent: wrap(given)}


@pytest.mark.parametrize("intent", intent_names())
def test_no_key_is_taken_and_then_forgotten(intent: str, tmp_path: Path) -> None:
    room = Room(tmp_path)
    found = [*documents(intent)]
    forgotten = [path for path, without, given in found if room.shown(without) == room.shown(given)]
    refused = {path: room.draw(given)[1] for path, _, given in found if room.draw(given)[1]}
    assert (forgotten, refused) == ([], {})


@pytest.mark.parametrize("intent", intent_names())
def test_every_property_that_is_drawn_is_its_menus_own(intent: str, tmp_path: Path) -> None:
    room, known = Room(tmp_path), catalogue("7.24")
    strangers = set()
    for path, _, given in documents(intent):
        drawn, _ = room.draw(given)
        for rows in [*drawn.rows, *(half.rows for half in drawn.halves)]:
            for menu, entries in rows.plain().items():
                for entry in entries if isinstance(entries, list) else [entries]:
                    names = set(entry or {}) - set(Marks.NAMES) - set(known.menu(menu).properties)
                    strangers |= {(path, menu, name) for name in names}
    assert strangers == set()
