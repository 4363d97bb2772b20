"""Whatever a file holds, reading it ends in nodes or in located problems, nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.compose import compose, compose_mapping
from trueup.load.layer import Layer, merge_layers
from trueup.load.node import Node, ScalarNode
from trueup.load.validate import check
from trueup_schemas.network import NetworkHead, RouterHead

PIECES = [
    "a",
    "b: ",
    "- ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ",",
    ": ",
    "&x ",
    "*x",
    "!secret ",
    "!t ",
    "'",
    '"',
    "|",
    ">",
]
PIECES += [
    "---\n",
    "...\n",
    "? ",
    "<<: ",
    "~",
    "#",
    "\t",
    "%YAML 1.1\n",
    "é",
    "\u2028",
    "\ud7ff",
    "\r",
    "0",
    "-1",
    "\\",
]
WORDS = st.sampled_from(
    ["hosts", "port", "tls", "ca", "router", "connect", "labels", "timeout", "vars", "zz", "~", "10s"]
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"), max_size=8)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | WORDS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)

QUICK = settings(max_examples=60, deadline=None)


def as_json(data: object) -> bytes:
    """YAML's subset, which says plainly what is meant."""
    return json.dumps(data, ensure_ascii=False).encode()


def located(data: bytes) -> Node | None:
    """The nodes, where they can be read; else every problem must have its place in the file."""
    problems: tuple[Problem, ...] = ()
    try:
        return compose(data, "f.yaml")
    except DeclarationError as error:
        problems = error.problems
    assert problems
    # YAML ends lines at these, and a file that breaks off is told behind its end.
    ends = sum(data.decode(errors="replace").count(mark) for mark in "\n\r\x85\u2028\u2029")
    for problem in problems:
        assert isinstance(problem.where, Source)
        assert 1 <= problem.where.line <= ends + 2
    return None


@QUICK
@given(st.binary(max_size=200))
def test_bytes(data: bytes) -> None:
    located(data)


@QUICK
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("? ? ?")
@example("&x *x")
def test_pieces_of_yaml(text: str) -> None:
    located(text.encode())


@QUICK
@given(DATA)
def test_what_json_says_is_what_is_read(data: Any) -> None:
    node = compose(as_json(data), "f.yaml")
    assert (None if node is None else node.plain()) == data


@QUICK
@given(TEXT)
def test_quoted_text_survives(text: str) -> None:
    node = compose(f"'{text.replace(chr(39), chr(39) * 2)}'".encode(), "f.yaml")
    assert isinstance(node, ScalarNode)
    folded = any(mark in text for mark in "\x85\u2028\u2029")
    assert folded or (node.value, node.text) == (text, text)


@pytest.mark.parametrize("model", [RouterHead, NetworkHead])
@QUICK
@given(data=st.dictionaries(st.sampled_from(["router", "network", "connect", "labels", "rows", "secrets", "x"]), DATA))
def test_heads(model: type[RouterHead], data: dict[str, Any]) -> None:
    node = compose_mapping(as_json(data), "f.yaml")
    try:
        check(node, model)
    except DeclarationError as error:
        for problem in error.problems:
            assert isinstance(problem, Problem)
            assert isinstance(problem.where, Source)
            assert "Input should" not in problem.message


@QUICK
@given(st.lists(st.dictionaries(WORDS, DATA, max_size=3), min_size=1, max_size=4))
def test_layers_merge_to_what_the_nearest_says(layers: list[dict[str, Any]]) -> None:
    nodes = [compose_mapping(as_json(layer), f"{n}.yaml") for n, layer in enumerate(layers)]
    merged = merge_layers(Layer("group", str(n), f"{n}.yaml", node) for n, node in enumerate(nodes)).plain()
    for key in {key for layer in layers for key in layer} - {"router"}:
        nearest = next(layer[key] for layer in reversed(layers) if key in layer)
        if nearest is None:
            assert key not in merged
        elif not isinstance(nearest, dict | list):
            assert merged[key] == nearest
        elif isinstance(nearest, list):
            assert merged[key][-len(nearest) :] == nearest or not nearest
        else:
            assert nearest.keys() <= merged[key].keys()
