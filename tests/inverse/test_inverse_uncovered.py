"""What the script leaves as it is, it says; and what comes back without its secret does not come back in force."""

from __future__ import annotations

from typing import Any

import pytest
from bench import NAME, Bench

from trueup.errors import PlanError
from trueup.inverse import Uncovered, undo
from trueup.plan import Existing, Plan, Remove
from trueup_schemas.secret import SecretRef

CANARIES = {"one": "canary-secret-one", "two": "canary-secret-two"}
ONE, TWO = SecretRef("one"), SecretRef("two")


def undone(before: dict[str, Any], after: dict[str, Any]) -> tuple[Bench, list[str], tuple[Uncovered, ...]]:
    """A router that went from one declaration to another and back; what the log says, what stays."""
    bench = Bench(secrets=dict(CANARIES))
    bench.apply(before)
    plan, live = bench.plan(after)
    found = bench.undo(plan, live)
    assert not [value for value in CANARIES.values() if value in found.script]
    bench.carry_out(plan)
    return bench, bench.fire(found.script), found.uncovered


def reasons(uncovered: tuple[Uncovered, ...]) -> list[str]:
    return [each.reason for each in uncovered]


def test_a_changed_secret_stays_and_the_rest_of_the_change_goes_back():
    row = {"name": "u", "password": ONE, "profile": "default"}
    bench, _, left = undone({"/ppp/secret": [row]}, {"/ppp/secret": [{**row, "password": TWO, "comment": "new"}]})
    [found] = bench.router.rows("/ppp/secret")
    assert (found.get("comment", ""), found["password"]) == ("", CANARIES["two"])
    assert reasons(left) == ["password is secret, and the script holds none"]


def test_a_secret_that_was_not_there_is_taken_away():
    row = {"name": "t", "remote-address": "10.0.0.9"}
    bench, _, left = undone({"/interface/gre": [row]}, {"/interface/gre": [{**row, "ipsec-secret": ONE}]})
    assert bench.router.rows("/interface/gre")[0].get("ipsec-secret", "") == ""
    assert left == ()


def test_a_removed_account_comes_back_disabled_and_without_its_password():
    row = {"name": "u", "password": ONE, "comment": "kept"}
    bench, said, left = undone({"/ppp/secret": [row]}, {"/ppp/secret": []})
    [found] = bench.router.rows("/ppp/secret")
    assert (found["name"], found["comment"], found["disabled"]) == ("u", "kept", "true")
    assert found.get("password", "") == ""
    assert said[-1] == "trueup: undone"
    assert reasons(left) == ["the row comes back disabled: password is secret, and the script holds none"]


def test_a_row_that_demands_its_secret_does_not_come_back():
    user = {"name": "u", "password": ONE, "group": "read"}
    bench, said, left = undone({"/user": [user]}, {"/user": []})
    assert "u" not in {row["name"] for row in bench.router.rows("/user")}
    assert reasons(left) == ["the row cannot come back: password is secret, and the script holds none"]
    assert said[-1] == "trueup: undone"


def test_what_refers_to_a_row_that_cannot_come_back_is_not_in_force_without_it():
    profile = {"name": "p", "mode": "dynamic-keys", "wpa2-pre-shared-key": ONE}
    radio = {"name": "virtual", "master-interface": "wlan1", "security-profile": "p"}
    before = {"/interface/wireless/security-profiles": [profile], "/interface/wireless": [radio]}
    bench, _, left = undone(before, {"/interface/wireless/security-profiles": [], "/interface/wireless": []})
    found = next(row for row in bench.router.rows("/interface/wireless") if row["name"] == "virtual")
    assert found["disabled"] == "true"
    assert any(each.startswith("the row cannot come back: wpa2-pre-shared-key") for each in reasons(left))
    assert "the row comes back disabled: security-profile refers to a row that cannot come back" in reasons(left)


def test_strangers_that_name_a_removed_row_are_told_of():
    seed = {"/ppp/profile": [{"name": "theirs", "remote-address": "gone"}]}
    pool = {"name": "gone", "ranges": "10.0.0.2-10.0.0.9"}
    bench = Bench(seed={"/ip/pool": [pool], **seed})
    bench.apply({"/ip/pool": [pool]})
    plan, _ = bench.plan({"/ip/pool": []})
    live = bench.live(["/ip/pool", "/ppp/profile"])
    left = bench.undo(plan, live).uncovered
    assert reasons(left) == ["remote-address of a row in /ppp/profile refers to it, and will not find it again"]


def test_a_row_that_was_not_read_cannot_come_back():
    bench = Bench()
    remove = Remove("/ip/pool", Existing("*7", "digest"), {"name": "p"}, "was ours")
    plan = Plan("r", "h", "7.24", "SN1", "c", ((remove,),))
    found = undo(plan, bench.live(["/ip/pool"]), bench.known, NAME)
    assert reasons(found.uncovered) == ["the row is not in what was read, so that it cannot come back"]


@pytest.mark.parametrize("id", ["*1; /system reboot", "1", '"', "*", ""])
def test_what_is_no_id_never_gets_into_a_script(id: str):
    bench = Bench()
    bench.apply({"/ip/pool": [{"name": "p", "ranges": "10.0.0.1"}]})
    plan, live = bench.plan({"/ip/pool": [{"name": "p", "ranges": "10.0.0.2"}]})
    change = plan.changes[0]
    odd = type(change)(change.menu, Existing(id, ""), change.values, change.old, change.row)
    with pytest.raises(PlanError, match="no row's id"):
        undo(Plan("r", "h", "7.24", "SN1", "c", ((odd,),)), live, bench.known, NAME)


def test_no_reason_holds_a_value_of_a_row():
    row = {"name": "personal-name", "password": ONE, "comment": "personal-comment", "caller-id": "02:00:00:00:00:07"}
    _, _, left = undone({"/ppp/secret": [row]}, {"/ppp/secret": []})
    assert not [each for each in reasons(left) if "personal" in each or "02:00" in each]
