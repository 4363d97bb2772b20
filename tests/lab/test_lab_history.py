"""Every change of a row is an action that can be undone and done again, by whoever may change it."""

from __future__ import annotations

from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.lab import Router, Spec
from trueup.lab.call import Reply
from trueup.lab.history import KEPT

FILTER = "/ip/firewall/filter"


@pytest.fixture
def hub() -> Router:
    ticks = count()
    return Router(Spec("hub"), clock=lambda: 1_790_000_000.0 + next(ticks))


def rule(hub: Router, comment: str) -> str:
    reply = hub.execute([f"{FILTER}/add", "=chain=input", "=action=accept", f"=comment={comment}"])
    return reply[0][1].removeprefix("=ret=")


def run(hub: Router, *words: str) -> None:
    assert hub.execute(list(words)) == [["!done"]]


def order(hub: Router) -> str:
    return "".join(row["comment"] for row in hub.rows(FILTER))


def actions(hub: Router) -> list[str]:
    return [row["action"] for row in hub.rows("/system/history")][:-1]


def state(hub: Router) -> dict[str, list[dict[str, str]]]:
    """All that the menus of these tests hold, without ids."""
    menus = (FILTER, "/ip/address", "/ip/route", "/interface/bridge", "/interface/bridge/port", "/ip/hotspot")
    return {path: [{**row, ".id": ""} for row in hub.rows(path)] for path in (*menus, "/system/identity")}


def test_an_added_row_goes_and_returns_under_a_new_id(hub: Router) -> None:
    first = rule(hub, "a")
    run(hub, "/undo")
    assert order(hub) == ""
    run(hub, "/redo")
    assert order(hub) == "a"
    assert hub.rows(FILTER)[0][".id"] != first


def test_a_removed_row_returns_to_its_place(hub: Router) -> None:
    ids = [rule(hub, name) for name in "abcd"]
    run(hub, f"{FILTER}/remove", f"=.id={ids[1]},{ids[2]}")
    run(hub, "/undo")
    run(hub, "/undo")
    assert order(hub) == "abcd"
    run(hub, "/redo")
    run(hub, "/redo")
    assert order(hub) == "ad"


def test_moved_rows_go_back(hub: Router) -> None:
    ids = [rule(hub, name) for name in "abcde"]
    run(hub, f"{FILTER}/move", f"=numbers={ids[4]},{ids[1]}", f"=destination={ids[0]}")
    assert order(hub) == "ebacd"
    run(hub, "/undo")
    run(hub, "/undo")
    assert order(hub) == "abcde"
    run(hub, "/redo")
    run(hub, "/redo")
    assert order(hub) == "ebacd"


def test_changed_values_come_back_and_those_that_were_not_there_go(hub: Router) -> None:
    id = rule(hub, "a")
    before = state(hub)
    run(hub, f"{FILTER}/set", f"=.id={id}", "=comment=b", "=src-address=10.0.0.1")
    after = state(hub)
    run(hub, "/undo")
    assert state(hub) == before
    run(hub, "/redo")
    assert state(hub) == after


def test_a_rename_that_is_undone_is_followed_like_a_rename(hub: Router) -> None:
    hub.execute(["/interface/bridge/add", "=name=lan"])
    hub.execute(["/interface/bridge/port/add", "=bridge=lan", "=interface=ether1"])
    run(hub, "/interface/bridge/set", "=numbers=lan", "=name=guests")
    assert hub.rows("/interface/bridge/port")[0]["bridge"] == "guests"
    run(hub, "/undo")
    assert hub.rows("/interface/bridge/port")[0]["bridge"] == "lan"


def test_a_row_that_returns_is_not_found_by_those_that_named_it(hub: Router) -> None:
    hub.execute(["/ip/pool/add", "=name=guests", "=ranges=10.0.0.2-10.0.0.9"])
    hub.execute(["/ip/dhcp-server/add", "=name=d", "=interface=ether1", "=address-pool=guests"])
    run(hub, "/ip/pool/remove", "=numbers=guests")
    run(hub, "/undo")
    assert hub.rows("/ip/pool")[0]["name"] == "guests"
    assert hub.rows("/ip/dhcp-server")[0]["address-pool"].startswith("*")


def test_rows_that_follow_from_others_are_derived_again(hub: Router) -> None:
    before = state(hub)
    hub.execute(["/ip/address/add", "=address=10.0.0.1/24", "=interface=ether1"])
    hub.execute(["/ip/hotspot/add", "=name=h", "=interface=ether1", "=disabled=no"])
    after = state(hub)
    assert len(after["/ip/route"]) == 1
    assert after[FILTER]
    run(hub, "/undo")
    run(hub, "/undo")
    assert state(hub) == before
    run(hub, "/redo")
    run(hub, "/redo")
    assert state(hub) == after


def test_every_way_to_write_makes_an_action_for_each_row(hub: Router) -> None:
    ids = [rule(hub, name) for name in "ab"]
    both = f"=.id={','.join(ids)}"
    for command in ("disable", "enable"):
        run(hub, f"{FILTER}/{command}", both)
    run(hub, f"{FILTER}/comment", f"=.id={ids[0]}", "=comment=c")
    run(hub, f"{FILTER}/unset", f"=.id={ids[0]}", "=value-name=comment")
    run(hub, f"{FILTER}/move", both)
    run(hub, f"{FILTER}/remove", both)
    told = ["removed"] * 2 + ["moved"] * 2 + ["changed"] * 6 + ["added"] * 2
    assert actions(hub) == [f"filter rule {each}" for each in told]


def test_what_is_refused_is_no_action(hub: Router) -> None:
    assert hub.execute([f"{FILTER}/add", "=chain=input", "=action=none"])[0][0] == "!trap"
    assert hub.execute([f"{FILTER}/remove", "=.id=*FFF"])[0][0] == "!trap"
    assert actions(hub) == []


def test_the_commands_of_the_history_say_what_undo_and_redo_do(hub: Router) -> None:
    ids = [rule(hub, name) for name in ("a", "b c")]
    run(hub, f"{FILTER}/move", f"=.id={ids[1]}", f"=destination={ids[0]}")
    run(hub, f"{FILTER}/set", f"=.id={ids[1]}", "=comment=", "=disabled=yes", "=log=no")
    run(hub, f"{FILTER}/remove", f"=.id={ids[1]}")
    told = [(row["undo"], row["redo"]) for row in hub.rows("/system/history")]
    text = "/ip firewall filter"
    again = f"{text} add action=accept chain=input disabled=yes log=no place-before={ids[0]}"
    assert told[0] == (again, f"{text} remove {ids[1]}")
    undo = f'{text} set {ids[1]} comment="b c" !disabled !log'
    assert told[1] == (undo, f"{text} set {ids[1]} !comment disabled=yes log=no")
    assert told[2] == (f"{text} move {ids[1]}", f"{text} move {ids[1]} destination={ids[0]}")


def test_secrets_are_asterisks_for_those_who_may_not_see_them(hub: Router) -> None:
    hub.execute(["/radius/add", "=address=10.0.0.1", "=service=ppp", "=secret=sesame"])

    def redo(*policies: str) -> str:
        reply: Reply = hub.execute(["/system/history/print", "=.proplist=redo"], frozenset({"read", *policies}))
        return reply[0][1]

    assert "sesame" not in redo()
    assert "secret=*****" in redo()
    assert "secret=sesame" in redo("sensitive")


def test_the_last_hundred_actions_are_kept(hub: Router) -> None:
    for number in range(KEPT + 20):
        run(hub, "/system/note/set", f"=note={number}")
    rows = hub.rows("/system/history")
    assert len(rows) == KEPT
    assert rows[-1]["undo"] == "/system note set note=19"
    for _ in range(KEPT):
        run(hub, "/undo")
    assert hub.rows("/system/note")[0]["note"] == "19"
    assert hub.execute(["/undo"])[0] == ["!trap", "=message=failure: nothing to undo"]


def test_a_new_action_ends_what_could_be_done_again(hub: Router) -> None:
    rule(hub, "a")
    run(hub, "/undo")
    assert [row["redoable"] for row in hub.rows("/system/history")] == ["true", "false"]
    rule(hub, "b")
    assert hub.execute(["/redo"])[0][0] == "!trap"
    assert order(hub) == "b"


def test_undo_takes_what_the_action_took(hub: Router) -> None:
    hub.execute(["/user/add", "=name=eve", "=group=read", "=password=e"])
    writer = frozenset({"read", "write"})
    assert hub.execute(["/undo"], writer) == [["!trap", "=message=not enough permissions (9)"], ["!done"]]
    assert hub.execute(["/undo"], writer | {"policy"}) == [["!done"]]


def test_a_restart_forgets_the_history_and_keeps_the_rows(hub: Router) -> None:
    rule(hub, "a")
    hub.restart()
    assert actions(hub) == []
    assert order(hub) == "a"


VERBS = st.sampled_from(("add", "set", "remove", "move", "undo", "redo"))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(VERBS, st.randoms()), max_size=40))
def test_an_unroll_leaves_the_router_as_it_was_found(steps: list[tuple[str, Random]]) -> None:
    hub = Router(Spec("hub"), clock=lambda: 1_790_000_000.0)
    for name in "abcd":
        rule(hub, name)
    hub.execute(["/ip/hotspot/add", "=name=h", "=interface=ether1", "=disabled=no"])
    hub.restart()
    before = state(hub)
    assert hub.execute(["/safe-mode/take"]) == [["!done"]]
    for verb, chance in steps:
        hub.execute(step(hub, verb, chance))
    assert hub.execute(["/safe-mode/unroll"]) == [["!done"]]
    assert state(hub) == before


def step(hub: Router, verb: str, chance: Random) -> list[str]:
    """One command on some of the rules; where there are none it is refused, which changes nothing."""
    if verb in ("undo", "redo"):
        return [f"/{verb}"]
    if verb == "add":
        return [f"{FILTER}/add", "=chain=input", "=action=drop", "=comment=new"]
    ids = [row[".id"] for row in hub.rows(FILTER) if row.get("dynamic") != "true"]
    some = f"=.id={','.join(chance.sample(ids, min(len(ids), chance.randint(1, 3))))}"
    more = {"set": [f"=comment={chance.random()}"], "move": [f"=destination={chance.choice([*ids, ''])}"]}
    return [f"{FILTER}/{verb}", some, *more.get(verb, [])]
