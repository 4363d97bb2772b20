"""`trueup plan` and `trueup apply` as an operator and a program meet them."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import IDENTITY, Named, Room, git, room, spec

FILTER = "/ip/firewall/filter"


def pool(name: str, ranges: str = "10.0.0.2-10.0.0.9") -> dict[str, str]:
    return {"name": name, "ranges": ranges}


def rule(comment: str) -> dict[str, str]:
    return {"chain": "input", "action": "accept", "comment": comment}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    """Two routers of two sites, committed and not yet applied; edge-1 has rules of its own."""
    theirs = {FILTER: [rule("theirs")]}
    with room(tmp_path, spec("edge-1", seed=theirs), spec("edge-2")) as made:
        rows = {"/ip/pool": [pool("guests")], FILTER: [{**rule("ours"), "place": {"before": {"comment": "theirs"}}}]}
        made.declare("edge-1", rows, labels=["canary"])
        made.declare("edge-2", IDENTITY, site="marina", groups=["towers"])
        made.write("groups/towers.yaml", {"labels": ["tower"]})
        made.commit()
        yield made


def routers(said_json: str) -> list[str]:
    return [plan["router"] for plan in json.loads(said_json)["plans"]]


def test_exit_codes_tell_changes_done_and_errors(made):
    assert made.trueup("plan").code == 2
    assert made.trueup("apply").code == 0
    assert made.trueup("plan").code == 0
    again = made.trueup("apply")
    assert (again.code, again.out.strip()) == (0, "2 routers: nothing to do")
    assert made.trueup("plan", "edge-9").code == 1


def test_a_plan_as_json_and_in_a_file_for_its_owner_alone(made, tmp_path):
    file = tmp_path / "plan.json"
    said = made.trueup("plan", "--json", "--out", str(file))
    document = json.loads(said.out)
    assert document == json.loads(file.read_text())
    assert document["format-version"] == "1.1"
    assert document["empty"] is False
    assert [plan["counts"]["add"] for plan in document["plans"]] == [2, 0]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [made.wrote(name) for name in made.lab] == [[], []]


def test_a_plan_that_cannot_be_saved(made, tmp_path):
    said = made.trueup("plan", "--out", str(tmp_path / "nowhere/plan.json"))
    assert said.code == 1
    assert "cannot be written: No such file or directory" in said.err


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ([], ["edge-1", "edge-2"]),
        (["edge-2"], ["edge-2"]),
        (["--site", "harbour"], ["edge-1"]),
        (["--group", "towers"], ["edge-2"]),
        (["--label", "canary"], ["edge-1"]),
        (["--label", "tower", "--label", "canary"], ["edge-1", "edge-2"]),
    ],
)
def test_routers_are_chosen_by_name_site_group_or_label(made, words, chosen):
    assert routers(made.trueup("plan", "--json", *words).out) == chosen
    assert made.trueup("apply", *words).code == 0
    assert [name for name in made.lab if made.wrote(name)] == chosen


def test_what_is_not_committed_is_planned_but_applied_only_if_told(made):
    made.declare("edge-2", {"/system/identity": {"name": "draft"}}, site="marina")
    assert "draft" in made.trueup("plan").out
    said = made.trueup("apply")
    assert said.code == 1
    assert "not committed" in said.err
    assert "--allow-dirty" in said.err
    assert not made.wrote("edge-2")
    assert made.trueup("apply", "--allow-dirty").code == 0
    assert made.lab["edge-2"].rows("/system/identity")[0]["name"] == "draft"
    (run,) = json.loads(made.trueup("log", "--json").out)["runs"]
    assert run["commit"] == ""


def test_another_revision_can_be_planned_and_applied(made):
    made.declare("edge-2", {"/system/identity": {"name": "newer"}}, site="marina")
    made.commit()
    assert "newer" in made.trueup("plan", "edge-2").out
    assert "trued-up" in made.trueup("plan", "edge-2", "--ref", "HEAD~1").out
    said = made.trueup("apply", "edge-2", "--ref", "HEAD~1", "--json")
    assert json.loads(said.out)["commit"] == git(made.network, "rev-parse", "HEAD~1").strip()
    assert made.lab["edge-2"].rows("/system/identity")[0]["name"] == "trued-up"
    assert made.trueup("plan", "--ref", "nonesuch").code == 1


def test_plans_that_are_alike_are_shown_once(tmp_path):
    with room(tmp_path, *(spec(f"edge-{n}") for n in range(3))) as made:
        made.write("harbour/site.yaml", {"rows": IDENTITY})
        for name in made.lab:
            made.declare(name)
        made.commit()
        out = made.trueup("plan").out
        assert out.count("MikroTik -> trued-up") == 1
        assert "edge-1, edge-2: the same as edge-0" in out
        assert "Plan: 3 routers, 3 rows to change" in out


def test_no_line_of_a_plan_is_longer_than_80_columns_without_need(made):
    made.declare("edge-1", {"/ip/pool": [pool(f"pool-{n}") for n in range(5)], **IDENTITY})
    for line in made.trueup("plan").out.splitlines():
        assert len(line) <= 80, line


def test_neither_escape_codes_nor_a_spinner_where_there_is_no_terminal(made):
    for words in (["plan"], ["apply"], ["log"]):
        assert "\x1b" not in made.trueup(*words).all


def test_bytes_that_are_no_text_survive_plan_json_and_file(made, tmp_path):
    odd = "caf\udce9"
    [row] = [row for row in made.lab["edge-1"].router.menu(FILTER).table if row.values["comment"] == "theirs"]
    row.values["comment"] = odd
    rows = {FILTER: [{"scope": {"chain": "input"}, "unmanaged": "remove", "rows": []}]}
    made.declare("edge-1", rows)
    made.commit()
    file = tmp_path / "plan.json"
    said = made.trueup("plan", "edge-1", "--json", "--out", str(file))
    assert said.code == 2, said.err
    [change] = json.loads(said.out)["plans"][0]["stages"][0]
    assert change["row"]["comment"] == odd
    assert json.loads(file.read_text()) == json.loads(said.out)
    assert "\\udce9" in made.trueup("plan", "edge-1").out
    assert made.trueup("apply", str(file)).code == 0
    assert made.lab["edge-1"].rows(FILTER) == []


def test_the_other_half_of_a_tunnel_is_noted_and_taken_along_only_if_told(tmp_path):
    with room(tmp_path, spec("hub"), spec("edge")) as made:
        made.patch.setenv("TRUEUP_SECRET_HUB_KEY", "IAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEA=")
        made.patch.setenv("TRUEUP_SECRET_EDGE_KEY", "GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEA=")
        made.declare("hub", IDENTITY, site="hq")
        made.declare("edge", tunnels=[tunnel()])
        made.commit()
        said = made.trueup("plan", "edge")
        assert "which is not selected; --with-peers takes it along" in said.out
        assert routers(made.trueup("plan", "edge", "--json").out) == ["edge"]
        assert made.trueup("apply", "edge").code == 0
        assert not made.wrote("hub")
        assert made.trueup("plan", "edge").code == 0, "the note does not count"
        assert routers(made.trueup("plan", "edge", "--with-peers", "--json").out) == ["edge", "hub"]
        assert made.trueup("apply", "edge", "--with-peers").code == 0
        assert made.lab["hub"].rows("/interface/wireguard/peers")
        assert made.trueup("plan").code == 0


def tunnel() -> dict[str, object]:
    end = {"address": "10.200.0.2/30", "listen-port": 13231, "endpoint-address": "127.0.0.9"}
    other = {"address": "10.200.0.1/30", "listen-port": 13231}
    peer = {"router": "hub", "interface": "to-edge", "private-key": Named("hub/key"), **other}
    return {"wireguard": "to-hub", "private-key": Named("edge/key"), **end, "peer": peer}
