"""Drift has the author that the router's own history names, and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.device import Target, Tls, connect
from trueup.diff.history import Action, Author, authors_of
from trueup.fleet.author import authors
from trueup.lab import Spec, serve
from trueup.lab.server import VirtualRouter
from trueup.plan import Add, Change, Existing, Move, PersonalValue, Plan, Remove, Set
from trueup.row import Secret

FILTER, USERS, BRIDGE, IDENTITY = "/ip/firewall/filter", "/ip/hotspot/user", "/interface/bridge", "/system/identity"
PASSWORD = "canary-api-password-7f3a"
SECRET = "canary-guest-password-19c2"
RULE = {"action": "drop", "chain": "input"}
ANNA = Author("anna", "2026-11-28 13:05:09")


def plan(*changes: Change) -> Plan:
    return Plan("edge-1", "127.0.0.1", "7.24", "SN1", "c0ffee", (changes,), "f")


def done(redo: str, undo: str = "", by: str = "anna", said: str = "", when: str = ANNA.when) -> Action:
    return Action(by, when, said, redo, undo)


def set_(menu: str, id: str, *names: str, row: dict[str, object] | None = None) -> Set:
    target = Existing(id, "d") if id else None
    return Set(menu, target, dict.fromkeys(names, "x"), dict.fromkeys(names), row or RULE)


@pytest.mark.parametrize(
    ("change", "action"),
    [
        # The form of MikroTik's documentation (Configuration Management), also with a continued line.
        (
            Remove(FILTER, Existing("*4", "d"), RULE, ""),
            done("/ip firewall filter add action=accept", "/ip firewall filter remove *4"),
        ),
        (
            Remove(FILTER, Existing("*4", "d"), RULE, ""),
            done(
                '\n      /ip firewall filter add action=accept \\\n          log-prefix=""',
                "/ip firewall filter remove *4",
            ),
        ),
        (
            set_(FILTER, "*4", "disabled"),
            done("/ip firewall filter set *4 disabled=yes", "/ip firewall filter set *4 disabled=no"),
        ),
        (set_(FILTER, "*4", "disabled"), done("/ip/firewall/filter/disable *4", "/ip/firewall/filter/enable *4")),
        (
            set_(FILTER, "*4", "comment"),
            done("/ip firewall filter set *4 !comment", '/ip firewall filter set *4 comment="a = b"'),
        ),
        (
            set_(BRIDGE, "*A", "disabled", row={"name": "lan"}),
            done("/interface set lan disabled=yes", "/interface set lan disabled=no"),
        ),
        (set_(IDENTITY, "", "name", row={}), done("/system identity set name=a", "/system identity set name=b")),
        (
            Add(FILTER, RULE, RULE),
            done("/ip firewall filter remove *7", "/ip firewall filter add action=drop chain=input log=no"),
        ),
        (
            Add(USERS, {}, {"name": PersonalValue("d", "bea")}),
            done("/ip hotspot user remove *7", '/ip hotspot user add name=bea password="x"'),
        ),
        (
            Move(FILTER, (Existing("*2", "d"),), (RULE,)),
            done("/ip firewall filter move *2 destination=*1", "/ip firewall filter move *2"),
        ),
        # Where there are no commands to look at, the words of the action have to do.
        (Add(FILTER, RULE, RULE), done("", said="filter rule removed")),
        (set_(FILTER, "*4", "log"), done("", said="filter rule changed")),
        (Remove("/ip/route", Existing("*1", "d"), {}, ""), done("", said="route 0.0.0.0/0 added")),
        (set_(BRIDGE, "*A", "mtu"), done("", said="device changed")),
        (Remove("/ip/address", Existing("*1", "d"), {}, ""), done("", said="address added")),
    ],
)
def test_the_action_that_made_a_change_needed_is_found(change: Change, action: Action):
    found = authors_of(plan(change), [action], "trueup")
    assert found.of(change.menu) == ANNA
    assert found.changes == {0: ANNA}


@pytest.mark.parametrize(
    ("change", "action"),
    [
        (
            set_(FILTER, "*4", "disabled"),
            done("/ip firewall filter set *9 disabled=yes", "/ip firewall filter set *9 disabled=no"),
        ),
        (set_(FILTER, "*4", "disabled"), done("/ip firewall nat set *4 disabled=yes")),
        (set_("/ip/hotspot", "*4", "disabled"), done("/ip hotspot user set *4 disabled=yes")),
        (set_(FILTER, "*4", "disabled"), done("/ip firewall filter remove *4")),
        (
            Add(FILTER, RULE, RULE),
            done("/ip firewall filter remove *7", "/ip firewall filter add action=accept chain=input"),
        ),
        (Add(USERS, {}, {"name": "bea"}), done("/ip hotspot user remove carl", "/ip hotspot user add name=carl")),
        (
            Remove(FILTER, Existing("*4", "d"), RULE, ""),
            done("/ip firewall filter add chain=input", "/ip firewall filter remove *5"),
        ),
        (Add(FILTER, RULE, RULE), done("", said="filter rule added")),
        (Add(FILTER, RULE, RULE), done("", said="nat rule removed")),
        (Add(FILTER, RULE, RULE), done("", said="---")),
        (set_(FILTER, "*4", "disabled"), done("/ip firewall filter set *4 disabled=yes", by="trueup")),
        (set_(FILTER, "*4", "disabled"), done("/ip firewall filter set *4 disabled=yes", by="")),
    ],
)
def test_what_others_did_elsewhere_and_what_we_did_is_nobodys_drift(change: Change, action: Action):
    found = authors_of(plan(change), [action], "trueup")
    assert found.of(change.menu) == Author("unknown", "")
    assert found.changes == {}


def test_the_newest_action_on_the_very_property_counts_for_most():
    history = [
        done("/ip firewall filter set *4 comment=z", by="carl"),
        done("/ip firewall filter set *4 disabled=yes"),
        done("/ip firewall filter set *4 disabled=no", by="bea"),
    ]
    assert authors_of(plan(set_(FILTER, "*4", "disabled")), history, "trueup").of(FILTER) == ANNA


def test_nobody_is_blamed_for_what_we_have_put_right_since():
    history = [
        done("/ip firewall filter set *4 disabled=no", by="trueup"),
        done("/ip firewall filter set *4 disabled=yes"),
    ]
    assert not authors_of(plan(set_(FILTER, "*4", "disabled")), history, "trueup").of(FILTER).known
    assert authors_of(plan(set_(FILTER, "*4", "log", "disabled")), history[1:], "trueup").of(FILTER) == ANNA
    other = [done("/ip firewall filter set *9 disabled=no", by="trueup"), history[1]]
    assert authors_of(plan(set_(FILTER, "*4", "disabled")), other, "trueup").of(FILTER) == ANNA


def test_a_menu_has_the_author_of_its_last_change_and_each_change_its_own():
    history = [
        done("/ip firewall filter set *4 disabled=yes", by="carl", when="nov/28/2026 13:00:00"),
        done("/ip firewall filter set *5 disabled=yes"),
    ]
    changes = (
        set_(FILTER, "*5", "disabled"),
        set_(FILTER, "*4", "disabled"),
        set_(FILTER, "*6", "disabled"),
        set_(IDENTITY, "", "name"),
    )
    found = authors_of(plan(*changes), history, "trueup")
    assert found.menus == {FILTER: Author("carl", "nov/28/2026 13:00:00"), IDENTITY: Author()}
    assert {number: author.by for number, author in found.changes.items()} == {0: "anna", 1: "carl"}


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200), st.text(max_size=60))
def test_whatever_a_router_says_is_shown_on_one_short_line(redo: str, undo: str, by: str, when: str):
    action = done(f"/ip firewall filter set *4 disabled=yes {redo}", undo, by=by, when=when)
    found = authors_of(plan(set_(FILTER, "*4", "disabled")), [action], "trueup").of(FILTER)
    assert found.by.isprintable()
    assert 0 < len(found.by) <= 64
    assert found.when == "" or (found.when.isprintable() and len(found.when) <= 40)


def look(change: Callable[[VirtualRouter], Plan], **spec: object) -> tuple[dict[str, Author], VirtualRouter]:
    """The authors by menu of the plan that `change` makes, having changed the router, by the router's own history."""
    given = {"name": "edge-1", "username": "trueup", "password": PASSWORD, **spec}
    with serve([Spec(**given)]) as lab:
        served = lab["edge-1"]
        made = change(served)

        async def ask() -> dict[str, Author]:
            target = Target("edge-1", ("127.0.0.1",), "trueup", Secret(PASSWORD), served.port, Tls("off"), timeout=5.0)
            async with connect(target) as session:
                return dict((await authors(session, made, "trueup")).menus)

        return asyncio.run(asyncio.wait_for(ask(), 20)), served


def edits(served: VirtualRouter) -> Plan:
    """Rows that were changed, removed, added and moved by different people, and the plan that undoes it."""
    ids = [
        served.done_by("trueup", f"{FILTER}/add", "=chain=input", f"=src-address=10.0.0.{n}")[0][1] for n in range(3)
    ]
    one = ids[0].removeprefix("=ret=")
    served.done_by("trueup", f"{USERS}/add", "=name=guest", f"=password={SECRET}")
    served.done_by("trueup", f"{BRIDGE}/add", "=name=lan")
    served.done_by("anna", f"{FILTER}/set", f"=.id={one}", "=disabled=yes")
    served.done_by("bea", f"{USERS}/remove", "=.id=guest")
    served.done_by("carl", "/ip/pool/add", "=name=theirs", "=ranges=10.0.0.1")
    served.done_by("dora", f"{BRIDGE}/disable", "=.id=lan")
    served.done_by("emil", "/ip/firewall/nat/add", "=chain=srcnat", "=action=masquerade")
    pool = served.rows("/ip/pool")[-1][".id"]
    bridge = served.rows(BRIDGE)[-1][".id"]
    return plan(
        set_(FILTER, one, "disabled"),
        Add(USERS, {}, {"name": PersonalValue("d", "guest")}),
        Remove("/ip/pool", Existing(pool, "d"), {"name": "theirs"}, ""),
        set_(BRIDGE, bridge, "disabled", row={"name": "lan"}),
        set_(IDENTITY, "", "name", row={}),
    )


@pytest.mark.parametrize("version", ["7.24", "7.9.2", "6.49"])
def test_a_virtual_router_names_who_did_what(version: str):
    found, _ = look(edits, version=version)
    assert {menu: author.by for menu, author in found.items()} == {
        FILTER: "anna",
        USERS: "bea",
        "/ip/pool": "carl",
        BRIDGE: "dora",
        IDENTITY: "unknown",
    }
    year = found[FILTER].when[:4] if version == "7.24" else found[FILTER].when[7:11]
    assert year.isdecimal()
    assert SECRET not in repr(found)


def test_moved_rows_have_the_author_of_the_move():
    def moved(served: VirtualRouter) -> Plan:
        ids = [served.done_by("trueup", f"{FILTER}/add", "=chain=input")[0][1].removeprefix("=ret=") for _ in range(3)]
        served.done_by("anna", f"{FILTER}/move", f"=numbers={ids[2]}", f"=destination={ids[0]}")
        return plan(Move(FILTER, (Existing(ids[2], "d"),), (RULE,)))

    assert look(moved)[0][FILTER].by == "anna"


def test_after_a_hundred_more_actions_and_after_a_restart_the_author_is_unknown():
    def buried(served: VirtualRouter) -> Plan:
        made = edits(served)
        for number in range(100):
            served.done_by("emil", f"{IDENTITY}/set", f"=name=r{number}")
        return made

    def restarted(served: VirtualRouter) -> Plan:
        made = edits(served)
        served.restart()
        return made

    assert look(buried)[0][FILTER] == Author()
    assert {author.by for author in look(restarted)[0].values()} == {"unknown"}


def test_what_was_undone_at_the_router_blames_nobody():
    def undone(served: VirtualRouter) -> Plan:
        made = edits(served)
        for _ in range(5):
            served.done_by("anna", "/undo")
        return made

    assert look(undone)[0][FILTER] == Author()


def test_no_question_is_asked_where_nothing_differs():
    found, served = look(lambda served: plan())
    assert found == {}
    assert not any(words[0].startswith("/system/history") for words in served.log)
