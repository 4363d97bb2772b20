"""Snapshots: a router's configuration as text for git, without secrets and people, and good enough to plan on."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from case_story import Case, Story, make_spec
from hypothesis import given
from hypothesis import strategies as st

from trueup.diff import Keys
from trueup.errors import AuditError
from trueup.fleet import snapshot as module
from trueup.fleet.router import RouterRun
from trueup.fleet.snapshot import changed, snapshot_mark, snapshot_to_document, snapshot_to_live, texts_of
from trueup.fleet.snapshot_row import HIDDEN, PERSONAL, SECRET, Stand, parsed, quoted, row_line
from trueup.lab import serve
from trueup.row import Desired, Facts, Live, Row, Secret, Table
from trueup_schemas.catalogue import catalogue

KNOWN = catalogue("7.24")
TAKEN = datetime(2026, 11, 28, 14, 0, tzinfo=UTC)
FACTS = Facts("7.24", "CHR", "CHR", "SN1", 3600, TAKEN, "10.20.0.1")
FILTER, USER, RADIUS, SCRIPT = "/ip/firewall/filter", "/ip/hotspot/user", "/radius", "/system/script"
SECRETS = ("canary-secret-5b1e", "canary-script-77aa", "ann.canary@example.org")


def digest(text: str) -> str:
    return hmac.new(b"0123456789abcdef", text.encode(errors="surrogateescape"), hashlib.sha256).hexdigest()


KEYS = Keys(lambda ref: Secret(ref.name), str, digest)


def live(tables: dict[str, list[Row]], facts: Facts = FACTS) -> Live:
    return Live(facts, {path: Table(path, tuple(rows)) for path, rows in tables.items()})


def example() -> Live:
    return live(
        {
            FILTER: [
                Row({"chain": "input", "action": "accept", "log": "no"}, id="*3"),
                Row({"chain": "input", "action": "passthrough"}, id="*9", fixed="dynamic"),
                Row({"chain": "input", "action": "drop", "comment": "by hand"}, id="*2"),
            ],
            USER: [Row({"name": SECRETS[2], "password": Secret("canary-secret-5b1e"), "server": "all"}, id="*7")],
            RADIUS: [Row({"address": "10.0.0.5", "secret": Secret("****")}, id="*1")],
            SCRIPT: [Row({"name": "backup", "source": "/user set x password=canary-script-77aa"}, id="*1")],
            "/system/identity": [Row({"name": "edge-1"})],
        }
    )


def menus(document: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = document["menus"]
    return found


def test_each_row_is_a_line_and_order_is_kept_where_it_counts():
    document = snapshot_to_document(example(), KNOWN, KEYS)
    assert menus(document)[FILTER] == [
        "chain=input action=accept .id=*3",
        'chain=input action=drop comment="by hand" .id=*2',
    ]
    assert menus(document)["/system/identity"] == ["name=edge-1"]
    assert (document["version"], document["serial"]) == ("7.24", "SN1")
    text = json.dumps(document, indent=1)
    assert len(text.splitlines()) < 30


def test_neither_secrets_nor_people_nor_scripts_are_in_it_and_their_changes_are_noticed():
    one = snapshot_to_document(example(), KNOWN, KEYS)
    assert not [each for each in SECRETS if each in json.dumps(one)]
    assert "secret=(secret)" in menus(one)[RADIUS][0], "a masked secret has no digest"
    for path, name, value in (
        (USER, "password", Secret("another")),
        (USER, "name", "bo@example.org"),
        (SCRIPT, "source", "/user set x password=other"),
    ):
        made = example()
        [row] = made.tables[path].rows
        tables = {**made.tables, path: Table(path, (replace(row, values={**row.values, name: value}),))}
        assert changed(one, snapshot_to_document(replace(made, tables=tables), KNOWN, KEYS)), name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/snmp/community", "name"),
        ("/system/ntp/server", "auth-key"),
        ("/ppp/profile", "on-up"),
        ("/tool/netwatch", "down-script"),
        ("/ip/dhcp-server", "lease-script"),
    ],
)
def test_what_may_hold_a_password_is_hidden_though_nothing_marks_it(path, name):
    text = "canary-not-marked-1c"
    document = snapshot_to_document(live({path: [Row({name: text}, id="*1")]}), KNOWN, KEYS)
    assert text not in json.dumps(document)
    assert f"{name}=(hidden " in menus(document)[path][0]


def test_what_only_a_restart_or_the_clock_changes_is_no_change():
    one = snapshot_to_document(example(), KNOWN, KEYS)
    made = example()
    rows = {
        path: Table(path, tuple(replace(row, id=f"*A{row.id[1:]}" if row.id else "") for row in table))
        for path, table in made.tables.items()
    }
    later = replace(FACTS, uptime=5, read_at=TAKEN + timedelta(hours=9), host="10.20.0.2")
    assert not changed(one, snapshot_to_document(Live(later, rows), KNOWN, KEYS))
    assert snapshot_mark(Live(later, rows)) == snapshot_mark(made)
    upgraded = Live(replace(FACTS, version="7.25"), rows)
    assert changed(one, snapshot_to_document(upgraded, KNOWN, KEYS))
    assert snapshot_mark(upgraded) != snapshot_mark(made)
    assert changed(None, one)


def test_the_order_in_which_a_router_tells_rows_counts_only_where_order_does():
    made = example()
    pool = [Row({"name": name, "ranges": "10.0.0.1"}, id=f"*{n}") for n, name in enumerate("ba", 1)]
    there, back = (live({"/ip/pool": rows}) for rows in (pool, pool[::-1]))
    assert not changed(snapshot_to_document(there, KNOWN, KEYS), snapshot_to_document(back, KNOWN, KEYS))
    turned = {**made.tables, FILTER: Table(FILTER, made.tables[FILTER].rows[::-1])}
    assert changed(snapshot_to_document(made, KNOWN, KEYS), snapshot_to_document(Live(FACTS, turned), KNOWN, KEYS))
    assert snapshot_mark(Live(FACTS, turned)) != snapshot_mark(made)


def test_the_mark_notices_what_a_snapshot_would():
    made = example()
    for path, name, value in ((USER, "password", Secret("other")), (FILTER, "comment", "x"), (USER, "disabled", "yes")):
        row = made.tables[path].rows[-1]
        rows = (*made.tables[path].rows[:-1], replace(row, values={**row.values, name: value}))
        assert snapshot_mark(replace(made, tables={**made.tables, path: Table(path, rows)})) != snapshot_mark(made)
    gone = {**made.tables, FILTER: Table(FILTER, (made.tables[FILTER].rows[0], made.tables[FILTER].rows[2]))}
    assert snapshot_mark(replace(made, tables=gone)) == snapshot_mark(made), "a dynamic row is not the snapshot's"


def test_read_back_it_is_the_router_without_what_was_not_kept():
    made = example()
    document = json.loads(json.dumps(snapshot_to_document(made, KNOWN, KEYS)))
    desired = Desired("edge-1", {USER: Table(USER, (Row({"name": SECRETS[2]}),))})
    found = snapshot_to_live(document, KNOWN, texts_of([desired], KNOWN, KEYS))
    assert found.facts == replace(FACTS, host="")
    first, second = found.tables[FILTER]
    assert (first.values["action"], first.values["log"], first.id) == ("accept", "no", "*3")
    assert second.values["comment"] == "by hand"
    [user] = found.tables[USER]
    assert user.values["name"] == SECRETS[2], "what is declared is known again"
    password = user.values["password"]
    assert isinstance(password, Secret)
    assert password.masked
    [script] = found.tables[SCRIPT]
    assert str(script.values["source"]).startswith("(hidden ")
    [stranger] = snapshot_to_live(document, KNOWN).tables[USER]
    assert str(stranger.values["name"]).startswith("(personal ")


def test_a_menu_of_very_many_rows_is_told_by_its_number_and_a_digest(monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 10)
    rows = [Row({"list": "blocked", "address": f"192.0.2.{n}"}, id=f"*{n}") for n in range(1, 12)]
    path = "/ip/firewall/address-list"
    one = snapshot_to_document(live({path: rows, FILTER: []}), KNOWN, KEYS)
    assert list(menus(one)) == [FILTER]
    assert one["too-long"][path]["rows"] == 11
    other = snapshot_to_document(live({path: [*rows[:-1], replace(rows[-1], values={"list": "x"})]}), KNOWN, KEYS)
    assert one["too-long"][path]["digest"] != other["too-long"][path]["digest"]
    assert path not in snapshot_to_live(one, KNOWN).tables
    monkeypatch.setattr(module, "MOST_ROWS", 100)
    monkeypatch.setattr(module, "MOST_TEXT", 100)
    assert list(snapshot_to_document(live({path: rows}), KNOWN, KEYS)["too-long"]) == [path]


@pytest.mark.parametrize(
    "change",
    [
        {"format-version": "2.0"},
        {"format-version": None},
        {"taken": "soon"},
        {"booted": 7},
        {"menus": []},
        {"menus": {FILTER: ["chain"]}},
        {"menus": {FILTER: ["chain=input ="]}},
        {"menus": {FILTER: ['chain="inp']}},
        {"menus": {FILTER: [7]}},
        {"menus": {FILTER: ["chain=input  action=drop"]}},
    ],
)
def test_a_document_that_is_no_snapshot_is_refused(change):
    document = {**snapshot_to_document(example(), KNOWN, KEYS), **change}
    with pytest.raises(AuditError, match="no snapshot that this trueup reads"):
        snapshot_to_live(document, KNOWN)


def test_a_menu_that_this_version_does_not_know_is_left_out():
    document = snapshot_to_document(example(), KNOWN, KEYS)
    document["menus"]["/ip/never"] = ["name=x"]
    assert "/ip/never" not in snapshot_to_live(document, KNOWN).tables


TEXT = st.text(st.characters(exclude_categories=()), max_size=30)


@given(
    st.lists(st.one_of(TEXT, st.sampled_from(["(secret ab)", "=", '"', "\\", "a b", "", " ", "\udcff"])), max_size=4)
)
def test_any_values_come_back_from_a_line(values):
    line = " ".join(f"p{n}={quoted(value)}" for n, value in enumerate(values))
    assert parsed(line) == ("", {f"p{n}": value for n, value in enumerate(values)})
    assert "\n" not in line


@given(TEXT, TEXT, st.sampled_from(["", "builtin", "default"]))
def test_any_row_comes_back_from_its_line(comment, name, fixed):
    menu = KNOWN.menu("/ip/pool")
    row = Row({"name": name, "comment": comment, "ranges": "10.0.0.1"}, id="*A", fixed=fixed)
    flag, values = parsed(row_line(menu, row, KEYS))
    assert flag == fixed
    expected = {"name": name, "comment": comment, "ranges": "10.0.0.1", ".id": "*A"}
    assert {"comment": "", **values} == expected


def test_what_stands_for_a_value_comes_back_as_that():
    menu = KNOWN.menu(USER)
    row = Row({"name": "ann", "password": Secret("x"), "comment": "(secret 12)"}, id="*1")
    _, values = parsed(row_line(menu, row, KEYS))
    kinds = {name: each.kind for name, each in values.items() if isinstance(each, Stand)}
    assert kinds == {"name": PERSONAL, "password": SECRET, "comment": PERSONAL}
    pool = Row({"name": "(hidden 12)"}, id="*1")
    assert parsed(row_line(KNOWN.menu("/ip/pool"), pool, KEYS))[1]["name"] == "(hidden 12)"
    assert Stand(HIDDEN, "ab") != "(hidden ab)"


CASES = (
    "bulk-hotspot-users",
    "default-rows-stay",
    "duplicates",
    "edited-and-moved-by-hand",
    "edited-by-hand-then-restarted",
    "nothing-declared-any-more",
    "protected-subscriber",
    "secret-masked",
    "subscriber-renamed",
    "twin-of-a-removed-rule",
    "wireguard-peer",
)


@pytest.fixture
def through_snapshots(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Where it holds a True, routers are planned from a snapshot of what was read, and not from that itself."""
    desired: list[Desired] = []
    switch: list[bool] = []
    plan = RouterRun._plan

    async def from_snapshot(self: RouterRun) -> None:
        desired.append(self.compiled.desired)
        if switch:
            document = json.loads(json.dumps(snapshot_to_document(self.live, self.catalogue, self.keys)))
            texts = texts_of(desired, self.catalogue, self.keys)
            self.live = replace(snapshot_to_live(document, self.catalogue, texts))
            self.live = replace(self.live, facts=replace(self.live.facts, host="127.0.0.1"))
        await plan(self)

    monkeypatch.setattr(RouterRun, "_plan", from_snapshot)
    return switch


@pytest.mark.parametrize("name", CASES)
def test_a_plan_from_a_snapshot_is_the_plan_from_the_router(name: str, tmp_path: Path, through_snapshots) -> None:
    case = Case.read(name)
    with serve([make_spec(case)], tmp_path) as lab:
        story = Story(case, tmp_path, lab)
        if "before" in case.data:
            story.declare("before")
            story.run(write=True)
        for step in case.data.get("then", ()):
            story.happen(step)
        story.declare("declared")
        through_snapshots.append(True)
        assert story.run(write=False).text == case.data["plan"]
        through_snapshots.clear()
        story.run(write=True)
        through_snapshots.append(True)
        after = story.run(write=False).plan
        assert after is not None
        assert after.empty
