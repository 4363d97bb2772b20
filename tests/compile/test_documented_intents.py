"""docs/intents.md is right: each example compiles to the rows beside it, and each key of each intent is listed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from compile_room import network, texts

from trueup.compile import Compiled, compile_network
from trueup_schemas.declared import Declared
from trueup_schemas.intents import Intents, intent_names
from trueup_templates import templates

DOCS = (Path(__file__).parents[2] / "docs" / "intents.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `([a-z-]+)`\n(.*?)(?=^## |\Z)", DOCS, re.DOTALL | re.MULTILINE))


@pytest.mark.parametrize("intent", intent_names())
def test_the_example_becomes_the_rows_beside_it(intent: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", SECTIONS[intent], re.DOTALL)
    (expected,) = re.findall(r"```rows\n(.*?)```", SECTIONS[intent], re.DOTALL)
    files = {"site/r.yaml": f"router: r\n{example}"}
    if "router: hub" in example:
        files["site/hub.yaml"] = "router: hub\n"
    routers = sorted(compile_network(network(tmp_path, files)), key=lambda one: one.router != "r")
    lines = [line for one in routers for line in _lines(one, named=len(files) > 1)]
    assert lines == expected.splitlines()


def _lines(one: Compiled, named: bool) -> Iterator[str]:
    if named:
        yield one.router
    for table in one.desired.tables.values():
        yield table.menu
        for row in table:
            yield "  " + " ".join(f"{name}={_shown(text)}" for name, text in texts(row).items())


def _shown(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if not text or re.search(r"\s", text) else text


@pytest.mark.parametrize("intent", intent_names())
def test_every_key_of_the_intent_is_listed_and_no_other(intent: str) -> None:
    listed = dict(re.findall(r"^\| (\w+) \| (`.*) \|$", SECTIONS[intent], re.MULTILINE))
    assert listed == {model.__name__: _keys(model) for model in _models(Intents.model_fields[intent].annotation, [])}


def _models(annotation: Any, found: list[type[Declared]]) -> list[type[Declared]]:
    """The models that a field may hold, and those within them."""
    if isinstance(annotation, type) and issubclass(annotation, Declared) and annotation not in found:
        found.append(annotation)
        for field in annotation.model_fields.values():
            _models(field.annotation, found)
    for argument in get_args(annotation):
        _models(argument, found)
    return found


def _keys(model: type[Declared]) -> str:
    keys = ((field.alias or name, field.is_required()) for name, field in model.model_fields.items())
    return ", ".join(f"`{key}`*" if required else f"`{key}`" for key, required in keys)


def test_every_intent_has_a_template_of_its_name() -> None:
    assert set(intent_names()) <= set(templates())
