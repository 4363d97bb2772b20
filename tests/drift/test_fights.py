"""Drift that comes back after every revert is called a fight, and nothing else is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.daemon.fights import REVERTS, WINDOW, Fights, gone, resumed, reverted, seen, sides, signatures, window
from trueup.daemon.fights_document import fights_from_document, fights_to_document
from trueup.errors import AuditError, Source
from trueup.plan import Add, Change, Existing, Move, PersonalValue, Plan, Remove, Set
from trueup_schemas.catalogue import catalogue

START = datetime(2026, 11, 28, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FILTER, USERS = "/ip/firewall/filter", "/ip/hotspot/user"
KNOWN = catalogue("7.24")
RULE = {"action": "drop", "chain": "input"}


def digest(text: str) -> str:
    return f"d({hash(text) & 0xFFFFFFFF:08x})"


def plan(*changes: Change) -> Plan:
    return Plan("edge-1", "10.0.0.1", "7.24", "SN1", "c0ffee", (changes,), "f")


def edited(*names: str, source: Source | None = None) -> Set:
    values = dict.fromkeys(names, "yes")
    return Set(FILTER, Existing("*4", "d"), values, dict.fromkeys(names, "no"), RULE, source)


def signed(*changes: Change) -> frozenset[str]:
    return next(iter(signatures(plan(*changes), KNOWN, digest).values()))


def rounds(signature: frozenset[str], count: int, every: timedelta = 3 * MINUTE) -> Fights:
    """What is remembered after so many times seen and reverted."""
    fights = Fights()
    for number in range(count):
        fights = seen(fights, FILTER, signature, START + number * every, author="anna", ours="a.yaml:3", commit="c1")
        assert fights.fighting(FILTER) is None
        fights = reverted(fights, FILTER, signature, START + number * every)
    return fights


def test_the_fourth_time_is_a_fight_with_both_sides():
    signature = signed(edited("disabled"))
    fights = rounds(signature, REVERTS)
    fights = seen(fights, FILTER, signature, START + 9 * MINUTE, author="unknown", ours="a.yaml:3 at c1", commit="c1")
    found = fights.fighting(FILTER)
    assert found is not None
    assert (found.menu, found.theirs, found.ours, found.times, found.since) == (
        FILTER,
        "anna",
        "a.yaml:3 at c1",
        3,
        START,
    )
    assert fights.all == (found,)
    assert fights.fighting(USERS) is None


def test_what_comes_back_slower_than_the_window_is_no_fight():
    signature = signed(edited("disabled"))
    fights = rounds(signature, 12, every=WINDOW / 2 + MINUTE)
    assert seen(fights, FILTER, signature, START + 12 * (WINDOW / 2 + MINUTE)).all == ()


def test_slow_rounds_have_a_longer_window():
    signature, interval = signed(edited("disabled")), timedelta(hours=2)
    fights = Fights()
    for number in range(REVERTS + 1):
        fights = seen(fights, FILTER, signature, START + number * interval, within=window(7200))
        fights = reverted(fights, FILTER, signature, START + number * interval, within=window(7200))
    assert fights.fighting(FILTER) is not None
    assert window(180) == WINDOW


def test_other_drift_of_the_same_menu_is_no_part_of_it():
    one, other = signed(edited("disabled")), signed(edited("log"))
    fights = rounds(one, REVERTS)
    assert seen(fights, FILTER, other, START + 9 * MINUTE).all == ()
    assert len(seen(fights, FILTER, one | other, START + 9 * MINUTE).all) == 1


def test_a_fight_outlasts_its_window_and_ends_by_a_commit_without_the_drift_or_by_somebody():
    signature = signed(edited("disabled"))
    fights = seen(rounds(signature, REVERTS), FILTER, signature, START + 9 * MINUTE, commit="c1")
    later = START + 3 * WINDOW
    assert seen(fights, FILTER, signature, later, commit="c2").fighting(FILTER) is not None
    assert gone(fights, {FILTER}, later, commit="c2").fighting(FILTER) is not None
    assert gone(fights, (), later, commit="c1").fighting(FILTER) is not None
    assert gone(fights, (), later, commit="c2").empty
    assert resumed(fights).empty
    assert resumed(fights, FILTER).empty
    assert resumed(fights, USERS) == fights


def test_what_was_reverted_long_ago_is_forgotten():
    fights = rounds(signed(edited("disabled")), 2)
    assert not gone(fights, (), START + WINDOW / 2).empty
    assert gone(fights, (), START + 2 * WINDOW).empty


def test_a_clock_that_is_set_back_makes_no_revert_count_for_ever():
    signature = signed(edited("disabled"))
    fights = rounds(signature, 2)
    before = START - timedelta(days=1)
    fights = gone(fights, {FILTER}, before)
    assert gone(fights, {FILTER}, before + 2 * WINDOW).empty


def test_signatures_tell_rows_and_properties_apart_and_never_values():
    other = Set(FILTER, Existing("*9", "d"), {"disabled": "maybe"}, {}, {"action": "accept"}, None)
    assert signed(edited("disabled")) != signed(other)
    assert signed(edited("disabled")) < signed(edited("disabled", "log"))
    again = Set(FILTER, Existing("*7", "e"), {"disabled": "something else"}, {}, RULE)
    assert signed(edited("disabled")) == signed(again)


def test_strangers_in_a_menu_without_a_key_are_one_drift_whatever_they_say():
    removes = [
        Remove(FILTER, Existing(f"*{n}", "d"), {"chain": "input", "src-address": f"10.0.0.{n}"}, "") for n in (1, 2)
    ]
    assert signed(removes[0]) == signed(removes[1])
    users = [Remove(USERS, Existing(f"*{n}", "d"), {"name": f"guest-{n}"}, "") for n in (1, 2)]
    assert signed(users[0]) != signed(users[1])
    assert signed(Add(USERS, {"name": "guest-1"}, {"name": "guest-1"})) == signed(users[0])


def test_signatures_are_of_digests_where_rows_are_named_by_personal_data():
    told: list[str] = []
    row = {"name": PersonalValue("digest-of-anna", "anna")}
    found = signatures(plan(Add(USERS, row, row)), KNOWN, lambda text: told.append(text) or "d")
    assert found == {USERS: {"d"}}
    assert "digest-of-anna" in told[0]
    assert '"anna"' not in told[0]


def test_moves_are_drift_of_the_rows_that_moved():
    move = Move(FILTER, (Existing("*1", "d"), Existing("*2", "d")), (RULE, {"action": "log"}))
    assert len(signed(move)) == 2


def test_our_side_is_named_by_place_and_commit():
    drift = plan(Remove(USERS, Existing("*1", "d"), {"name": "x"}, ""), edited("log", source=Source("s/a.yaml", 7, 2)))
    assert sides(drift, FILTER, "0123456789abcdef") == "s/a.yaml:7 at 0123456789ab"
    assert sides(drift, USERS, "0123456789abcdef") == "0123456789ab"
    assert sides(drift, USERS, "") == "what is declared"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["seen", "reverted", "gone"]),
            st.sampled_from([FILTER, USERS]),
            st.frozensets(st.sampled_from("abc")),
            st.integers(-30, 90),
        ),
        max_size=40,
    )
)
def test_whatever_happens_json_holds_it_and_a_fight_has_its_reverts(
    steps: list[tuple[str, str, frozenset[str], int]],
) -> None:
    fights, now = Fights(), START
    made: dict[tuple[str, str], list[datetime]] = {}
    for what, menu, signature, minutes in steps:
        now += minutes * MINUTE
        before = fights.fighting(menu)
        if what == "seen":
            fights = seen(fights, menu, signature, now, author="anna", commit="c1")
        elif what == "reverted":
            fights = reverted(fights, menu, signature, now)
            for each in signature:
                made.setdefault((menu, each), []).append(now)
        else:
            fights = gone(fights, {menu}, now, commit="c1")
        assert fights_from_document(json.loads(json.dumps(fights_to_document(fights)))) == fights
        if before is None and fights.fighting(menu) is not None:
            assert what == "seen"
            assert any(len(made.get((menu, each), ())) >= REVERTS for each in signature)
        if before is not None:
            assert fights.fighting(menu) is not None


@pytest.mark.parametrize(
    "damaged", [{"menus": []}, {"menus": {"/a": {}}}, {"menus": {"/a": {"reverts": {"a": ["x"]}}}}]
)
def test_a_damaged_document_is_told(damaged: dict[str, object]):
    with pytest.raises(AuditError, match=r"fights.json is damaged .*restore it"):
        fights_from_document(damaged)
    assert fights_from_document(None).empty
