"""The files of a network as JSON Schemas: trueup.yaml, site.yaml, groups, routers and lab.yaml.

One document holds every definition; the others, one for each kind of file, only refer to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from trueup_schemas.catalogue import Menu
from trueup_schemas.intents import Intents, intent_names
from trueup_schemas.network import GroupHead, LayerHead, NetworkHead, RouterHead, SiteHead
from trueup_schemas.published.lab import LAB
from trueup_schemas.published.models import definitions, nullable
from trueup_schemas.published.rows import reference, row_definitions
from trueup_schemas.published.shapes import TEXT, Schema
from trueup_schemas.published.words import WORDS

DRAFT = "http://json-schema.org/draft-07/schema#"
ALL = "trueup"
KINDS: Mapping[str, str] = {
    "network": "trueup.yaml",
    "site": "a site.yaml",
    "group": "a file of groups/",
    "router": "a router's file",
    "lab": "lab.yaml",
}
"""The kinds of files, each with a definition and a schema of its own."""
_LAYERS = {"layer": LayerHead, "site": SiteHead, "group": GroupHead, "router": RouterHead}
_HEADS = {"layer": "LayerHead", "site": "SiteHead", "group": "GroupHead", "router": "RouterHead"}
_OWN: Schema = {
    "type": ["array", "null"],
    "items": {"type": "object", "properties": {"template": TEXT}, "required": ["template"]},
}


def file_name(kind: str) -> str:
    """The name of the file that a schema is published in."""
    return f"{kind}.schema.json"


def published(more: Iterable[Menu] = ()) -> dict[str, Schema]:
    """The schemas by name: `trueup`, which tells a file's kind by itself, and one for each kind."""
    whole = _whole(more)
    return {ALL: whole} | {kind: _short(kind) for kind in KINDS}


@cache
def shipped() -> Mapping[str, str]:
    """The texts of the schemas by name, of the shipped catalogue alone."""
    return {name: written(schema) for name, schema in published().items()}


def alone(kind: str, whole: Schema) -> Schema:
    """The schema of one kind with all that it needs, out of the one that has everything."""
    if kind == ALL:
        return whole
    found = _reached(whole["definitions"], kind)
    return {"$schema": DRAFT, "title": f"trueup: {KINDS[kind]}", "allOf": [reference(kind)], "definitions": found}


def written(schema: Schema) -> str:
    """A schema as text: a line for each definition, so that a change is seen where it is."""
    lines = [f" {json.dumps(key)}: {_text(value)}" for key, value in schema.items() if key != "definitions"]
    inner = [f"  {json.dumps(key)}: {_text(value)}" for key, value in schema.get("definitions", {}).items()]
    if inner:
        lines.append(' "definitions": {\n' + ",\n".join(inner) + "\n }")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _short(kind: str) -> Schema:
    told = {"$schema": DRAFT, "title": f"trueup: {KINDS[kind]}"}
    return {**told, "allOf": [{"$ref": f"{file_name(ALL)}#/definitions/{kind}"}]}


def _whole(more: Iterable[Menu]) -> Schema:
    models = definitions([NetworkHead, *_LAYERS.values(), Intents])
    for name, keys in WORDS.items():
        if name in models:
            _describe(models[name], keys)
    found = {kind: _layer(models[_HEADS[kind]], models["Intents"], kind) for kind in _LAYERS}
    network = models["NetworkHead"]
    network["properties"]["defaults"] = reference("layer")
    found |= {"network": network, "lab": LAB}
    everything = {**found, **models, **row_definitions(more)}
    wanted: dict[str, Schema] = {}
    for kind in KINDS:
        wanted |= _reached(everything, kind)
    return {"$schema": DRAFT, "title": "trueup: a file of a network", **_told_apart(), "definitions": wanted}


def _told_apart() -> Schema:
    """A file is what its own key says: one without any of them is a layer, of a site or a group."""
    return {
        "type": ["object", "null"],
        "properties": {key: {} for key in ("network", "router", "routers", "site", "group")},
        "if": {"required": ["network"]},
        "then": reference("network"),
        "else": {
            "if": {"required": ["router"]},
            "then": reference("router"),
            "else": {
                "if": {"required": ["routers"]},
                "then": reference("lab"),
                "else": {"if": {"required": ["group"]}, "then": reference("group"), "else": reference("site")},
            },
        },
    }


def _layer(head: Schema, intents: Schema, kind: str) -> Schema:
    """What one layer may say: its head, intents, `rows` and templates; a nearer layer takes one away with `~`."""
    taken_away = {name: nullable(intents["properties"][name]) for name in intent_names()}
    _describe(head, WORDS["LayerHead"])
    properties = {**head["properties"], "rows": reference("rows"), "templates": _OWN, **taken_away}
    typed = {"type": "object"} if kind in ("router", "layer") else {"type": ["object", "null"]}
    return {**head, **typed, "properties": properties}


def _describe(schema: Schema, words: Mapping[str, str]) -> None:
    """Put words to keys; a reference cannot have any beside it, so that it moves one level down."""
    for key, told in words.items():
        if key in schema["properties"]:
            inner = schema["properties"][key]
            beside = {"allOf": [inner]} if "$ref" in inner else inner
            schema["properties"][key] = {**beside, "description": told}


def _reached(everything: Mapping[str, Schema], *first: str) -> dict[str, Schema]:
    """What these definitions refer to, and they themselves, in the order of `everything`."""
    seen: set[str] = set()
    waiting = [*first]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _references(everything[name])
    return {name: schema for name, schema in everything.items() if name in seen}


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)
