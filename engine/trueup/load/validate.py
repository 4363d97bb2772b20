"""Nodes become models, or problems with a place and plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.node import MappingNode, Node, ScalarNode, kind, scalar_kind
from trueup.load.trail import follow, key_node

M = TypeVar("M", bound=BaseModel)

_FEW = 20
"""As many words can be listed before nobody reads them."""

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
        found = error.errors(include_url=False)
    raise DeclarationError(ordered(_problems(node, model, found)))


def _problems(node: Node, model: type[BaseModel], found: list[ErrorDetails]) -> Iterator[Problem]:
    """The problems of errors; a value that fits none of several types is one problem, not one for each."""
    choices: dict[Source, list[Problem]] = {}
    for details in found:
        loc, problem = details["loc"], _problem(node, model, details)
        if not follow(node, model, loc).branch or not isinstance(problem.where, Source):
            yield problem
        elif not any(len(other["loc"]) > len(loc) and other["loc"][: len(loc) - 1] == loc[:-1] for other in found):
            choices.setdefault(problem.where, []).append(problem)
    yield from (_joined(several) for several in choices.values())


def _joined(several: list[Problem]) -> Problem:
    """One problem that tells all that would be right."""
    told = [problem for problem in several if problem.message.partition(", got ")[1]]
    if len(told) < 2:
        return several[0]
    first, *others = (problem.message.partition(", got ")[0] for problem in told)
    words = " or ".join((first, *(other.partition("expected ")[2] for other in others)))
    remedy = next((problem.remedy for problem in several if problem.remedy), "")
    return replace(told[0], message=told[0].message.replace(first, words, 1), remedy=remedy)


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that a model allows, as they are written."""
    return [str(field.alias or name) for name, field in model.model_fields.items()]


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same problems, each once, by file, line and column; those without a place in a file come last."""
    return tuple(sorted(dict.fromkeys(problems), key=_position))


def _position(problem: Problem) -> tuple[bool, Source]:
    return (False, problem.where) if isinstance(problem.where, Source) else (True, Source(""))


def suggest(word: str, known: Collection[str]) -> str:
    """The remedy for an unknown word: what it was likely meant to be, else the words that there are."""
    if close := get_close_matches(word, known, n=1, cutoff=0.6):
        return f"did you mean '{close[0]}'?"
    if len(known) > _FEW:
        return f"the nearest are {', '.join(get_close_matches(word, known, n=5, cutoff=0.0))}"
    return f"known: {', '.join(sorted(known))}" if known else ""


def _problem(node: Node, model: type[BaseModel], details: ErrorDetails) -> Problem:
    loc, error = details["loc"], details["type"]
    if error == "extra_forbidden":
        parent, key = follow(node, model, loc[:-1]), str(loc[-1])
        known = [name for one in parent.models for name in keys_of(one)]
        where = parent.node.keys[key] if isinstance(parent.node, MappingNode) else parent.node.source
        return Problem(f"unknown key '{key}'", where, suggest(key, known))
    if error == "missing":
        parent = follow(node, model, loc[:-1])
        return Problem(f"'{loc[-1]}' is missing", parent.node.source, f"add `{loc[-1]}:`")
    trail = follow(node, model, loc)
    place = key_node(node, model, loc) or trail.node
    message, remedy = _explain(details, place)
    return Problem(f"{trail.label}: {message}" if trail.label else message, place.source, remedy)


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
        named = place.get(str(context["discriminator"]).strip("'")) if isinstance(place, MappingNode) else None
        return _choice(str(context["expected_tags"]), named or place)
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
