"""Whatever somebody declares, the answer is rows or problems with places, never another exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trueup.compile import compile_network
from trueup.errors import DeclarationError, Source
from trueup.load.layer import Layer
from trueup.load.network import Network
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode
from trueup.load.router import Router
from trueup_schemas.catalogue import catalogue
from trueup_schemas.intents import intent_names
from trueup_schemas.network import NetworkHead
from trueup_schemas.secret import SecretRef

WHERE = Source("site/r.yaml", 3, 5)
MENUS = ("/ip/pool", "/ip/firewall/filter", "/system/identity", "/ip/service", "/ip/hotspot/user", "/ip/route")
WORDS = (
    *("scope", "rows", "unmanaged", "slot", "was", "place", "protect", "ignore", "name", "first", "before", "keep"),
    *("remove", "chain", "input", "template", "peer", "router", "external", "wireguard", "sstp", "address", "list"),
)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 70000),
    st.text(max_size=8),
    st.sampled_from(WORDS),
    st.builds(SecretRef, st.sampled_from(["a", "b/c"])),
).map(lambda value: ScalarNode(value, WHERE, value.name if isinstance(value, SecretRef) else str(value)))
properties = sorted({name for menu in MENUS for name in catalogue("7.24").menu(menu).properties})
keys = st.one_of(st.sampled_from(WORDS), st.sampled_from(properties), st.text(max_size=6))


def mapping(entries: dict[str, Node]) -> MappingNode:
    return MappingNode(entries, dict.fromkeys(entries, WHERE), WHERE)


def grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=3).map(lambda items: SequenceNode(tuple(items), WHERE))
    return lists | st.dictionaries(keys, inner, max_size=4).map(mapping)


nodes = st.recursive(scalars, grown, max_leaves=12)
bodies = st.fixed_dictionaries(
    {"rows": st.dictionaries(st.sampled_from(MENUS), nodes, max_size=3).map(mapping)},
    optional=dict.fromkeys((*intent_names(), "templates", "vars"), nodes),
)


def network(layers: list[dict[str, Node]]) -> Network:
    made = tuple(Layer("router", "r", f"site/{number}.yaml", mapping(body)) for number, body in enumerate(layers))
    document = mapping({key: node for layer in layers for key, node in layer.items() if key != "rows"})
    router = Router("r", "site/r.yaml", "site", (), (), None, None, None, None, made, document)
    return Network(Path(), "test", NetworkHead(network="test"), (router,), {}, {})


@given(st.lists(bodies, min_size=1, max_size=3))
def test_any_layers_become_rows_or_problems_with_places(layers: list[dict[str, Node]]) -> None:
    places: list[object] = []
    try:
        (one,) = compile_network(network(layers))
        places = [row.source for table in one.desired.tables.values() for row in table]
    except DeclarationError as error:
        places = [problem.where for problem in error.problems]
    assert all(isinstance(place, Source) for place in places)
