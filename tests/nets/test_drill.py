"""A drill fires every net with a harmless change; what it has not seen work is not relied on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import Room, room, spec

LIST = "/ip/firewall/address-list"
ROWS = {"/system/identity": {"name": "before"}}
CUTTING = {"/ip/service": [{"name": "telnet", "disabled": True}]}


@pytest.fixture(params=["6.49", "7.9", "7.16", "7.20", "7.24", "7.24.5"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setattr("trueup.fleet.drill.ARMED", 1)
    with room(tmp_path, spec("edge", version=request.param, ssh_port=0)) as made:
        served = made.lab["edge"]
        made.declare("edge", ROWS, connect={"ssh": {"port": served.ssh_port, "host-key": served.host_key}})
        made.commit()
        yield made


def test_every_net_is_seen_to_work_and_leaves_nothing_behind(made):
    said = made.trueup("drill", "edge")
    assert said.code == 0, said.all
    version = made.lab["edge"].spec.version
    with_safe_mode = tuple(map(int, version.split("."))) >= (7, 18)
    names = {"inverse script", "safe mode over SSH", "release over SSH"}
    if with_safe_mode:
        names |= {"safe mode released", "safe mode unrolled", "safe mode lost with its connection"}
        names |= {"unroll from the scheduler", "several ids in one command"}
    document = json.loads((made.audit / "routers" / "edge" / "drill.json").read_text())
    assert {each["net"] for each in document["nets"]} == names
    assert (document["version"], document["serial"]) == (version, "SNedge")
    for menu in (LIST, "/system/scheduler", "/system/script"):
        assert made.lab["edge"].rows(menu) == []
    plan = made.trueup("plan")
    assert f"net: {'safe mode' if with_safe_mode else 'safe mode over SSH'}" in plan.out


def test_what_no_drill_has_seen_is_not_relied_on(made):
    said = made.trueup("plan")
    older = tuple(map(int, made.lab["edge"].spec.version.split("."))) < (7, 18)
    assert f"net: {'inverse script' if older else 'safe mode'}" in said.out


@pytest.mark.parametrize("made", ["7.16", "7.24.5"], indirect=True)
def test_a_net_that_fails_is_told_and_not_relied_on(made):
    made.lab["edge"].faults.add(
        "trap", "/system/scheduler/add", times=99, message="failure: not allowed by device-mode"
    )
    said = made.trueup("drill", "edge")
    assert said.code == 1
    assert "inverse script                       fails" in said.out
    assert "not allowed by device-mode" in said.out


@pytest.mark.parametrize("made", ["7.16", "7.24.5"], indirect=True)
def test_an_apply_under_what_the_drill_has_seen(made):
    assert made.trueup("drill", "edge").code == 0
    said = made.trueup("apply")
    assert said.code == 0, said.all
    assert made.lab["edge"].rows("/system/identity")[0]["name"] == "before"
    assert made.trueup("plan").code == 0


@pytest.mark.parametrize("made", ["7.24.5"], indirect=True)
def test_what_waits_to_be_confirmed_leaves_no_guard(made):
    assert made.trueup("drill", "edge").code == 0
    assert made.trueup("apply", "--confirm-within", "10m").code == 0
    names = [row["name"] for row in made.lab["edge"].rows("/system/scheduler")]
    assert len(names) == 1
    assert names[0].startswith("trueup-undo-")


@pytest.mark.parametrize("made", ["7.24.5"], indirect=True)
def test_an_unroll_takes_nothing_of_our_own_for_somebody_elses(made):
    assert made.trueup("drill", "edge").code == 0
    made.declare("edge", ROWS | {"/ip/pool": [{"name": "new", "ranges": "10.0.3.2-10.0.3.9"}]})
    made.commit()
    made.lab["edge"].faults.add("trap", "/ip/pool/add")
    said = made.trueup("apply")
    assert said.code == 1
    assert "all of it was taken back" in said.out
    assert "undone with it" not in said.out
