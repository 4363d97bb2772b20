"""Routers are chosen by name, site, group and label; what there is not is said with a suggestion."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.cli.selection import select
from trueup.errors import DeclarationError
from trueup.load.network import Network, load_network


@pytest.fixture
def network(write: Callable[[dict[str, str]], Path]) -> Network:
    files = {f"{site}/site.yaml": f"labels: [{site}-label]\n" for site in ("harbour", "hill")}
    files |= {f"groups/{name}.yaml": "" for name in ("edge", "core", "spare")}
    for name, site, group in (("h1", "harbour", "edge"), ("h2", "harbour", "core"), ("t1", "hill", "edge")):
        files[f"{site}/{name}.yaml"] = f"router: {name}\ngroups: [{group}]\nlabels: [{name[0]}]\n"
    return load_network(write(files))


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ({}, ["h1", "h2", "t1"]),
        ({"names": ["t1", "h2"]}, ["h2", "t1"]),
        ({"sites": ["harbour"]}, ["h1", "h2"]),
        ({"sites": ["harbour", "hill"]}, ["h1", "h2", "t1"]),
        ({"groups": ["edge"]}, ["h1", "t1"]),
        ({"groups": ["edge"], "sites": ["harbour"]}, ["h1"]),
        ({"labels": ["hill-label"]}, ["t1"]),
        ({"labels": ["t", "harbour-label"], "groups": ["core"]}, ["h2"]),
    ],
)
def test_of_each_kind_any_and_of_several_all(network: Network, asked: dict[str, list[str]], chosen: list[str]) -> None:
    assert [router.name for router in select(network, **asked)] == chosen


def test_every_unknown_name_is_told_with_a_suggestion(network: Network) -> None:
    with pytest.raises(DeclarationError) as raised:
        select(network, ["h3x", "h1"], ["harbor"], ["egde"], ["nothing"])
    assert [str(problem) for problem in raised.value.problems] == [
        "there is no router 'h3x'; known: h1, h2, t1",
        "there is no site 'harbor'; did you mean 'harbour'?",
        "there is no group 'egde'; did you mean 'edge'?",
        "there is no label 'nothing'; known: h, harbour-label, hill-label, t",
    ]


def test_choosing_nothing_is_an_error(network: Network) -> None:
    with pytest.raises(DeclarationError, match="no router is meant"):
        select(network, ["h1"], ["hill"])
    with pytest.raises(DeclarationError, match="no router is meant"):
        select(network, groups=["spare"])
