"""What a plan says about itself, through the command line: guards, preflight, and whom it disturbs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fleet_room import PASSWORD, Room, room, spec

from trueup.lab import User

POOL, LISTS, FILTER = "/ip/pool", "/ip/firewall/address-list", "/ip/firewall/filter"
ACTIVE = {"/ip/hotspot/active": [{"server": "lobby", "user": f"guest-{n}", "dynamic": "yes"} for n in range(41)]}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, spec("edge-1"), spec("edge-2")) as made:
        yield made


def pools(count: int) -> dict[str, Any]:
    return {POOL: [{"name": f"pool-{n}", "ranges": f"10.0.{n}.2-10.0.{n}.9"} for n in range(count)]}


def applied(made: Room, rows: dict[str, Any], *names: str, **body: Any) -> None:
    declare(made, rows, *names, **body)
    assert made.trueup("apply").code == 0


def declare(made: Room, rows: dict[str, Any], *names: str, **body: Any) -> None:
    for name in names or ("edge-1",):
        made.declare(name, rows, **body)
    made.commit()


def changed(made: Room, name: str = "edge-1") -> list[list[str]]:
    """What was sent to the router's pools, beside what its net needs."""
    return [words for words in made.wrote(name) if words[0].startswith(POOL)]


def hashes(text: str) -> list[str]:
    return re.findall(r"--accept ([0-9a-f]{12})", text)


def test_a_mass_removal_is_refused_until_its_hash_is_named(made):
    applied(made, pools(10))
    declare(made, pools(3))
    shown = made.trueup("plan")
    assert "needs --accept: /ip/pool: removes 7 of 10 rows" in shown.out
    (hash,) = hashes(shown.out)
    before = len(changed(made))
    for words in ((), ("--yes",), ("--accept", "0123456789ab")):
        refused = made.trueup("apply", *words)
        assert refused.code == 1
        assert hashes(refused.err) == [hash]
    assert len(changed(made)) == before
    assert made.trueup("apply", "--accept", hash).code == 0
    assert made.trueup("plan").code == 0


def test_a_hash_is_of_one_plan_alone(made):
    applied(made, pools(10))
    declare(made, pools(3))
    (hash,) = hashes(made.trueup("plan").out)
    assert hashes(made.trueup("plan").out) == [hash]
    declare(made, pools(2))
    refused = made.trueup("apply", "--accept", hash)
    assert refused.code == 1
    assert hashes(refused.err) != [hash]


def test_the_runs_hash_stands_for_all_of_its_routers_and_each_routers_for_its_own(made):
    applied(made, pools(10), "edge-1", "edge-2")
    declare(made, pools(3), "edge-1", "edge-2")
    (whole,) = hashes(made.trueup("plan").out)
    first, second = hashes(made.trueup("apply").err)
    assert len({whole, first, second}) == 3
    assert made.trueup("apply", "--accept", first).code == 1
    assert {words[0] for words in changed(made)} == {f"{POOL}/add"}
    assert made.trueup("apply", "--accept", first, "--accept", second).code == 0
    applied(made, pools(10), "edge-1", "edge-2")
    declare(made, pools(3), "edge-1", "edge-2")
    (whole,) = hashes(made.trueup("plan").out)
    assert made.trueup("apply", "--accept", whole).code == 0


def test_the_networks_own_limits_hold(made):
    made.write("trueup.yaml", {"network": "net", "guards": {"remove-share": "70%"}})
    applied(made, pools(10))
    declare(made, pools(3))
    assert hashes(made.trueup("plan").out) == []
    assert made.trueup("apply").code == 0
    made.write("trueup.yaml", {"network": "net", "guards": {"remove-rows": 1}})
    declare(made, pools(1))
    assert "removes 2 of 3 rows" in made.trueup("plan").out


def test_a_scope_is_asked_about_at_its_first_pruning_and_not_again(made):
    router = made.lab["edge-1"].router
    scope = {LISTS: [{"scope": {"list": "managers"}, "unmanaged": "remove", "rows": [{"address": "10.0.0.1"}]}]}

    def stranger(address: str) -> None:
        router.execute([f"{LISTS}/add", "=list=managers", f"=address={address}"])

    stranger("192.0.2.66")
    declare(made, scope)
    shown = made.trueup("plan")
    assert "removes 1 row that was never declared, for the first time here" in shown.out
    assert made.trueup("apply", "--accept", *hashes(shown.out)).code == 0
    stranger("192.0.2.67")
    assert hashes(made.trueup("plan").out) == []
    assert made.trueup("apply").code == 0


def test_nothing_declared_any_more_is_asked_about(made):
    applied(made, pools(1))
    declare(made, {})
    shown = made.trueup("plan")
    assert "nothing is declared any more, though 1 row was ours" in shown.out
    assert made.trueup("apply").code == 1
    assert made.trueup("apply", "--accept", *hashes(shown.out)).code == 0


def test_a_saved_plan_is_agreed_to_by_the_same_hash(made, tmp_path):
    applied(made, pools(10))
    declare(made, pools(3))
    file = tmp_path / "plan.json"
    (plan,) = json.loads(made.trueup("plan", "--json", "--out", str(file)).out)["plans"]
    assert [guard["kind"] for guard in plan["risks"]["guards"]] == ["removes"]
    (hash,) = hashes(made.trueup("apply", str(file)).err)
    assert made.trueup("apply", str(file), "--accept", hash).code == 0


def test_protected_rows_stay_whatever_is_agreed_to(made):
    rows = pools(6)
    rows[POOL][0]["protect"] = True
    applied(made, rows)
    declare(made, {})
    shown = made.trueup("plan")
    assert "pool-0 is protected and stays" in shown.out
    assert made.trueup("apply", "--accept", *hashes(shown.out)).code == 0
    assert [row["name"] for row in made.lab["edge-1"].rows(POOL)] == ["pool-0"]


def test_sessions_behind_a_plan_are_counted_and_nobody_is_named(tmp_path):
    with room(tmp_path, spec("edge-1", seed=ACTIVE)) as made:
        declare(made, {"/ip/hotspot/user/profile": [{"name": "daily", "shared-users": 1}]})
        said = made.trueup("plan")
        assert "nothing blinks - 41 hotspot sessions stay" in said.out
        assert "guest-7" not in said.all
        (counted,) = [words for words in made.lab["edge-1"].log if words[0] == "/ip/hotspot/active/print"]
        assert "=count-only=" in counted


def test_a_port_that_blinks_is_named_with_whom_it_may_cost(tmp_path):
    seed = ACTIVE | {"/ip/hotspot": [{"name": "lobby", "interface": "ether2", "disabled": "no"}]}
    with room(tmp_path, spec("edge-1", seed=seed)) as made:
        declare(made, {"/interface/ethernet": [{"default-name": "ether2", "advertise": "100M-baseT-full"}]})
        assert "ether2 blinks - up to 41 hotspot sessions drop" in made.trueup("plan").out
        (plan,) = json.loads(made.trueup("plan", "--json").out)["plans"]
        assert plan["risks"]["disruption"]["worst"] == "interface"


def test_safe_mode_of_somebody_else_is_no_time_to_write(made):
    declare(made, pools(1))
    router = made.lab["edge-1"].router
    router.execute(["/safe-mode/take"])
    refused = made.trueup("apply")
    assert refused.code == 1
    assert "safe mode is held by" in refused.err
    assert changed(made) == []
    router.execute(["/safe-mode/release"])
    assert made.trueup("apply").code == 0


def test_a_change_that_waits_to_be_confirmed_is_not_built_upon(made):
    declare(made, pools(1))
    row = {"name": "trueup-undo-1a2b3c", "interval": "10m", "on-event": ":nothing"}
    made.lab["edge-1"].router.execute(["/system/scheduler/add", *(f"={name}={value}" for name, value in row.items())])
    refused = made.trueup("apply")
    assert refused.code == 1
    assert "waiting to be confirmed" in refused.err


def test_a_user_who_may_not_write_is_told_before_anything_is_sent(tmp_path):
    seed = {"/user/group": [{"name": "looker", "policy": "read,api,test,!write"}]}
    with room(tmp_path, spec("edge-1", seed=seed, users=(User("eyes", PASSWORD, "looker"),))) as made:
        declare(made, pools(1), connect={"username": "eyes"})
        refused = made.trueup("apply")
        assert refused.code == 1
        assert "the user eyes lacks the policy write" in refused.err
        assert "/user/group looker" in refused.err
        assert changed(made) == []


def test_what_device_mode_forbids_is_refused_before_the_router_has_to(tmp_path):
    with room(tmp_path, spec("edge-1", device_mode={"mode": "home"})) as made:
        declare(made, {"/ip/hotspot": [{"name": "lobby", "interface": "ether2"}]})
        refused = made.trueup("apply")
        assert refused.code == 1
        assert "/ip/hotspot: device-mode home does not allow hotspot" in refused.err
        declare(made, {"/ip/hotspot": [{"name": "lobby", "interface": "ether2", "disabled": True}]})
        assert "does not allow hotspot" not in made.trueup("plan").out


def test_an_empty_plan_asks_the_router_nothing_more(made):
    applied(made, pools(1))
    before = len(made.lab["edge-1"].log)
    assert made.trueup("plan").code == 0
    sent = [words[0] for words in list(made.lab["edge-1"].log)[before:]]
    assert not {"/system/device-mode/print", "/safe-mode/print", "/user/group/print"} & set(sent)
