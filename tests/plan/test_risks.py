"""What a plan says of itself: as JSON and back, as a hash, and in a few words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from trueup.audit.personal import clean_plan
from trueup.errors import Source
from trueup.plan import Add, Existing, Plan, Remove, Set
from trueup.plan.digest import plan_hash, run_hash
from trueup.plan.document import plan_from_document, plan_to_document
from trueup.plan.risk import Blink, Check, Cut, Disruption, Guard, Lockout, Sessions
from trueup.plan.told import disruption_told
from trueup.show import Show

PLACE = Source("harbour/edge-1.yaml", 7, 3)
ADD = Add("/ip/pool", {"name": "guests", "ranges": "10.0.0.2-10.0.0.9"}, {"name": "guests"}, source=PLACE)
SET = Set("/radius", Existing("*1", "a1"), {"timeout": "1s"}, {"timeout": "300ms"}, {"name": "billing"}, PLACE)
GONE = Remove("/ip/hotspot/user", Existing("*2", "b2"), {"name": "guest-1"}, "was ours, no longer declared")
DISRUPTION = Disruption(
    (
        Blink("interface", "ether2", "/interface/ethernet", (1,), "a port negotiates anew"),
        Blink("unknown", "/interface/wifi", "/interface/wifi", (0, 2)),
    ),
    (Sessions("PPP session", 12, "drop", exact=False), Sessions("hotspot session", 1, "stay")),
)
PLAN = Plan(
    router="edge-1",
    host="10.0.0.1",
    version="7.24",
    serial="HE1",
    commit="c0ffee",
    stages=((ADD, SET), (GONE,)),
    lockout=Lockout((Cut("may be cut", 1, "/ip/firewall/filter", "drop takes the connection", PLACE),)),
    disruption=DISRUPTION,
    guards=(Guard("removes", "removes 60 of 100 rows", "/ip/hotspot/user", PLACE),),
    checks=(Check("refuse", "the user lacks the policy write", "give it to the group"),),
)


def test_risks_survive_json() -> None:
    document = json.loads(json.dumps(plan_to_document(PLAN)))
    assert document["risks"]["disruption"]["worst"] == "interface"
    assert plan_from_document(document) == PLAN


def test_a_plan_of_the_older_format_is_read_and_claims_nothing() -> None:
    document = plan_to_document(PLAN) | {"format-version": "1.0", "risks": {"lockout": None}}
    older = plan_from_document(document)
    assert (older.disruption, older.guards, older.checks) == (None, (), ())
    assert plan_from_document({k: v for k, v in document.items() if k != "risks"}).stages == PLAN.stages


def test_the_hash_names_what_is_done_and_nothing_else() -> None:
    moved = replace(PLAN, stages=((replace(ADD, source=None), replace(SET, sources={"timeout": PLACE})), (GONE,)))
    same = replace(moved, host="10.0.0.2", commit="", disruption=None, guards=(), checks=(), fingerprint="f")
    assert plan_hash(same) == plan_hash(PLAN)
    assert plan_hash(plan_from_document(plan_to_document(PLAN))) == plan_hash(PLAN)
    assert len(plan_hash(PLAN)) == 12


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAN, router="edge-2"),
        replace(PLAN, serial="HE2"),
        replace(PLAN, version="7.24.1"),
        replace(PLAN, stages=((ADD,), (SET,), (GONE,))),
        replace(PLAN, stages=((ADD, replace(SET, values={"timeout": "2s"})), (GONE,))),
        replace(PLAN, stages=((ADD, SET), (replace(GONE, target=Existing("*3", "b2")),))),
    ],
)
def test_another_plan_has_another_hash(other: Plan) -> None:
    assert plan_hash(other) != plan_hash(PLAN)


def test_a_runs_hash_is_a_single_plans_own_and_does_not_hang_on_the_order() -> None:
    other, idle = replace(PLAN, router="edge-2"), replace(PLAN, router="edge-3", stages=())
    assert run_hash([PLAN, idle]) == plan_hash(PLAN)
    assert run_hash([PLAN, other]) == run_hash([other, idle, PLAN])
    assert run_hash([PLAN, other]) not in (plan_hash(PLAN), plan_hash(other))


@pytest.mark.parametrize(
    ("disruption", "told"),
    [
        (Disruption(), ["nothing blinks"]),
        (Disruption(sessions=(Sessions("hotspot session", 0, "stay"),)), ["nothing blinks"]),
        (
            Disruption(sessions=(Sessions("hotspot session", 41, "stay"),)),
            ["nothing blinks", "41 hotspot sessions stay"],
        ),
        (Disruption((Blink("unknown", "wlan", "/m"),)), ["wlan: not known", "nothing else blinks"]),
        (
            Disruption((Blink("interface", "ether2", "/m"),), (Sessions("PPP session", 12, "drop", exact=False),)),
            ["ether2 blinks", "up to 12 PPP sessions drop"],
        ),
        (
            Disruption((Blink("session", "hotspot lobby", "/m"),), (Sessions("hotspot session", 1, "drop"),)),
            ["hotspot lobby blinks", "1 hotspot session drops"],
        ),
        (
            Disruption(
                tuple(Blink("interface", f"ether{n}", "/m") for n in range(1, 8)), (Sessions("PPP session", 0, "drop"),)
            ),
            ["ether1, ether2, ether3, ether4 and 3 more blink", "no sessions"],
        ),
        (Disruption((Blink("reboot", "the router", "/m"),)), ["the router reboots"]),
    ],
)
def test_a_disruption_in_a_few_words(disruption: Disruption, told: list[str]) -> None:
    assert disruption_told(disruption) == told


def test_the_plan_shows_what_it_may_break_and_how_to_agree() -> None:
    lines = [line.text for line in Show().plans([PLAN])]
    assert "cannot be applied: the user lacks the policy write; give it to the group" in lines
    assert "needs --accept: /ip/hotspot/user: removes 60 of 100 rows" in lines
    assert "/interface/wifi: not known - ether2 blinks - up to 12 PPP sessions drop - 1 hotspot session stays" in lines
    assert lines[-1] == f"Needs --accept {plan_hash(PLAN)}"


def test_routers_alike_but_for_their_sessions_are_shown_once_with_the_sum() -> None:
    kept = replace(PLAN, lockout=Lockout(), guards=(), checks=())
    few, many = (
        replace(kept, router=f"edge-{n}", disruption=Disruption(sessions=(Sessions("hotspot session", n, "stay"),)))
        for n in (2, 3)
    )
    first = replace(kept, disruption=Disruption(sessions=(Sessions("hotspot session", 41, "stay"),)))
    lines = [line.text for line in Show().plans([first, few, many])]
    assert "manager's path kept - nothing blinks - 41 hotspot sessions stay" in lines
    # A router's name is in the header alone, so that the other two say the same.
    assert "edge-2, edge-3: the same as edge-1 - 5 hotspot sessions stay" in lines


def test_personal_texts_are_kept_out_of_every_risk() -> None:
    named = replace(
        PLAN,
        lockout=None,
        disruption=Disruption((Blink("session", "anna", "/m", (0,), "anna"),)),
        guards=(Guard("removes", "anna"),),
        checks=(Check("warn", "anna", ""),),
    )
    assert "anna" not in json.dumps(plan_to_document(clean_plan(named, lambda text: text.replace("anna", "?"))))
