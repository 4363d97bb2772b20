"""One connection per router and run; what can go together goes together. Counted by the virtual router, not timed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import Room, is_write, logins, room, spec

from trueup.device.facts import FACTS
from trueup.device.mux import WINDOW
from trueup.lab.connection import Connection

LATENCY = 0.02
MENUS = {
    "/system/identity": {"name": "wired"},
    **{
        menu: [{"scope": {}, "unmanaged": "keep", "rows": []}]
        for menu in (
            *("/ip/pool", "/ip/dns/static", "/ip/address", "/ip/firewall/filter", "/ip/firewall/nat", "/radius"),
            *("/ppp/profile", "/ppp/secret", "/queue/simple", "/system/script", "/system/scheduler", "/ip/route"),
            *("/interface/bridge", "/interface/vlan", "/ip/hotspot", "/snmp/community"),
        )
    },
}


@pytest.fixture
def flights(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Filled with what was on its way, unanswered, whenever a virtual router began to answer something."""
    seen: list[list[str]] = []
    serve = Connection._serve

    async def watch(self: Connection, batch: list[list[str]]) -> None:
        waiting = [words for _, arrived in self._arrived._queue for words in arrived]
        seen.append([words[0] for words in (*batch, *waiting)])
        await serve(self, batch)

    monkeypatch.setattr(Connection, "_serve", watch)
    return seen


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, spec("far", latency=LATENCY)) as made:
        yield made


def plain(made: Room) -> dict[str, object]:
    """Without TLS, whose records come one by one, what is sent together arrives together."""
    return {"port": made.lab["far"].port, "tls": "off"}


def test_one_connection_for_a_plan_and_one_for_an_apply(made):
    made.declare("far", MENUS)
    made.commit()
    for command in ("plan", "apply", "plan"):
        made.lab["far"].log.clear()
        assert made.trueup(command).code in (0, 2)
        assert logins(made.lab["far"]) == 1


def test_a_thousand_adds_are_pipelined(made, flights):
    pools = [{"name": f"p{n}", "ranges": f"10.{n >> 8}.{n & 255}.2-10.{n >> 8}.{n & 255}.9"} for n in range(1000)]
    made.declare("far", {"/ip/pool": pools}, connect=plain(made))
    made.commit()
    said = made.trueup("apply")
    assert said.code == 0, said.err
    assert len(made.lab["far"].rows("/ip/pool")) == 1000
    together = [len(flight) for flight in flights if is_write(flight[0])]
    assert max(together) == WINDOW
    assert sum(together) / len(together) > WINDOW / 2, "serial writing has one on its way"
    assert logins(made.lab["far"]) == 1


def test_reading_takes_a_round_for_every_eight_commands(made, flights):
    made.declare("far", MENUS, version="7.24", connect=plain(made))
    made.commit()
    made.trueup("plan")
    prints = {words[0] for words in made.lab["far"].log if words[0].endswith("/print")}
    assert len(prints) > 2 * WINDOW
    rounds = [flight for flight in flights if flight[0].endswith("/print")]
    assert len(prints) == sum(words[0].endswith("/print") for words in made.lab["far"].log), "each menu is read once"
    assert {f"{menu}/print" for menu in FACTS} <= prints
    assert max(map(len, rounds)) == WINDOW
    assert len(rounds) <= math.ceil(len(prints) / WINDOW) + 2


def test_nothing_but_prints_for_a_plan_and_for_an_apply_with_nothing_to_do(made):
    made.declare("far", {"/system/identity": {"name": "wired"}})
    made.commit()
    assert made.trueup("plan").code == 2
    assert made.trueup("plan", "--json").code == 2
    assert {words[0] for words in made.lab["far"].log if not words[0].endswith("/print")} == {"/login"}
    assert made.trueup("apply").code == 0
    made.lab["far"].log.clear()
    assert made.trueup("apply").code == 0
    assert json.loads(made.trueup("apply", "--json").out)["reports"] == []
    assert {words[0] for words in made.lab["far"].log if not words[0].endswith("/print")} == {"/login"}
