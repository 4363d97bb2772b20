"""What stands in a plan's way: each case is what the router told, what the plan does, and what must be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trueup.plan import Add, Existing, Plan, Remove, Set
from trueup.plan.change import Change
from trueup.plan.risk import Check
from trueup.risk import Found, checks, schedules
from trueup.risk.bugs import BUGS, bugs
from trueup.risk.found import SafeMode
from trueup.row import Facts, Live, Row, Secret, Table
from trueup_schemas.catalogue import catalogue

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
KNOWN = catalogue("7.24")
FACTS = Facts("7.24.5", "CHR", "CHR", "serial", 60, NOW)
FULL = frozenset({"read", "write", "policy", "test", "sensitive", "api"})
WELL = Found(user="trueup", group="robots", policies=FULL, free=64 << 20, clock=NOW, history=3)
HOME = {"mode": "home"}


def plan(*changes: Change, version: str = "7.24.5") -> Plan:
    return Plan("edge-1", "", version, "", "", (changes or (new("/ip/pool", name="guests"),),))


def new(menu: str, **row: str) -> Add:
    return Add(menu, {name.replace("_", "-"): value for name, value in row.items()}, row)


def put(menu: str, **values: str) -> Set:
    return Set(menu, Existing("*1", ""), {name.replace("_", "-"): value for name, value in values.items()}, {}, {})


def live(**rows: list[Row]) -> Live:
    return Live(FACTS, {f"/ip/{name}": Table(f"/ip/{name}", tuple(table)) for name, table in rows.items()})


def said(found: Found, made: Plan | None = None, there: Live | None = None) -> list[Check]:
    return list(checks(found, made or plan(), there or live(), KNOWN, NOW, {"/ip/pool": {"*1", "*2"}}))


def test_nothing_is_said_of_a_router_that_is_well_or_that_tells_nothing() -> None:
    assert said(WELL) == []
    assert said(Found(user="trueup")) == []


@pytest.mark.parametrize(
    ("found", "made", "level", "fragment"),
    [
        (replace(WELL, policies=FULL - {"write"}), plan(), "refuse", "the user trueup lacks the policy write"),
        (replace(WELL, policies=FULL - {"policy"}), plan(new("/user", name="x")), "refuse", "lacks the policy policy"),
        (
            replace(WELL, policies=FULL - {"test"}),
            plan(new("/system/script", name="x", policy="read,test")),
            "warn",
            "lacks policies that a row is to have: test",
        ),
        (replace(WELL, device_mode=HOME), plan(new("/ip/hotspot", name="h")), "refuse", "home does not allow hotspot"),
        (
            replace(WELL, device_mode=HOME),
            plan(new("/system/scheduler", name="h")),
            "refuse",
            "does not allow scheduler",
        ),
        (
            replace(WELL, device_mode={"mode": "advanced", "hotspot": "no"}),
            plan(new("/ip/hotspot", name="h")),
            "refuse",
            "advanced does not allow hotspot",
        ),
        (replace(WELL, device_mode=HOME), plan(put("/tool/romon", enabled="yes")), "refuse", "does not allow romon"),
        (replace(WELL, device_mode={"mode": "advanced", "flagged": "yes"}), plan(), "warn", "the router is flagged"),
        (replace(WELL, free=100 << 10), plan(), "warn", "100 KiB of storage are free"),
        (replace(WELL, free=0), plan(), "refuse", "0 KiB of storage are free, so that it may forget"),
        (replace(WELL, clock=NOW - timedelta(seconds=61)), plan(), "warn", "the clock is 61 seconds off the manager's"),
        (replace(WELL, clock=NOW + timedelta(hours=3)), plan(), "warn", "the clock is 3 hours off"),
        (replace(WELL, clock=datetime(1970, 1, 2, tzinfo=UTC)), plan(), "warn", "never set (1970-01-02)"),
        (replace(WELL, safe_mode=SafeMode("anna", "console", own=False)), plan(), "refuse", "held by anna (console)"),
        (replace(WELL, safe_mode=SafeMode("", "", own=False)), plan(), "refuse", "held by somebody"),
        (replace(WELL, schedulers=("trueup-undo-1a2b",)), plan(), "refuse", "waiting to be confirmed"),
    ],
)
def test_each_thing_in_the_way_is_said_with_a_remedy(found: Found, made: Plan, level: str, fragment: str) -> None:
    (check,) = [each for each in said(found, made) if "start is left" not in each.text]
    assert check.level == level
    assert fragment in check.text
    assert check.remedy


@pytest.mark.parametrize(
    ("found", "made"),
    [
        (replace(WELL, policies=FULL - {"policy"}), plan()),
        (replace(WELL, policies=FULL - {"test"}), plan(new("/system/script", name="x", policy="read"))),
        (replace(WELL, policies=FULL - {"sensitive"}), plan()),
        (replace(WELL, device_mode=HOME), plan(Remove("/ip/hotspot", Existing("*1", ""), {}, ""))),
        (replace(WELL, device_mode=HOME), plan(new("/ip/hotspot", name="h", disabled="yes"))),
        (replace(WELL, device_mode=HOME), plan(put("/ip/hotspot", disabled="yes"))),
        (replace(WELL, device_mode=HOME | {"hotspot": "yes"}), plan(new("/ip/hotspot", name="h"))),
        (replace(WELL, device_mode={"mode": "advanced", "flagging-enabled": "no"}), plan(new("/ip/hotspot", name="h"))),
        (replace(WELL, clock=NOW - timedelta(seconds=59)), plan()),
        (replace(WELL, safe_mode=SafeMode("trueup", "api", own=True)), plan()),
        (replace(WELL, schedulers=("trueup-guard-1a2b", "trueup-backup")), plan()),
    ],
)
def test_what_is_not_in_the_way_is_not_said(found: Found, made: Plan) -> None:
    assert said(found, made) == []


def test_secrets_that_read_masked_are_told_where_there_are_some() -> None:
    few = replace(WELL, policies=FULL - {"sensitive"})
    masked = live(hotspot=[Row({"password": Secret("****")}, id="*1")])
    (check,) = said(few, there=masked)
    assert (check.level, "secrets read as asterisks" in check.text) == ("warn", True)
    assert said(few, there=live(hotspot=[Row({"password": Secret("known")}, id="*1")])) == []


def test_rows_that_are_invalid_are_told_where_they_are_declared_and_stay() -> None:
    guests, staff = Row({"name": "guests"}, id="*1", invalid=True), Row({"name": "staff"}, id="*2")
    there = live(pool=[guests, staff, Row({"name": "old"}, id="*3", invalid=True)])
    (check,) = said(WELL, there=there)
    assert (check.level, check.menu, check.text) == ("warn", "/ip/pool", "row guests is invalid on the router")
    assert said(WELL, plan(Remove("/ip/pool", Existing("*1", ""), {}, "")), there) == []
    (check,) = said(WELL, there=live(pool=[guests, replace(staff, invalid=True)]))
    assert check.text == "rows guests, staff are invalid on the router"


def test_personal_names_are_told_by_their_ids() -> None:
    rows = (Row({"name": "anna"}, id="*9", invalid=True),)
    users = Live(FACTS, {"/ip/hotspot/user": Table("/ip/hotspot/user", rows)})
    (check,) = checks(WELL, plan(), users, KNOWN, NOW, {"/ip/hotspot/user": {"*9"}})
    assert check.text == "row *9 is invalid on the router"


@pytest.mark.parametrize(
    ("version", "change", "met"),
    [
        ("7.24.4", new("/system/scheduler", name="x"), True),
        ("7.24.5", new("/system/scheduler", name="x"), False),
        ("7.23.7", new("/system/scheduler", name="x"), False),
        ("7.24", new("/system/scheduler", name="x", start_date="2026-01-01", start_time="00:00:00"), False),
        ("7.24", new("/system/scheduler", name="x", start_time="00:00:00"), True),
        ("7.24 (stable)", put("/system/scheduler", interval="1h"), False),
        ("7.24.1", put("/interface/bridge", dhcp_snooping="yes"), True),
        ("7.24.1", put("/interface/bridge", dhcp_snooping="no"), False),
        ("7.20.5", new("/interface/pppoe-server/server", service_name="isp"), True),
        ("7.20.6", new("/interface/pppoe-server/server", service_name="isp"), False),
        ("7.17.1", put("/ip/hotspot/profile", html_directory="hotspot"), True),
        ("7.17.1", put("/ip/hotspot/profile", login_by="cookie"), False),
        ("7.17.1", Remove("/ip/hotspot/profile", Existing("*1", ""), {}, ""), False),
        ("7.17", new("/ip/dhcp-server", name="x", interface="ether1"), True),
        ("7.17.1", new("/ip/dhcp-server", name="x", interface="ether1"), False),
        ("", new("/ip/dhcp-server", name="x", interface="ether1"), False),
    ],
)
def test_a_versions_faults_are_told_where_a_plan_meets_them(version: str, change: Change, met: bool) -> None:
    assert bool(list(bugs(plan(change, version=version)))) == met


def test_every_fault_says_where_it_is_told_of_and_what_helps() -> None:
    assert all(bug.source and bug.remedy and bug.menu in KNOWN for bug in BUGS)
    assert all({*bug.names, *bug.missing} <= KNOWN.menu(bug.menu).properties.keys() for bug in BUGS)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (WELL, ""),
        (Found(user="trueup"), ""),
        (replace(WELL, device_mode=HOME), "device-mode home does not allow the scheduler"),
        (replace(WELL, policies=FULL - {"test", "policy"}), "the user trueup lacks the policies policy, test"),
    ],
)
def test_whether_a_script_may_be_put_on_the_scheduler(found: Found, why: str) -> None:
    assert schedules(found, "7.24.5") == why
