"""Health over new connections: reached, probes answered, sessions back; each reason is told in words."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Mapping
from typing import Any

import pytest
from fleet_room import PASSWORD, Room, room, spec

from trueup.device import connect
from trueup.fleet import health as module
from trueup.fleet.health import count_sessions, health
from trueup.fleet.reach import target_of
from trueup.lab import User
from trueup.load.network import load_network
from trueup.secrets import open_stores

SUBSCRIBER = "subscriber-canary-77"
SEED = {
    "/ip/address": [{"address": "10.0.0.2/24", "interface": "ether1"}],
    "/tool/netwatch": [
        {"host": "10.0.0.1", "name": "uplink", "comment": "carrier A"},
        {"host": "10.0.0.9", "comment": "carrier B"},
    ],
    "/ppp/active": [{"name": f"{SUBSCRIBER}-{number}", "service": "pppoe"} for number in range(10)],
    "/ip/hotspot/active": [{"user": SUBSCRIBER, "address": f"10.5.50.{number}"} for number in range(4)],
    "/ip/dhcp-server/lease": [
        {"address": "10.5.50.9", "status": "bound", "dynamic": "yes"},
        {"address": "10.5.50.8", "status": "waiting"},
    ],
}


@pytest.fixture
def edge(tmp_path):
    with room(tmp_path, spec("edge-1", seed=SEED, answers=("10.0.0.1",))) as made:
        yield made


def declare(made: Room, *probes: Mapping[str, str], **connect: Any) -> None:
    made.declare("edge-1", connect=connect, reconcile={"probes": list(probes)})


def asked(made: Room, before: Mapping[str, int] | None = None) -> tuple[str, ...]:
    network = load_network(made.network)
    resolve = open_stores(network.settings, network.root).resolve
    return asyncio.run(health(network.router("edge-1"), network, resolve, before))


def counted(made: Room) -> dict[str, int]:
    async def look() -> dict[str, int]:
        network = load_network(made.network)
        resolve = open_stores(network.settings, network.root).resolve
        async with connect(target_of(network.router("edge-1"), network.root, resolve)) as session:
            return await count_sessions(session)

    return asyncio.run(look())


def test_a_router_without_probes_has_to_be_reached_anew(edge):
    declare(edge)
    assert asked(edge) == ()
    assert asked(edge) == ()
    assert sum(words[0] == "/login" for words in edge.lab["edge-1"].log) == 2


def test_a_router_that_is_gone_is_not_healthy(edge):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    declare(edge, port=port)
    assert asked(edge) == ("not reached over a new connection: connection refused",)


def test_pings_go_from_the_router(edge):
    declare(edge, {"ping": "10.0.0.1"}, {"ping": "10.0.0.7"}, {"ping": "192.0.2.1"}, {"ping": "nowhere.example"})
    assert asked(edge) == (
        "ping 10.0.0.7: timeout",
        "ping 192.0.2.1: no route to host",
        "ping nowhere.example: the router refuses: while resolving ip-address: could not get answer from dns server",
    )
    edge.lab["edge-1"].done_by("anna", "/ip/firewall/filter/add", "=chain=output", "=action=drop")
    assert "ping 10.0.0.1: timeout" in asked(edge)


def test_one_hop_that_says_unreachable_is_no_answer():
    hop = {"seq": "0", "host": "10.0.0.254", "time": "2ms", "status": "host unreachable", "received": "1"}

    class Hop:
        async def talk(self, words: list[str], deadline: float) -> Any:
            return type("Reply", (), {"rows": [hop]})

    assert asyncio.run(module._ping(Hop(), "10.0.0.1")) == "ping 10.0.0.1: host unreachable"  # type: ignore[arg-type]


def test_a_user_who_may_not_ping_is_told(tmp_path):
    seed = {**SEED, "/user/group": [{"name": "few", "policy": "api,read,write"}]}
    users = (User("few", PASSWORD, "few"),)
    with room(tmp_path, spec("edge-1", seed=seed, users=users)) as made:
        declare(made, {"ping": "10.0.0.1"}, username="few")
        assert asked(made) == ("ping 10.0.0.1: the router refuses: not enough permissions (9)",)


def test_tcp_goes_from_here(edge):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as other:
        port, gone = server.getsockname()[1], other.getsockname()[1]
        other.close()
        declare(edge, {"tcp": f"127.0.0.1:{port}"})
        assert asked(edge) == ()
        declare(edge, {"tcp": f"127.0.0.1:{gone}"})
        assert asked(edge) == (f"tcp 127.0.0.1:{gone}: connection refused",)
        declare(edge, {"tcp": "nowhere.invalid:80"})
        assert asked(edge) == ("tcp nowhere.invalid:80: the name cannot be resolved",)


def test_netwatch_is_found_by_name_comment_or_host(edge):
    router = edge.lab["edge-1"].router
    router.timeline.stand_still()
    declare(edge, {"netwatch": "uplink"}, {"netwatch": "carrier B"}, {"netwatch": "10.0.0.1"}, {"netwatch": "none"})
    assert asked(edge) == (
        "netwatch uplink: unknown",
        "netwatch carrier B: unknown",
        "netwatch 10.0.0.1: unknown",
        "netwatch none: there is no such entry",
    )
    router.advance(301)
    assert asked(edge) == ("netwatch carrier B: down", "netwatch none: there is no such entry")


def test_sessions_have_to_be_back_up_to_a_share(edge):
    declare(edge)
    before = counted(edge)
    assert before == {"hotspot session": 4, "PPP session": 10, "DHCP lease": 1}
    assert asked(edge, before) == ()
    table = edge.lab["edge-1"].router.menu("/ppp/active").table
    del table.rows[9:]
    assert asked(edge, before) == (), "90 % of them are back"
    del table.rows[8:]
    told = asked(edge, before)
    assert told == ("PPP sessions: 8 of 10, 9 are expected",)
    assert SUBSCRIBER not in str(told)


def test_what_a_router_does_not_count_is_left_out(tmp_path):
    with room(tmp_path, spec("edge-1", seed={})) as made:
        declare(made)
        assert asked(made, {"hotspot session": 0, "PPP session": 0}) == ()
        assert asked(made, {"User Manager session": 3}) == (
            "User Manager sessions: the router no longer tells how many",
        )


def test_it_ends_whatever_the_router_does(edge, monkeypatch):
    monkeypatch.setattr(module, "LIMIT", 0.5)
    edge.lab["edge-1"].faults.add("stall", "/ping")
    declare(edge, {"ping": "10.0.0.1"})
    begun = time.monotonic()
    assert asked(edge) == ("no whole answer within 0.5 s",)
    assert time.monotonic() - begun < 5
    monkeypatch.setattr(module, "LIMIT", 30.0)
    monkeypatch.setattr(module, "PING_WAIT", 0.3)
    edge.lab["edge-1"].faults.add("stall", "/ping")
    assert asked(edge) == ("ping 10.0.0.1: no answer",)
