"""What docs/network.md shows is a network without problems, and its tables agree with the code."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from trueup.compile import compile_network
from trueup.load.build import DEPTH, EXPANDED, resolve
from trueup.load.compose import LIMIT
from trueup.load.network import load_network
from trueup.load.tables import MOST
from trueup.load.tree import FILES
from trueup.load.validate import keys_of
from trueup_schemas.network import Connect, LayerHead, NetworkHead

DOCS = (Path(__file__).parents[2] / "docs/network.md").read_text()


def test_the_examples_are_one_good_network(write: Callable[[dict[str, str]], Path]) -> None:
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", DOCS, re.DOTALL)
    tables = re.findall(r"\n`(\S+)`:\n\n```(?:csv|json)\n(.*?)```", DOCS, re.DOTALL)
    assert len(tables) == 2
    network = load_network(write(dict(blocks + tables)))
    assert [router.name for router in network.routers] == [f"harbour-edge-{n}" for n in (1, 2, 3, 4)]
    assert network.routers[0].labels == ("edge", "harbour", "canary")
    _, _, third, fourth = compile_network(network)
    assert [row.text("name") for row in third.desired.tables["/ip/hotspot/user"]] == ["porter", "room-1", "room-2"]
    assert set(fourth.desired.exempt) == {"/ip/hotspot/user", "/interface/wireguard/peers", "/ip/firewall/filter"}
    assert len(third.desired.tables["/ip/firewall/address-list"].rows) == 2


def test_every_key_is_explained() -> None:
    for model in (NetworkHead, Connect):
        for key in keys_of(model):
            assert f"\n| `{key}` |" in DOCS
    for key in keys_of(LayerHead):
        assert f"`{key}`" in DOCS


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_what_words_mean_is_what_is_written() -> None:
    table = re.search(r"\| written \|.*?\n\n", DOCS, re.DOTALL)
    assert table
    rows = [row.split("|")[1:3] for row in table[0].splitlines()[2:6]]
    (nothing, _), (booleans, _), (numbers, _), (_, texts) = rows
    assert {resolve(word) for word in words(nothing)} == {None}
    assert [resolve(word) for word in words(booleans)] == [True, False]
    assert [resolve(word) for word in words(numbers)] == [0, 42, -7]
    assert [resolve(word) for word in words(texts)] == words(texts)


def test_the_limits_are_the_real_ones() -> None:
    for told in (
        f"{EXPANDED:,} values",
        f"{LIMIT // 2**20} MB",
        f"{FILES:,}",
        f"{DEPTH} levels",
        f"at most {MOST} problems",
    ):
        assert told in DOCS
