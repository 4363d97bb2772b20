"""What a plan disturbs, and whose sessions: each case is one change, what blinks with it, and what is counted."""

from __future__ import annotations

from typing import Any

import pytest

from trueup.plan import Add, Created, Existing, Move, Plan, Remove, Set
from trueup.plan.change import Change
from trueup.plan.risk import Disruption, Sessions
from trueup.plan.told import disruption_told
from trueup.risk import behind, classify, counting, disruption
from trueup.row import Row, Table, Tables

HOTSPOT, PPP, LEASE = "hotspot session", "PPP session", "DHCP lease"
ACTIVE, SESSIONS, LEASES = "/ip/hotspot/active", "/ppp/active", "/ip/dhcp-server/lease"


def plan(*changes: Change) -> Plan:
    return Plan("edge-1", "", "7.24", "", "", (changes,))


def change(menu: str, new: dict[str, str], **row: str) -> Set:
    return Set(menu, Existing("*1", ""), new, {}, row)


def gone(menu: str, **row: str) -> Remove:
    return Remove(menu, Existing("*1", ""), row, "")


def new(menu: str, **row: str) -> Add:
    return Add(menu, row, row)


def tables(**menus: list[dict[str, str]]) -> Tables:
    paths = {"ports": "/interface/bridge/port", "vlans": "/interface/vlan", "hotspots": "/ip/hotspot"}
    paths |= {"pppoe": "/interface/pppoe-server/server", "dhcp": "/ip/dhcp-server", "ethernet": "/interface/ethernet"}
    return {
        paths[name]: Table(paths[name], tuple(Row(row, id=row.get("id", "")) for row in rows))
        for name, rows in menus.items()
    }


WHOLE = tables(
    ports=[{"interface": "ether2", "bridge": "bridge-guest"}, {"interface": "ether3", "bridge": "bridge-office"}],
    vlans=[{"interface": "bridge-guest", "name": "vlan20"}],
    hotspots=[{"name": "lobby", "interface": "bridge-guest"}, {"name": "pool", "interface": "vlan20"}],
    pppoe=[{"service-name": "isp", "interface": "ether5"}],
    dhcp=[{"name": "guests", "interface": "bridge-guest"}, {"name": "staff", "interface": "bridge-office"}],
)


@pytest.mark.parametrize(
    ("made", "effect", "what"),
    [
        (change("/interface/bridge", {"vlan-filtering": "yes"}, name="bridge1"), "interface", "bridge1"),
        (change("/interface/bridge", {"mtu": "1600"}, name="bridge1"), "unknown", "bridge1 mtu"),
        (change("/interface/bridge", {"comment": "x"}, name="bridge1"), "none", None),
        (change("/interface/ethernet", {"disabled": "yes"}, name="ether2"), "interface", "ether2"),
        (change("/interface/ethernet", {"disabled": "no"}, name="ether2"), "none", None),
        (change("/interface/ethernet", {"l2mtu": "1598"}, **{"default-name": "ether2"}), "interface", "ether2"),
        (gone("/ip/hotspot", name="lobby"), "session", "hotspot lobby"),
        (new("/ip/hotspot", name="lobby", interface="ether2"), "session", "hotspot lobby"),
        (new("/ip/hotspot", name="lobby", interface="ether2", disabled="yes"), "none", None),
        (change("/ip/hotspot/profile", {"login-by": "cookie"}, name="hs"), "unknown", "hotspot profile hs login-by"),
        (change("/interface/l2tp-server/server", {"enabled": "no"}), "session", "L2TP server"),
        (change("/interface/l2tp-server/server", {"enabled": "yes"}), "none", None),
        (change("/interface/wireguard/peers", {"public-key": "k"}, interface="wg1"), "session", "a tunnel of wg1"),
        (gone("/ppp/secret", name="anna"), "none", None),
        (gone("/ip/route", **{"dst-address": "10.0.0.0/8"}), "unknown", "route 10.0.0.0/8"),
        (new("/ip/firewall/filter", chain="forward", action="drop"), "none", None),
        (Move("/ip/firewall/filter", (Existing("*1", ""),), ({},)), "none", None),
        (Move("/ip/hotspot/ip-binding", (Existing("*1", ""),), ({},)), "unknown", "/ip/hotspot/ip-binding"),
        (new("/iot/lora", name="x"), "unknown", "/iot/lora"),
    ],
)
def test_each_kind_of_change_has_its_effect_and_its_name(made: Any, effect: str, what: str | None) -> None:
    assert classify(made) == effect
    found = disruption(plan(made), {})
    assert found.worst == effect
    assert [blink.what for blink in found.blinks] == ([] if what is None else [what])
    assert all(blink.text for blink in found.blinks if blink.effect != "unknown")


def test_a_row_that_sleeps_disturbs_nothing_and_a_new_one_is_new_in_all_its_steps() -> None:
    live = tables(ethernet=[{"id": "*1", "name": "ether2", "disabled": "yes"}])
    made = plan(change("/interface/ethernet", {"speed": "100M-baseT-full"}, name="ether2"))
    assert disruption(made, live).worst == "none"
    assert disruption(made, {}).worst == "interface"
    steps = plan(
        new("/interface/bridge", name="b"), Set("/interface/bridge", Created(0), {"vlan-filtering": "yes"}, {}, {})
    )
    assert disruption(steps, {}).blinks == ()


def test_one_thing_disturbed_by_many_changes_is_told_once_with_all_of_them() -> None:
    made = [change("/interface/bridge", {name: "x"}, name="bridge1") for name in ("vlan-filtering", "protocol-mode")]
    (blink,) = disruption(plan(*made), {}).blinks
    assert (blink.what, blink.changes) == ("bridge1", (0, 1))


@pytest.mark.parametrize(
    ("made", "live", "asked"),
    [
        (gone("/ip/hotspot", name="lobby"), {}, {(ACTIVE, ("?server=lobby",))}),
        (gone("/ip/dhcp-server", name="guests"), {}, {(LEASES, ("?status=bound", "?server=guests"))}),
        (gone("/interface/pppoe-server/server", **{"service-name": "isp"}), WHOLE, {(SESSIONS, ("?service=pppoe",))}),
        (change("/interface/sstp-server/server", {"enabled": "no"}), {}, {(SESSIONS, ("?service=sstp",))}),
        (
            change("/interface/ethernet", {"disabled": "yes"}, name="ether2"),
            WHOLE,
            {(ACTIVE, ("?server=lobby",)), (ACTIVE, ("?server=pool",)), (LEASES, ("?status=bound", "?server=guests"))},
        ),
        (change("/interface/ethernet", {"disabled": "yes"}, name="ether5"), WHOLE, {(SESSIONS, ("?service=pppoe",))}),
        (change("/interface/ethernet", {"disabled": "yes"}, name="ether1"), WHOLE, set()),
        (
            change("/interface/ethernet", {"disabled": "yes"}, name="ether2"),
            {},
            {(ACTIVE, ()), (SESSIONS, ("?service=pppoe",)), (LEASES, ("?status=bound",))},
        ),
        (gone("/ip/hotspot/user", name="guest-1"), {}, {(ACTIVE, ())}),
        (change("/radius", {"timeout": "1s"}, name="billing"), {}, {(ACTIVE, ()), (SESSIONS, ())}),
        (new("/ip/firewall/filter", chain="input"), {}, set()),
    ],
)
def test_what_is_counted_is_what_hangs_on_it(made: Any, live: Tables, asked: set[Any]) -> None:
    assert set(counting(plan(made), live)) == asked


@pytest.mark.parametrize(
    ("made", "live", "counts", "told"),
    [
        (
            gone("/ip/hotspot/user", name="guest-1"),
            {},
            {(ACTIVE, ()): 41},
            ["nothing blinks", "41 hotspot sessions stay"],
        ),
        (
            change("/interface/ethernet", {"speed": "x"}, name="ether2"),
            {},
            {(SESSIONS, ("?service=pppoe",)): 12},
            ["ether2 blinks", "up to 12 PPP sessions drop"],
        ),
        (
            change("/interface/ethernet", {"speed": "x"}, name="ether2"),
            WHOLE,
            {
                (ACTIVE, ("?server=lobby",)): 3,
                (ACTIVE, ("?server=pool",)): 4,
                (LEASES, ("?status=bound", "?server=guests")): 9,
            },
            ["ether2 blinks", "up to 7 hotspot sessions drop", "up to 9 DHCP leases behind it"],
        ),
        (
            gone("/ip/hotspot", name="lobby"),
            {},
            {(ACTIVE, ("?server=lobby",)): 0},
            ["hotspot lobby blinks", "no sessions"],
        ),
        (
            change("/interface/wifi", {"mtu": "1400"}, name="wlan"),
            {},
            {},
            ["wlan mtu: not known", "nothing else blinks"],
        ),
    ],
)
def test_the_picture_is_told_as_in_the_plan(made: Any, live: Tables, counts: dict[Any, int], told: list[str]) -> None:
    assert disruption_told(disruption(plan(made), live, counts)) == told


def test_a_server_and_the_interface_below_it_count_nobody_twice() -> None:
    both = plan(
        change("/interface/bridge", {"vlan-filtering": "yes"}, name="bridge1"), gone("/ip/hotspot", name="lobby")
    )
    assert [query for query in counting(both, {}) if query[0] == ACTIVE] == [(ACTIVE, ())]
    found = disruption(both, {}, {(ACTIVE, ()): 5})
    assert found.sessions == (Sessions(HOTSPOT, 5, "drop", exact=False),)


def test_nothing_is_said_to_stay_where_something_is_not_known() -> None:
    made = plan(gone("/ip/hotspot/user", name="x"), change("/ip/hotspot/profile", {"login-by": "cookie"}, name="hs"))
    assert counting(made, {}) == ()
    assert disruption(made, {}, {(ACTIVE, ()): 5}).sessions == ()


def test_the_menus_behind_are_read_only_when_something_blinks() -> None:
    assert behind(plan(gone("/ip/hotspot/user", name="x"), new("/iot/lora", name="x"))) == ()
    assert "/ip/hotspot" in behind(plan(gone("/ip/hotspot", name="lobby")))
    assert disruption(plan(), {}) == Disruption()


def test_bulk_that_disturbs_nothing_hides_nothing_that_does() -> None:
    lists = [new("/ip/firewall/address-list", address=f"10.0.0.{n}") for n in range(200)]
    (blink,) = disruption(plan(*lists, gone("/ip/hotspot", name="lobby"), *lists), {}).blinks
    assert (blink.what, blink.changes) == ("hotspot lobby", (200,))
