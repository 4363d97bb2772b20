"""Reading: one pipelined pass, only what is compared, rows with canonical values."""

from __future__ import annotations

import asyncio

import pytest
from scripted_router import Peer, session

from trueup.device.faults import Lost, Refused
from trueup.device.read import query, read, table
from trueup.row import Secret
from trueup_schemas.catalogue.types import Menu, Property

POOL = Menu(
    "/ip/pool",
    "list",
    {
        p.name: p
        for p in (Property("name", "text"), Property("comment", "text"), Property("total", "integer", read_only=True))
    },
    key=("name",),
)
ETHERNET = Menu(
    "/interface/ethernet",
    "fixed",
    {p.name: p for p in (Property("name", "text"), Property("default-name", "text", read_only=True))},
    key=("default-name",),
)
IDENTITY = Menu("/system/identity", "singleton", {"name": Property("name", "text")})
ROUTE = Menu("/ip/route", "list", {"dst-address": Property("dst-address", "text")}, filled=True)
FILTER = Menu(
    "/ip/firewall/filter",
    "list",
    {p.name: p for p in (Property("chain", "text"), Property("disabled", "boolean", default="no"))},
    ordered=True,
    filled=True,
)
RADIUS = Menu(
    "/radius", "list", {p.name: p for p in (Property("address", "text"), Property("secret", "text", secret=True))}
)

ANSWERS = {
    "/system/resource/print": [{"version": "7.24 (stable)", "board-name": "CHR", "uptime": "1h"}],
    "/system/license/print": [{"system-id": "abc"}],
    "/system/identity/print": [{"name": "edge-1"}],
    "/ip/pool/print": [{".id": "*1", "name": "a"}, {".id": "*2", "name": "b", "comment": "", "total": "9"}],
    "/interface/ethernet/print": [{".id": "*1", "name": "uplink", "default-name": "ether1"}],
    "/ip/route/print": [{".id": "*8", "dst-address": "0.0.0.0/0"}],
    "/ip/firewall/filter/print": [
        {".id": "*1", "chain": "forward", "dynamic": "true"},
        {".id": "*2", "chain": "input", "disabled": "true", "dynamic": "false"},
    ],
    "/radius/print": [{".id": "*1", "address": "10.0.0.5", "secret": "hunter2"}],
}


async def answer(peer: Peer) -> None:
    while True:
        path, tag, _ = await peer.command()
        for row in ANSWERS.get(path, []):
            peer.say("!re", f".tag={tag}", *(f"={name}={value}" for name, value in row.items()))
        if path not in ANSWERS:
            menu = path.removesuffix("/print").rsplit("/", 1)[-1]
            peer.say("!trap", f"=message=no such command or directory ({menu})", f".tag={tag}")
        peer.done(tag)


def read_from(script, *menus: Menu):
    async def go():
        async with session(script) as (opened, router):
            live = await read(opened, menus)
            return live, router.peers[0].heard

    return asyncio.run(asyncio.wait_for(go(), 20))


def test_rows_have_ids_and_only_what_can_be_declared_or_identifies():
    live, _ = read_from(answer, POOL, ETHERNET, IDENTITY)
    first, second = live.tables["/ip/pool"]
    assert (first.id, first.values) == ("*1", {"name": "a"})
    assert second.values == {"name": "b", "comment": ""}
    [port] = live.tables["/interface/ethernet"]
    assert port.values == {"name": "uplink", "default-name": "ether1"}
    [identity] = live.tables["/system/identity"]
    assert (identity.id, identity.values) == ("", {"name": "edge-1"})


def test_values_are_canonical_secrets_wrapped_and_the_routers_own_rows_marked():
    live, _ = read_from(answer, FILTER, RADIUS)
    dynamic, own = live.tables["/ip/firewall/filter"]
    assert (dynamic.fixed, own.fixed) == ("dynamic", "")
    assert own.values == {"chain": "input", "disabled": "yes"}
    assert live.tables["/radius"].rows[0].values["secret"] == Secret("hunter2")
    assert "hunter2" not in repr(live)


def test_facts_come_with_the_same_pass():
    live, heard = read_from(answer, POOL)
    assert (live.facts.version, live.facts.serial, live.facts.uptime) == ("7.24", "abc", 3600)
    assert live.facts.host == "127.0.0.1"
    assert len(heard) == 1 + 3 + 1, "login, facts, menu"


@pytest.mark.parametrize(("menus", "trips"), [(0, 1), (5, 1), (6, 2), (20, 3), (29, 4), (30, 5)])
def test_reading_costs_a_round_trip_for_every_eight_commands(menus, trips):
    """The router answers nothing until all that can be in flight has come, so fewer in flight would never end."""
    batches = []

    async def script(peer: Peer):
        left = menus + 3
        while left:
            batch = [(await peer.command())[1] for _ in range(min(8, left))]
            batches.append(len(batch))
            left -= len(batch)
            for tag in batch:
                peer.done(tag)

    read_from(script, *(Menu(f"/menu/{n}", "list", {}) for n in range(menus)))
    assert len(batches) == trips


def test_a_menu_that_the_router_lacks_is_left_out():
    live, _ = read_from(answer, Menu("/interface/wifi", "list", {"name": Property("name", "text")}), POOL)
    assert set(live.tables) == {"/ip/pool"}


def test_every_command_names_what_it_wants_and_filled_tables_are_filtered_where_order_does_not_count():
    assert query(POOL) == ["/ip/pool/print", "=.proplist=.id,name,comment,dynamic,builtin,default,invalid"]
    assert query(IDENTITY) == ["/system/identity/print", "=.proplist=name"]
    assert query(ROUTE)[2:] == ["?dynamic=true", "?#!"]
    assert len(query(FILTER)) == 2
    _, heard = read_from(answer, POOL, ROUTE, FILTER)
    assert all(any(word.startswith("=.proplist=") for word in words) for words in heard[1:])


def test_a_refusal_names_the_menu():
    async def script(peer: Peer):
        while True:
            path, tag, _ = await peer.command()
            if path == "/ip/pool/print":
                peer.say("!trap", "=message=not enough permissions (9)", f".tag={tag}")
            peer.done(tag)

    with pytest.raises(Refused, match=r"/ip/pool/print: not enough permissions \(9\)"):
        read_from(script, POOL)


def test_a_loss_in_the_middle_is_no_half_picture():
    async def script(peer: Peer):
        for _ in range(4):
            _, tag, _ = await peer.command()
            peer.done(tag)

    with pytest.raises(Lost):
        read_from(script, POOL, ETHERNET)


def test_nothing_is_read_while_a_late_command_may_still_write():
    async def script(peer: Peer):
        _, slow, _ = await peer.command()
        _, cancel, _ = await peer.command()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(peer.reader.read(1), 0.05)
        peer.done(slow)
        peer.done(cancel)
        await answer(peer)

    async def go():
        async with session(script) as (opened, _):
            with pytest.raises(Lost):
                await opened.talk(["/ip/pool/add"], deadline=0.05)
            await read(opened, [POOL])

    asyncio.run(asyncio.wait_for(go(), 20))


def test_rows_that_the_router_calls_invalid_are_known_as_such():
    rows = [{".id": "*1", "name": "a", "invalid": "true"}, {".id": "*2", "name": "b", "invalid": "false"}]
    assert [row.invalid for row in table(POOL, [*rows, {".id": "*3", "name": "c"}])] == [True, False, False]
