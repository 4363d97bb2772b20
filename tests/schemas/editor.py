"""A network's files as an editor sees them: YAML 1.2, `!secret` a text, and a JSON Schema by what the file is."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "schemas/published"


class Loader(yaml.CSafeLoader):
    """YAML 1.2's core schema, which editors have for a default; what trueup takes for text may be a number here."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), None)
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:[-+]?[0-9]+|0x[0-9a-fA-F]+)$"), None)
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"), None
)
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value, 16 if "x" in node.value else 10))
Loader.add_constructor("!secret", lambda loader, node: loader.construct_scalar(node))


class Complaint(NamedTuple):
    """What an editor underlines, and what it says."""

    path: tuple[str | int, ...]
    message: str


@cache
def _files() -> Registry[Any]:
    read = {path.name: json.loads(path.read_text("utf-8")) for path in PUBLISHED.iterdir()}
    return Registry().with_resources(
        (name, Resource.from_contents(schema, default_specification=DRAFT7)) for name, schema in read.items()
    )


@cache
def validator(kind: str) -> Draft7Validator:
    """What validates files of a kind, `trueup` any file: with the published schemas as they are."""
    return Draft7Validator({"$ref": f"{kind}.schema.json"}, registry=_files())


def complaints(kind: str, text: str) -> list[Complaint]:
    """What an editor says of a file's text, the likeliest reason of each."""
    value = yaml.load(text, Loader)
    found = [best_match([error]) for error in validator(kind).iter_errors(value)]
    return sorted({Complaint(tuple(each.absolute_path), each.message) for each in found if each is not None})
