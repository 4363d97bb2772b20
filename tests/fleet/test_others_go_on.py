"""A router that fails while it is written to ends its own part of the run, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import Room, room, spec

from trueup.device.mux import WINDOW

POOLS = 30
ROWS = {"/ip/pool": [{"name": f"p{n}", "ranges": f"10.0.{n}.2-10.0.{n}.9"} for n in range(POOLS)]}
GOOD = ("good-1", "good-2")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    """One router refuses the third of its writes at once; the others take longer for theirs."""
    slow = [spec(name, per_command=0.002) for name in GOOD]
    with room(tmp_path, spec("bad"), *slow) as made:
        made.write("harbour/site.yaml", {"rows": ROWS})
        for name in made.lab:
            made.declare(name)
        made.commit()
        made.lab["bad"].faults.add("trap", "/ip/pool/add", skip=2)
        yield made


def test_a_refusal_stops_its_own_router_alone(made):
    said = made.trueup("apply")
    assert said.code == 1
    assert "the router refused a change: failure: refused by the lab" in said.out
    assert "2 of 3 routers as declared" in said.out
    assert [len(made.lab[name].rows("/ip/pool")) for name in GOOD] == [POOLS, POOLS]
    assert made.trueup("plan", *GOOD).code == 0
    [run] = json.loads(made.trueup("log", "--json").out)["runs"]
    assert {name: router["outcome"] for name, router in run["routers"].items()} == {
        "bad": "undone",
        "good-1": "done",
        "good-2": "done",
    }


def test_after_a_refusal_nothing_more_is_sent(made):
    said = made.trueup("apply", "bad", "--json")
    assert sum(words[0] == "/ip/pool/add" for words in made.wrote("bad")) <= 2 + WINDOW
    [report] = json.loads(said.out)["reports"]
    assert made.lab["bad"].rows("/ip/pool") == [], "what was added is taken back"
    told = [each["outcome"] for each in report["results"]]
    assert 0 < told.count("undone") <= 2 + WINDOW
    assert told.count("undone") + told.count("not done") == POOLS
    assert [each["error"] for each in report["results"] if each["error"]] == ["failure: refused by the lab"]
    assert report["left"]["counts"]["add"] == POOLS
    assert made.trueup("apply", "bad").code == 0
    assert len(made.lab["bad"].rows("/ip/pool")) == POOLS


def test_a_router_that_dies_is_told_with_what_is_not_known(made):
    faults = made.lab["bad"].faults
    made.lab["bad"].router.timeline.stand_still()
    faults.clear()
    faults.add("drop", "/ip/pool/add", skip=2)
    faults.add("drop", "/login", skip=1, times=99)
    said = made.trueup("apply")
    assert said.code == 1
    assert "could not be read back" in said.out
    assert "run trueup plan when it answers" in said.out
    assert "   unknown: " in said.out
    assert "2 of 3 routers as declared" in said.out
    [run] = json.loads(made.trueup("log", "--json").out)["runs"]
    assert run["outcome"] == "unknown"
    faults.clear()
    refused = made.trueup("apply")
    assert refused.code == 1
    assert "bad: safe mode is held by trueup" in refused.err
    made.lab["bad"].router.advance(3)
    assert made.lab["bad"].rows("/ip/pool") == [], "the router has noticed that the connection is gone"
    assert made.trueup("apply").code == 0
    assert made.trueup("plan").code == 0
