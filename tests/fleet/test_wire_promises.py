"""One connection per router and run; what can go together goes together. Counted by the virtual router, not timed."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fleet_room import Room, logins, room, spec

from trueup.device.facts import FACTS
from trueup.device.mux import WINDOW
from trueup.lab.connection import Connection
from trueup.risk.batches import MOST

LATENCY = 0.05
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


UNCHANGED = {"/system/identity": {"name": "MikroTik"}}


@dataclass
class Flights:
    """What virtual routers saw of a client's round trips.

    A command's round is one more than the latest of those that had been answered when it came.
    """

    rounds: list[tuple[str, int]] = field(default_factory=list)
    unanswered: int = 0
    most: int = 0
    latest: int = 0

    def arrive(self, batch: list[list[str]]) -> None:
        self.rounds += [(words[0], self.latest + 1) for words in batch]
        self.unanswered += len(batch)
        self.most = max(self.most, self.unanswered)

    def answer(self, batch: list[list[str]], first: int) -> None:
        self.unanswered -= len(batch)
        self.latest = max(self.latest, *(number for _, number in self.rounds[first : first + len(batch)]))

    def needed(self, verb: str) -> int:
        """How many rounds all commands of a verb took."""
        return len({number for command, number in self.rounds if command.endswith(verb)})

    def count(self, command: str) -> int:
        """How often a command came."""
        return sum(each == command for each, _ in self.rounds)


@pytest.fixture
def flights(monkeypatch: pytest.MonkeyPatch) -> Flights:
    seen = Flights()
    begin, serve = Connection.__init__, Connection._serve
    answered = 0

    class Watched(asyncio.Queue):
        def put_nowait(self, item: tuple[float, list[list[str]]]) -> None:
            seen.arrive(item[1])
            super().put_nowait(item)

    def watched(self: Connection, *given: object) -> None:
        begin(self, *given)
        self._arrived = Watched()

    async def watch(self: Connection, batch: list[list[str]]) -> None:
        nonlocal answered
        await serve(self, batch)
        seen.answer(batch, answered)
        answered += len(batch)

    monkeypatch.setattr(Connection, "__init__", watched)
    monkeypatch.setattr(Connection, "_serve", watch)
    return seen


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, spec("far", latency=LATENCY)) as made:
        yield made


def plain(made: Room) -> dict[str, object]:
    """Without TLS, whose records come one by one, what is sent together arrives together."""
    return {"port": made.lab["far"].port, "tls": "off"}


def test_one_connection_for_a_plan_and_for_an_apply_one_more_to_try_whether_that_still_works(made):
    made.declare("far", MENUS)
    made.commit()
    for command, connections in (("plan", 1), ("apply", 2), ("plan", 1)):
        made.lab["far"].log.clear()
        assert made.trueup(command).code in (0, 2)
        assert logins(made.lab["far"]) == connections


def test_a_thousand_adds_are_pipelined(made, flights: Flights):
    made.lab["far"].latency = LATENCY / 4
    pools = [{"name": f"p{n}", "ranges": f"10.{n >> 8}.{n & 255}.2-10.{n >> 8}.{n & 255}.9"} for n in range(1000)]
    made.declare("far", {"/ip/pool": pools}, connect=plain(made))
    made.commit()
    said = made.trueup("apply")
    assert said.code == 0, said.err
    assert len(made.lab["far"].rows("/ip/pool")) == 1000
    assert flights.most == WINDOW
    assert flights.needed("pool/add") < 1000 / WINDOW * 1.1, "one after the other they take a thousand rounds"
    batches = math.ceil(1000 / MOST)
    assert [flights.count(f"/safe-mode/{verb}") for verb in ("take", "release", "unroll")] == [batches, batches, 0]
    assert logins(made.lab["far"]) == 1 + batches, "each batch is tried before it is kept"


def test_reading_takes_a_round_for_every_eight_commands(made, flights: Flights):
    made.declare("far", MENUS | UNCHANGED, version="7.24", connect=plain(made))
    made.commit()
    assert made.trueup("plan").code == 0
    prints = asked(made)
    assert len(prints) > 2 * WINDOW
    assert len(prints) == len(FACTS) + len(MENUS), "each menu is read once, and nothing else is"
    assert {words[0] for words in prints} == {f"{menu}/print" for menu in (*FACTS, *MENUS)}
    assert flights.needed("/login") == 1
    assert flights.needed("/print") == math.ceil(len(prints) / WINDOW)


def test_what_could_stand_in_the_way_of_changes_is_one_round_more(made, flights: Flights):
    made.declare("far", MENUS, version="7.24", connect=plain(made))
    made.commit()
    assert made.trueup("plan").code == 2
    prints = asked(made)
    assert len(set(prints)) == len(prints), "nothing is asked for twice"
    rows = [words[0] for words in prints if any(word.startswith("=.proplist=.id,") for word in words)]
    assert sorted(rows) == sorted(f"{menu}/print" for menu in MENUS if menu != "/system/identity")
    more = len(prints) - len(FACTS) - len(MENUS)
    assert 0 < more <= WINDOW
    assert flights.needed("/print") == math.ceil((len(prints) - more) / WINDOW) + 1


def asked(made: Room) -> list[tuple[str, ...]]:
    """The prints that the router was sent, without their tags."""
    log = made.lab["far"].log
    return [tuple(word for word in words if word[0] != ".") for words in log if words[0].endswith("/print")]


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
