"""`/ping` and netwatch: by the router's routes and rules, and by what is said to be out there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from lab_client import Wire

from trueup.lab import Spec, User, serve
from trueup.lab.server import VirtualRouter

SEED = {
    "/ip/address": [{"address": "10.0.0.2/24", "interface": "ether1"}],
    "/ip/route": [{"dst-address": "172.16.0.0/12", "gateway": "10.0.0.1"}],
    "/ip/firewall/filter": [
        {"chain": "input", "connection-state": "established", "action": "accept"},
        {"chain": "input", "action": "drop"},
        {"chain": "output", "protocol": "icmp", "dst-address": "172.16.0.9", "action": "drop"},
    ],
    "/ip/dns/static": [{"name": "hub.example", "address": "10.0.0.1"}],
    "/user/group": [{"name": "readers", "policy": "api,read"}],
}
ANSWERS = ("10.0.0.1", "172.16.0.0/24", "192.0.2.0/24")


def spec(**changes: Any) -> Spec:
    users = (User("reader", "r", "readers"),)
    told: dict[str, Any] = {"tls_port": None, "users": users, "seed": SEED, "answers": ANSWERS}
    return Spec("edge", **told | changes)


@pytest.fixture
def edge() -> Iterator[VirtualRouter]:
    with serve([spec()]) as lab:
        yield lab["edge"]


def ping(edge: VirtualRouter, *words: str, user: str = "admin", password: str = "") -> list[list[str]]:
    with Wire(edge.port) as wire:
        wire.login(user, password)
        return wire.ask("/ping", *words)


def test_a_reply_is_told_packet_by_packet(edge: VirtualRouter) -> None:
    trip = ["=min-rtt=1ms250us", "=avg-rtt=1ms250us", "=max-rtt=1ms250us"]
    told = ["!re", "=seq=0", "=host=10.0.0.1", "=size=56", "=ttl=64", "=time=1ms250us"]
    counts = [["=sent=1", "=received=1", "=packet-loss=0"], ["=sent=2", "=received=2", "=packet-loss=0"]]
    second = [*told[:1], "=seq=1", *told[2:]]
    found = ping(edge, "=address=10.0.0.1", "=count=2", ".tag=p")
    assert [[word for word in part if word != ".tag=p"] for part in found] == [
        [*told, *counts[0], *trip],
        [*second, *counts[1], *trip],
        ["!done"],
    ]
    assert all(part[-1] == ".tag=p" for part in found)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("10.0.0.2", None),
        ("172.16.0.1", None),
        ("hub.example", None),
        ("10.0.0.3", "timeout"),
        ("172.16.0.9", "timeout"),  # a rule of the output chain
        ("192.0.2.1", "no route to host"),
        ("2001:db8::1", "no route to host"),
    ],
)
def test_who_answers(edge: VirtualRouter, address: str, status: str | None) -> None:
    row = dict(word[1:].split("=", 1) for word in ping(edge, f"=address={address}", "=count=1")[0][1:])
    assert row.get("status") == status
    assert ("time" in row) is (status is None)
    assert (row["sent"], row["received"]) == ("1", "0" if status else "1")
    assert ("host" in row) is (status != "no route to host")


def test_an_answer_that_the_input_chain_drops_is_none(edge: VirtualRouter) -> None:
    edge.done_by("anna", "/ip/firewall/filter/remove", "=.id=0")
    assert "=status=timeout" in ping(edge, "=address=10.0.0.1", "=count=1")[0]


def test_a_route_that_goes_takes_what_is_behind_it_along(edge: VirtualRouter) -> None:
    (route,) = (row[".id"] for row in edge.rows("/ip/route") if row["dst-address"] == "172.16.0.0/12")
    edge.done_by("anna", "/ip/route/remove", f"=.id={route}")
    assert "=status=no route to host" in ping(edge, "=address=172.16.0.1", "=count=1")[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["=count=1"], "missing value(s) of argument(s) address"),
        (["=address=10.0.0.1"], "invalid value for argument count"),
        (["=address=10.0.0.1", "=count=0"], "invalid value for argument count"),
        (["=address=10.0.0.1", "=count=1", "=interval=soon"], "invalid value for argument interval"),
        (["=address=10.0.0.1", "=count=1", "=flood="], "unknown parameter flood"),
        (["=address=nowhere.example", "=count=1"], "while resolving ip-address: could not get answer from dns server"),
    ],
)
def test_what_is_no_ping_is_refused(edge: VirtualRouter, words: list[str], message: str) -> None:
    assert ping(edge, *words) == [["!trap", f"=message={message}"], ["!done"]]


def test_the_test_policy_is_needed(edge: VirtualRouter) -> None:
    refused = [["!trap", "=message=not enough permissions (9)"], ["!done"]]
    assert ping(edge, "=address=10.0.0.1", "=count=1", user="reader", password="r") == refused


def test_round_trips_of_6_are_whole_milliseconds() -> None:
    with serve([spec(version="6.49")]) as lab:
        assert "=time=1ms" in ping(lab["edge"], "=address=10.0.0.1", "=count=1")[0]


def status(edge: VirtualRouter) -> list[tuple[str, bool]]:
    return [(row["status"], "since" in row) for row in edge.rows("/tool/netwatch")]


def test_netwatch_finds_out_after_a_while_and_again_each_interval(edge: VirtualRouter) -> None:
    edge.router.timeline.stand_still()
    edge.done_by("anna", "/tool/netwatch/add", "=host=172.16.0.1", "=interval=10s")
    edge.router.advance(2)
    assert status(edge) == [("unknown", False)]
    edge.router.advance(2)
    assert status(edge) == [("up", True)]
    since = edge.rows("/tool/netwatch")[0]["since"]
    edge.done_by("anna", "/ip/firewall/filter/remove", "=.id=0")
    assert status(edge) == [("up", True)]
    edge.router.advance(10)
    assert status(edge) == [("down", True)]
    assert edge.rows("/tool/netwatch")[0]["since"] > since
    edge.done_by("anna", "/tool/netwatch/disable", "=.id=0")
    assert status(edge) == [("unknown", False)]
    edge.router.advance(100)
    assert status(edge) == [("unknown", False)]


def test_netwatch_waits_five_minutes_after_a_start() -> None:
    rows = {"/tool/netwatch": [{"host": "10.0.0.1"}, {"host": "10.0.0.1", "type": "tcp-conn", "port": "80"}]}
    with serve([spec(seed={**SEED, **rows})]) as lab:
        edge = lab["edge"]
        edge.router.timeline.stand_still()
        edge.router.advance(299)
        assert status(edge) == [("unknown", False), ("unknown", False)]
        edge.router.advance(1)
        assert status(edge) == [("up", True), ("unknown", False)]
        edge.reboot(0)
        assert status(edge)[0] == ("unknown", False)
        edge.router.advance(301)
        assert status(edge)[0] == ("up", True)
