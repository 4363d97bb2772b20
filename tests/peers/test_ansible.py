"""Ansible's community.routeros against virtual routers: what the router then holds, and that a second run is quiet."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from playbook import PASSWORD, play, task, twice

from trueup.lab import Spec, serve
from trueup.lab.server import VirtualRouter

FILTER = "/ip/firewall/filter"
POOL = "/ip/pool"


@pytest.fixture(params=["7.16", "7.24"])
def served(request) -> Iterator[VirtualRouter]:
    with routers(request.param) as one:
        yield one


@contextlib.contextmanager
def routers(version: str = "7.24") -> Iterator[VirtualRouter]:
    seed = {
        "/ip/pool": [{"name": "guests", "ranges": "10.0.0.2-10.0.0.9"}, {"name": "old", "ranges": "10.9.0.2-10.9.0.9"}],
        "/ip/firewall/filter": [
            {"chain": "input", "action": "accept", "comment": "1"},
            {"chain": "input", "action": "accept", "protocol": "icmp", "comment": "2"},
            {"chain": "input", "action": "drop", "comment": "3"},
        ],
    }
    with serve([Spec("edge-1", version=version, username="peer", password=PASSWORD, seed=seed)]) as lab:
        yield lab["edge-1"]


def values(served: VirtualRouter, menu: str, *names: str) -> list[tuple[str, ...]]:
    rows = [row for row in served.rows(menu) if row.get("dynamic") != "true"]
    return [tuple(row.get(name, "") for name in names) for row in rows]


def test_api_info_reads_what_the_router_holds(served, tmp_path):
    paths = ("ip pool", "ip firewall filter", "system identity")
    pools, rules, identity = (each["result"] for each in play(served, [task("api_info", p) for p in paths], tmp_path))
    assert [(row["name"], row["ranges"]) for row in pools] == values(served, POOL, "name", "ranges")
    assert [(row["chain"], row["action"], str(row["comment"])) for row in rules] == values(
        served, FILTER, "chain", "action", "comment"
    )
    assert [row["name"] for row in identity] == [served.rows("/system/identity")[0]["name"]]


def test_api_modify_adds_changes_and_removes(served, tmp_path):
    data = [
        {"name": "guests", "ranges": "10.0.0.2-10.0.0.99", "comment": "für Gäste"},
        {"name": "staff", "ranges": "10.1.0.2-10.1.0.9"},
    ]
    first, second = twice(served, [task("api_modify", "ip pool", data=data, handle_absent_entries="remove")], tmp_path)
    assert (first, second) == ([True], [False])
    assert values(served, POOL, "name", "ranges", "comment") == [
        ("guests", "10.0.0.2-10.0.0.99", "für Gäste"),
        ("staff", "10.1.0.2-10.1.0.9", ""),
    ]


def test_api_modify_sets_a_singleton(served, tmp_path):
    first, second = twice(served, [task("api_modify", "system identity", data=[{"name": "edge-9"}])], tmp_path)
    assert (first, second) == ([True], [False])
    assert served.rows("/system/identity")[0]["name"] == "edge-9"


def test_api_modify_orders_rules_and_takes_properties_away(served, tmp_path):
    data = [
        {"chain": "input", "action": "accept", "protocol": "icmp", "comment": "2"},
        {"chain": "input", "action": "accept", "connection-state": "established,related", "comment": "new"},
        {"chain": "input", "action": "drop", "comment": "3"},
        {"chain": "input", "action": "accept", "comment": "1"},
    ]
    arguments = {"handle_absent_entries": "remove", "handle_entries_content": "remove_as_much_as_possible"}
    first, second = twice(
        served, [task("api_modify", "ip firewall filter", data=data, ensure_order=True, **arguments)], tmp_path
    )
    assert (first, second) == ([True], [False])
    assert values(served, FILTER, "comment", "action", "protocol", "connection-state") == [
        ("2", "accept", "icmp", ""),
        ("new", "accept", "", "established,related"),
        ("3", "drop", "", ""),
        ("1", "accept", "", ""),
    ]


def test_api_modify_sets_up_menus_that_refer_to_each_other(served, tmp_path):
    tasks = [
        task("api_modify", "interface bridge", data=[{"name": "bridge-guest"}]),
        task("api_modify", "ip address", data=[{"address": "10.5.50.1/24", "interface": "bridge-guest"}]),
        task("api_modify", "interface list", data=[{"name": "LAN"}]),
        task("api_modify", "interface list member", data=[{"list": "LAN", "interface": "bridge-guest"}]),
        task("api_modify", "radius", data=[{"address": "10.0.0.5", "service": "hotspot", "timeout": "1s100ms"}]),
        task("api_modify", "ip dns", data=[{"servers": "192.0.2.53,198.51.100.53", "allow-remote-requests": True}]),
    ]
    first, second = twice(served, tasks, tmp_path)
    assert first == [True] * len(tasks)
    assert second == [False] * len(tasks)
    assert values(served, "/ip/address", "address", "interface") == [("10.5.50.1/24", "bridge-guest")]
    assert values(served, "/interface/list/member", "list", "interface") == [("LAN", "bridge-guest")]
    assert values(served, "/radius", "address", "service", "timeout") == [("10.0.0.5", "hotspot", "1s100ms")]
    assert served.rows("/ip/dns")[0]["servers"] == "192.0.2.53,198.51.100.53"


def test_api_find_and_modify_changes_what_it_finds(served, tmp_path):
    found = task(
        "api_find_and_modify",
        "ip firewall filter",
        find={"chain": "input", "protocol": "icmp"},
        values={"action": "drop", "comment": "no ping"},
        require_matches_min=1,
    )
    quiet = task("api_find_and_modify", "ip pool", find={"name": "nobody"}, values={"comment": "x"})
    results = play(served, [found, quiet], tmp_path)
    assert [result["changed"] for result in results] == [True, False]
    assert values(served, FILTER, "comment", "action") == [("1", "accept"), ("no ping", "drop"), ("3", "drop")]


def test_a_check_run_writes_nothing(served, tmp_path):
    before = values(served, POOL, "name", "ranges")
    would = task("api_modify", "ip pool", data=[{"name": "new", "ranges": "10.2.0.2-10.2.0.9"}]) | {"check_mode": True}
    assert [result["changed"] for result in play(served, [would], tmp_path)] == [True]
    assert values(served, POOL, "name", "ranges") == before
