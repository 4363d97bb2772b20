"""Nodes become models, or problems with a place and plain words."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode, kind, scalar_kind

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "yes or no",
    "bool_parsing": "yes or no",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "ip_any_address": "an IP address",
    "ip_v4_address": "an IPv4 address",
    "ip_v6_address": "an IPv6 address",
    "ip_any_network": "a network such as 10.0.0.0/24",
    "ip_any_interface": "an address with its prefix, such as 10.0.0.1/24",
}


def check(node: Node, model: type[M]) -> M:
    """The model that a node declares; raises DeclarationError with every problem, each at its key or value."""
    try:
        return model.model_validate(node.plain())
    except ValidationError as error:
        found = [_problem(node, model, details) for details in error.errors(include_url=False)]
        raise DeclarationError(ordered(found)) from None


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same problems, each once, by file, line and column; those without a place in a file come last."""
    return tuple(sorted(dict.fromkeys(problems), key=_position))


def _position(problem: Problem) -> tuple[bool, Source]:
    return (False, problem.where) if isinstance(problem.where, Source) else (True, Source(""))


def suggest(word: str, known: list[str]) -> str:
    """The remedy for an unknown word: what it was likely meant to be, else the words that there are."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(sorted(known))}" if known else ""


def _problem(node: Node, model: type[BaseModel], details: ErrorDetails) -> Problem:
    loc, error = details["loc"], details["type"]
    if error == "extra_forbidden":
        key = str(loc[-1])
        known = _known_keys(model, loc[:-1])
        return Problem(f"unknown key '{key}'", _key_place(node, loc), suggest(key, known))
    if error == "missing":
        return Problem(f"'{loc[-1]}' is missing", _descend(node, loc[:-1])[0].source, f"add `{loc[-1]}:`")
    place, label = _descend(node, loc)
    message, remedy = _explain(details, place)
    return Problem(f"{label}: {message}" if label else message, place.source, remedy)


def _explain(details: ErrorDetails, place: Node) -> tuple[str, str]:
    """What is wrong with a value, and what would be right; the value itself is never repeated for a secret."""
    error, context = details["type"], details.get("ctx", {})
    if error == "is_instance_of":
        return f"expected a secret, got {kind(place)}", "write `!secret NAME` and keep the value in a secret store"
    if kind(place) == "a secret":
        return "a secret may not stand here", "write the value itself; only passwords and keys are secrets"
    if error in _EXPECTED:
        return f"expected {_EXPECTED[error]}, got {_got(place)}", _remedy(error, place)
    if error in ("literal_error", "enum"):
        return _choice(str(context["expected"]), place)
    if error == "union_tag_invalid":
        return _choice(str(context["expected_tags"]), _descend(place, (str(context["discriminator"]).strip("'"),))[0])
    if error == "union_tag_not_found":
        return f"{context['discriminator']} is missing", ""
    if error == "value_error":
        return str(context["error"]), ""
    if error in ("too_short", "too_long"):
        bound = context["min_length"] if error == "too_short" else context["max_length"]
        return f"expected at {'least' if error == 'too_short' else 'most'} {bound} items", ""
    message = details["msg"]
    if message.startswith("Input should be "):
        message = f"expected a value {message.removeprefix('Input should be ')}, got {_got(place)}"
    return message, ""


def _choice(expected: str, place: Node) -> tuple[str, str]:
    words = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
    close = get_close_matches(place.text, words, n=1, cutoff=0.6) if isinstance(place, ScalarNode) else []
    return f"expected {' or '.join(words)}, got {_got(place)}", f"did you mean '{close[0]}'?" if close else ""


def _got(place: Node) -> str:
    if isinstance(place, ScalarNode) and isinstance(place.value, str | int):
        text = place.text if len(place.text) <= 40 else f"{place.text[:40]}…"
        return f"{scalar_kind(place.value)}: '{text}'" if not isinstance(place.value, bool) else f"'{text}'"
    return kind(place)


def _remedy(error: str, place: Node) -> str:
    if _EXPECTED[error] == "a list" and isinstance(place, ScalarNode) and place.text:
        return f"write [{place.text}]"
    if _EXPECTED[error] == "text" and isinstance(place, ScalarNode) and isinstance(place.value, bool):
        return f"write '{place.text}' in quotes"
    return ""


def _descend(node: Node, loc: tuple[int | str, ...]) -> tuple[Node, str]:
    """The node that Pydantic's path leads to, and the last key on the way.

    Steps that were not written (a union's branch, a key that is missing) are passed over.
    """
    last = ""
    for part in loc:
        if isinstance(node, MappingNode) and isinstance(part, str) and part in node:
            node, last = node[part], part
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node):
            node = node.items[part]
    return node, last


def _key_place(node: Node, loc: tuple[int | str, ...]) -> Source:
    parent, _ = _descend(node, loc[:-1])
    key = str(loc[-1])
    return parent.keys[key] if isinstance(parent, MappingNode) and key in parent else parent.source


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys of the model that Pydantic's path leads to."""
    models = [model]
    for part in loc:
        fields = [field for known in models for name, field in known.model_fields.items() if _key(name, field) == part]
        if fields:
            models = [found for field in fields for found in _models(field.annotation)]
        elif branch := [known for known in models if _is_branch(known, part)]:
            models = branch
    return [key for known in models for key in keys_of(known)]


def _is_branch(model: type[BaseModel], part: int | str) -> bool:
    """Whether a step of Pydantic's path is its name for this model within a union."""
    tags = (get_args(field.annotation) for field in model.model_fields.values())
    return part == model.__name__ or any(part in tag for tag in tags)


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that a model allows, as they are written."""
    return [_key(name, field) for name, field in model.model_fields.items()]


def _key(name: str, field: Any) -> str:
    return str(field.alias or name)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _models(argument)]
