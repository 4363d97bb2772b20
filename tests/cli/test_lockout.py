"""A plan that would cut the manager off is shown as such, and refused unless told otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import Room, room, spec

FILTER = "/ip/firewall/filter"
SEEN = {"source": "192.0.2.10", "destination": "198.51.100.1"}
DROP = {"chain": "input", "action": "drop"}
ACCEPT = {"chain": "input", "src-address": "192.0.2.0/24", "action": "accept"}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    """A router that the manager reaches, as the router sees it, from 192.0.2.10."""
    with room(tmp_path, spec("edge-1")) as made:
        yield made


def declare(made: Room, rows: dict[str, object], seen: dict[str, str] | None = None) -> None:
    made.declare("edge-1", rows, connect=SEEN if seen is None else seen)
    made.commit()


def test_a_cutting_plan_says_so_and_is_refused_before_anything_is_written(made):
    declare(made, {FILTER: [DROP]})
    said = made.trueup("plan")
    assert said.code == 2
    assert "manager's path cut by change 1 of 1:" in said.out
    refused = made.trueup("apply")
    assert refused.code == 1
    assert "--allow-lockout" in refused.err
    assert made.wrote("edge-1") == []
    assert made.trueup("apply", "--allow-lockout").code == 0
    (folder,) = made.audit.glob("runs/*/*/*")
    assert json.loads((folder / "run.json").read_text())["routers"]["edge-1"]["lockout"] == "cut"
    assert "- --allow-lockout: the manager's path to edge-1 cut" in (folder / "summary.md").read_text()
    assert len(made.lab["edge-1"].rows(FILTER)) == 1


def test_a_plan_that_keeps_the_way_says_so_and_is_applied(made):
    declare(made, {FILTER: [ACCEPT, DROP]})
    assert "manager's path kept" in made.trueup("plan").out
    assert made.trueup("apply").code == 0
    assert made.trueup("plan").code == 0


def test_risks_are_in_plans_as_json_and_in_saved_ones(made, tmp_path):
    declare(made, {FILTER: [DROP]})
    file = tmp_path / "plan.json"
    (plan,) = json.loads(made.trueup("plan", "--json", "--out", str(file)).out)["plans"]
    assert plan["risks"]["lockout"]["verdict"] == "cut"
    assert plan["risks"]["lockout"]["cuts"][0]["source"]["file"] == "harbour/edge-1.yaml"
    assert made.trueup("apply", str(file)).code == 1
    assert made.trueup("apply", str(file), "--allow-lockout").code == 0


def test_nothing_is_claimed_of_a_way_that_is_not_known(made):
    declare(made, {FILTER: [DROP]}, {})
    said = made.trueup("plan")
    assert "manager's path" not in said.out
    assert made.trueup("apply").code == 0


def test_a_round_with_nothing_to_do_reads_no_further_menus(made):
    declare(made, {FILTER: [ACCEPT, DROP]})
    log, further = made.lab["edge-1"].log, "/ip/firewall/raw/print"
    assert made.trueup("apply").code == 0
    assert any(words[0] == further for words in log)
    log.clear()
    assert made.trueup("plan").code == 0
    assert log
    assert not any(words[0] == further for words in log)
