"""The schemas take what the models take: every key of every model, tried with values of all kinds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from editor import PUBLISHED
from jsonschema import Draft7Validator
from pydantic import BaseModel, ValidationError

from trueup.load.build import SECRET
from trueup.load.validate import keys_of
from trueup_schemas.intents import Intents
from trueup_schemas.network import GroupHead, NetworkHead, RouterHead, SiteHead
from trueup_schemas.secret import SecretRef

DEFINITIONS = json.loads((PUBLISHED / "trueup.schema.json").read_text("utf-8"))["definitions"]
KINDS: dict[str, type[BaseModel]] = {
    "network": NetworkHead,
    "site": SiteHead,
    "group": GroupHead,
    "router": RouterHead,
}
VALUES: list[Any] = [
    *(None, True, False, 0, 1, 5, -1, 70_000, [], {}, "", "x", "a b", "yes", "no", "on", "maybe", "7.24", "7.24rc1"),
    *("7", "10", "10s", "500ms", "1h30m", "10 s", "0s", "30%", "100%", "101%", "%", "22:30", "24:00", "2:30"),
    *("2026-12-20", "10.0.0.1", "fe80::1%ether1", "10.0.0.0/8", "a.example", "/ip/pool", "ip/pool", "first", "before"),
    *("mon", "monday", "enforce", "verify", "off", "home", "github", "roll-back", "deny", "finish", "leave", "regular"),
    *("radius", "fight", "Europe/Berlin", "https://git.example.net/api", "https://me@git.example.net", "owner/name"),
    *("owner", "sha256:" + "ab" * 32, "sha256:" + "ab:" * 31 + "ab", "sha256:ab", "SHA256:" + "A" * 43, "SHA256:A"),
    *(["x"], [1], ["a b"], [True], [None], [["x"]], ["mon"], ["monday"], [1, "20%"], [0], ["/ip/pool"], ["10.0.0.1"]),
    *({"ca": "x"}, {"fingerprint": "x"}, {"ca": "x", "fingerprint": "x"}, {"label": "x"}, {"mode": "home"}, {"x": "y"}),
    *({"before": "x"}, {"before": {"name": "x"}}, {"x": {"port": 22}}, {"x": {"port": 0}}, {"/ip/pool": "enforce"}),
    *({"/ip/pool": "x"}, {"external": {"public-key": "x"}}, {"external": {"connect-to": "x"}}, {"hotspot": "yes"}),
    *([{"label": "x"}], [{"label": "a b"}], [{"ping": "10.0.0.1"}], [{"ping": "x", "tcp": "x:1"}], [{}]),
    *([{"menu": "/ip/pool", "policy": "keep"}], [{"menu": "x"}], [{"kind": "allow"}], [{"name": "x"}]),
    *([{"kind": "allow", "days": ["mon"]}], [{"kind": "allow", "days": ["monday"]}]),
    *([{"name": "x", "vlan-id": 5, "interface": "y"}], [{"name": "x", "vlan-id": 5000, "interface": "y"}]),
]
BOUNDS = {"0s", "500ms", "1h30m"}
"""Durations that some places refuse for their length, which no pattern tells where they have a unit."""
FORMLESS = {"time-zone"}
"""Keys that take any text in an editor."""


def accidental(schema: dict[str, Any], value: Any) -> bool:
    """What the models take without meaning it: `true` for 1, a number for a date, nothing for a number."""
    kinds = schema.get("type", ())
    if isinstance(value, int) and not {"number", "boolean"} & {*kinds}:
        return isinstance(value, bool) or "integer" not in kinds
    return value == {} or value is None


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models that a model consists of, itself too."""
    waiting, seen = [model], set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        yield one
        types = [field.annotation for field in one.model_fields.values()]
        while types:
            kind = types.pop()
            types += get_args(kind)
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                waiting.append(kind)


def places() -> Iterator[tuple[type[BaseModel], str, dict[str, Any]]]:
    """Every key of every model with its schema."""
    for kind, head in KINDS.items():
        for model in (*models(head), *models(Intents)):
            schema = DEFINITIONS.get(kind if model is head else model.__name__)
            for key in keys_of(model) if schema else ():
                yield model, key, schema["properties"][key]


SEEN = {(model.__name__, key): (model, schema) for model, key, schema in places()}
ELSEWHERE = {"rows", "defaults"}
"""Keys whose values other tests are about: models say nothing of them."""


def taken(model: type[BaseModel], key: str, value: Any) -> bool:
    """Whether the model takes this value for the key, whatever else it lacks; for a secret, its name."""
    for given in (value, _named(value)):
        try:
            model.model_validate({key: given})
        except ValidationError as error:
            if any(each["loc"][:1] == (key,) for each in error.errors()):
                continue
        return True
    return False


def _named(value: Any) -> Any:
    return SecretRef(value) if isinstance(value, str) and SECRET.match(value) else value


def test_every_model_is_published():
    everything = {model.__name__ for head in (*KINDS.values(), Intents) for model in models(head)}
    heads = {head.__name__ for head in KINDS.values()} | {"Intents", "Tls", "Wave", "Failures"}
    assert everything - heads - set(DEFINITIONS) == set()
    assert len(SEEN) > 400


@pytest.fixture(scope="module")
def answers() -> list[tuple[str, Any, bool, bool]]:
    """Each key with each value: whether trueup takes it, and whether an editor does."""
    found = []
    for (name, key), (model, schema) in SEEN.items():
        local = Draft7Validator({"allOf": [schema], "definitions": DEFINITIONS})
        for value in VALUES if key not in ELSEWHERE else ():
            valid, shown = taken(model, key, value), local.is_valid(value)
            free = key in FORMLESS or (isinstance(value, str) and value in BOUNDS)
            if valid == shown or not (free if shown else accidental(schema, value)):
                found.append((f"{name} {key}", value, valid, shown))
    return found


def test_nothing_that_is_valid_is_refused_in_an_editor(answers: list[tuple[str, Any, bool, bool]]):
    assert [(place, value) for place, value, valid, shown in answers if valid and not shown] == []
    assert sum(valid for _, _, valid, _ in answers) > 5_000


def test_nothing_else_is_taken_in_an_editor(answers: list[tuple[str, Any, bool, bool]]):
    assert [(place, value) for place, value, valid, shown in answers if shown and not valid] == []
    assert sum(not valid for _, _, valid, _ in answers) > 5_000
