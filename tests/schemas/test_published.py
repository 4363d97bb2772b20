"""The published schemas: current, fit for editors, right about every example, and useful about mistakes."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from editor import PUBLISHED, ROOT, Loader, complaints, validator
from jsonschema import Draft7Validator

from trueup.compile import compile_network
from trueup.errors import DeclarationError
from trueup.lab.faults import Faults
from trueup.lab.network import KEYS, MANAGER_KEYS, BadNetwork
from trueup.lab.network import read_network as read_lab
from trueup.load.network import load_network
from trueup.load.validate import keys_of
from trueup_schemas import network as heads
from trueup_schemas import operate
from trueup_schemas.published import ALL, KINDS, alone, written
from trueup_schemas.published.words import WORDS
from trueup_templates import starter

MISTAKES = yaml.load((Path(__file__).parent / "mistakes.yaml").read_text(), Loader)
FILES = {"network": "trueup.yaml", "site": "s/site.yaml", "group": "groups/edge.yaml", "router": "s/edge-1.yaml"}
LARGEST = 900_000
"""Bytes of the largest one, which an editor has to load."""
READ = {
    *("$schema", "$ref", "title", "description", "definitions", "type", "enum", "pattern", "properties", "items"),
    *("required", "additionalProperties", "propertyNames", "if", "then", "else", "anyOf", "allOf", "oneOf"),
    *("minimum", "maximum", "exclusiveMaximum", "minItems", "minProperties", "maxProperties"),
}
"""The words of JSON Schema that are used: what editors of draft 7 know."""


def kind_of(name: str) -> str:
    """The kind of a file by its path in a network."""
    path = Path(name)
    known = {"trueup.yaml": "network", "site.yaml": "site", "lab.yaml": "lab"}
    return known.get(path.name, "group" if path.parent.name == "groups" else "router")


def examples() -> Iterator[Any]:
    """Every example of a network's files that is shipped or shown: its kind and its text."""
    for path in sorted((ROOT / "sites").rglob("*.yaml")):
        yield pytest.param(kind_of(str(path)), path.read_text(), id=str(path.relative_to(ROOT)))
    for name, text in sorted(starter().items()):
        if name.endswith(".yaml"):
            yield pytest.param(kind_of(name), text.replace("NETWORK", "coast"), id=f"starter {name}")
    for document in ("network", "intents", "operating", "adopting", "arriving", "safety"):
        text = (ROOT / f"docs/{document}.md").read_text()
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL), 1):
            yield pytest.param(*shown(block), id=f"docs/{document}.md {number}")


def shown(block: str) -> tuple[str, str]:
    """A document's example: a whole file where it says which, else part of a layer, or of trueup.yaml."""
    named = re.match(r"# (\S+\.yaml)\n", block)
    if named:
        return kind_of(named[1]), block
    keys = set(yaml.load(block, Loader))
    if "router" in keys or "routers" in keys:
        return "router" if "router" in keys else "lab", block
    settings = set(keys_of(heads.NetworkHead)) - set(keys_of(heads.LayerHead))
    if not keys & settings:
        return "site", block
    return "network", block if "network" in keys else f"network: coast\n{block}"


def words_of(schema: Any) -> Iterator[str]:
    """Every word of JSON Schema in a schema."""
    if isinstance(schema, list):
        for each in schema:
            yield from words_of(each)
    elif isinstance(schema, dict):
        yield from schema
        for word, value in schema.items():
            inner = value.values() if word in ("properties", "definitions") else [value]
            yield from (found for each in inner for found in words_of(each))


def test_the_published_schemas_are_current(tmp_path: Path):
    runpy.run_path(str(ROOT / "schemas/generator/publish.py"))["publish"](tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in PUBLISHED.iterdir()}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (PUBLISHED / path.name).read_bytes(), "run: make schemas"


def test_editors_can_load_them():
    whole = json.loads((PUBLISHED / "trueup.schema.json").read_text())
    for path in PUBLISHED.iterdir():
        Draft7Validator.check_schema(json.loads(path.read_text()))
    assert (PUBLISHED / "trueup.schema.json").stat().st_size < LARGEST
    assert set(words_of(whole)) - READ == set()
    assert [name for name in whole["definitions"] if "/" in name or "~" in name] == []


@pytest.mark.parametrize("kind", [ALL, *KINDS])
def test_a_schema_stands_alone_too(kind: str):
    schema = json.loads(written(alone(kind, json.loads((PUBLISHED / "trueup.schema.json").read_text()))))
    sound = {"network": {"network": "coast"}, "router": {"router": "edge-1"}, "lab": {"routers": [{"name": "edge-1"}]}}
    check = Draft7Validator(schema)
    assert check.is_valid(sound.get(kind, {"labels": ["a"]}))
    assert not check.is_valid({"labels": "a", "router": "edge-1"})


@pytest.mark.parametrize(("kind", "text"), [*examples()])
def test_no_example_has_a_complaint(kind: str, text: str):
    assert complaints(kind, text) == []
    assert complaints(ALL, text) == []


def test_every_golden_case_is_taken():
    tried = 0
    for path in sorted((ROOT / "tests/cases").glob("*/case.yaml")):
        case = yaml.load(path.read_text(), Loader)
        for rows in (case.get("declared"), case.get("site")):
            tried += rows is not None
            assert [error.message for error in validator("site").iter_errors({"rows": rows or {}})] == [], path
    assert tried > 100


@pytest.mark.parametrize("mistake", MISTAKES, ids=[each["name"] for each in MISTAKES])
def test_a_mistake_is_underlined_where_it_is(mistake: dict[str, Any]):
    (complaint,) = complaints(mistake["kind"], mistake["text"])
    assert list(complaint.path) == mistake["at"]
    assert mistake["says"] in complaint.message


@pytest.mark.parametrize("mistake", MISTAKES, ids=[each["name"] for each in MISTAKES])
def test_trueup_refuses_it_too(mistake: dict[str, Any], tmp_path: Path):
    if mistake["kind"] == "lab":
        (tmp_path / "lab.yaml").write_text(mistake["text"])
        with pytest.raises((BadNetwork, ValueError)):
            _start_lab(tmp_path / "lab.yaml")
        return
    files = {"trueup.yaml": "network: coast\n", "s/site.yaml": "", "s/edge-1.yaml": "router: edge-1\n"}
    for name, text in {**files, FILES[mistake["kind"]]: mistake["text"]}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(DeclarationError):
        compile_network(load_network(tmp_path))


def _start_lab(file: Path) -> None:
    for router in read_lab(file):
        for fault in router.faults:
            Faults().order(fault)


def test_a_layer_may_take_away_what_a_farther_one_says():
    assert complaints("router", "router: edge-1\nradius: ~\nsystem: ~\ntemplates: ~\n") == []
    assert complaints("router", "router: edge-1\nrows: {/ip/pool: ~, /ip/dns: {servers: ~}}\n") == []


def test_what_routers_of_old_have_is_known_too():
    assert (
        complaints("router", "router: edge-1\nrows: {/interface/wireless: [], /ip/accounting: {enabled: true}}") == []
    )


def test_the_lab_is_told_with_all_its_keys():
    schema = json.loads((PUBLISHED / "trueup.schema.json").read_text())["definitions"]["lab"]
    router = schema["properties"]["routers"]["items"]["properties"]
    assert set(router) == set(KEYS)
    assert set(router["manager"]["properties"]) == set(MANAGER_KEYS)


def test_every_key_of_a_head_has_words():
    for name, words in WORDS.items():
        models = [vars(module).get(name) for module in (heads, operate)]
        model = next(each for each in models if each is not None)
        missing = set(keys_of(model)) - {"rows"} - set(words)
        assert missing == set(), name
        if name != "LayerHead":
            assert set(words) == set(keys_of(model))
