"""Listening: every change of rows that are not dynamic is told, and the end of the connection too."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from scripted_router import Peer, session

from trueup.device import Lost, Refused, Session, Target, Tls, connect
from trueup.device import listen as module
from trueup.device.listen import Changed, listen
from trueup.errors import RouterError
from trueup.lab import Spec, serve
from trueup.lab.server import VirtualRouter
from trueup.row import Secret

PASSWORD = "canary-correct-horse"
POOL, FILTER, USERS, LISTS = "/ip/pool", "/ip/firewall/filter", "/ip/hotspot/user", "/ip/firewall/address-list"
BRIDGE, VLAN = "/interface/bridge", "/interface/vlan"


class Heard:
    """What one reader has been told, as it comes; the error that ended it last."""

    def __init__(self, session: Session, menus: Sequence[str]) -> None:
        self.refused: dict[str, str] = {}
        self._session, self._menus = session, menus
        self._told: asyncio.Queue[Changed | RouterError | None] = asyncio.Queue()

    async def collect(self) -> None:
        try:
            async for change in listen(self._session, self._menus, self.refused.__setitem__):
                self._told.put_nowait(change)
            self._told.put_nowait(None)
        except RouterError as error:
            self._told.put_nowait(error)

    async def next(self) -> Changed | RouterError | None:
        return await asyncio.wait_for(self._told.get(), 5)

    async def nothing(self) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self._told.get(), 0.2)


@contextlib.asynccontextmanager
async def reading(heard: Heard) -> AsyncIterator[Heard]:
    task = asyncio.create_task(heard.collect())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def hearing(served: VirtualRouter, *menus: str) -> AsyncIterator[Heard]:
    """A reader that listens already, and knows what is there."""
    target = Target("edge-1", ("127.0.0.1",), "trueup", Secret(PASSWORD), served.port, Tls("off"), timeout=5.0)
    async with connect(target) as opened, reading(Heard(opened, menus)) as heard:
        begun = {f"{menu}/{what}" for menu in menus for what in ("listen", "print")}
        async with asyncio.timeout(5):
            while not begun <= {words[0] for words in served.log}:
                await asyncio.sleep(0.01)
        await opened.talk(["/system/identity/print"])
        yield heard


def with_router(client: Callable[[VirtualRouter], Awaitable[None]], **spec: object) -> None:
    with serve([Spec(**{"name": "edge-1", "username": "trueup", "password": PASSWORD, **spec})]) as lab:
        asyncio.run(asyncio.wait_for(client(lab["edge-1"]), 20))


def add(served: VirtualRouter, menu: str, *words: str) -> str:
    return served.done_by("anna", f"{menu}/add", *words)[0][1].removeprefix("=ret=")


@pytest.mark.parametrize("version", ["7.24", "7.16", "6.49"])
def test_rows_that_come_change_and_go_are_told(version: str):
    async def client(served: VirtualRouter) -> None:
        there = add(served, POOL, "=name=old", "=ranges=10.0.0.9")
        async with hearing(served, POOL, FILTER) as heard:
            id = add(served, POOL, "=name=a", "=ranges=10.0.0.1")
            assert await heard.next() == Changed(POOL, id)
            served.done_by("anna", f"{POOL}/set", f"=.id={id}", "=ranges=10.0.0.2")
            assert await heard.next() == Changed(POOL, id)
            served.done_by("anna", f"{POOL}/remove", f"=.id={id}")
            assert await heard.next() == Changed(POOL, id, dead=True)
            served.done_by("anna", f"{POOL}/remove", f"=.id={there}")
            assert await heard.next() == Changed(POOL, there, dead=True)
            rule = add(served, FILTER, "=chain=input")
            assert await heard.next() == Changed(FILTER, rule)
            await heard.nothing()
            assert heard.refused == {}

    with_router(client, version=version)


def test_rows_that_the_router_makes_itself_are_not_told_nor_their_end():
    seed = {LISTS: [{"list": "a", "address": "10.0.0.1", "dynamic": "true", "timeout": "1h"}]}

    async def client(served: VirtualRouter) -> None:
        async with hearing(served, LISTS, "/ip/route") as heard:
            served.done_by("anna", f"{LISTS}/remove", f"=.id={served.rows(LISTS)[0]['.id']}")
            address = add(served, "/ip/address", "=address=10.9.0.1/24", "=interface=ether1")
            served.done_by("anna", "/ip/address/remove", f"=.id={address}")
            await heard.nothing()
            id = add(served, LISTS, "=list=a", "=address=10.0.0.2")
            assert await heard.next() == Changed(LISTS, id)

    with_router(client, seed=seed)


def test_removed_interfaces_are_told_in_the_menu_of_their_kind():
    async def client(served: VirtualRouter) -> None:
        bridge = add(served, BRIDGE, "=name=lan")
        async with hearing(served, BRIDGE, VLAN) as heard:
            vlan = add(served, VLAN, "=name=v", "=interface=lan", "=vlan-id=5")
            assert await heard.next() == Changed(VLAN, vlan)
            served.done_by("anna", f"{VLAN}/remove", f"=.id={vlan}")
            assert await heard.next() == Changed(VLAN, vlan, dead=True)
            served.done_by("anna", f"{BRIDGE}/remove", f"=.id={bridge}")
            assert await heard.next() == Changed(BRIDGE, bridge, dead=True)
            served.done_by("anna", "/interface/ethernet/set", "=.id=ether1", "=mtu=1400")
            await heard.nothing()

    with_router(client)


def test_a_menu_that_refuses_is_told_once_and_the_others_go_on():
    async def client(served: VirtualRouter) -> None:
        async with hearing(served, "/system/identity", POOL) as heard:
            id = add(served, POOL, "=name=a", "=ranges=10.0.0.1")
            assert await heard.next() == Changed(POOL, id)
            assert heard.refused == {"/system/identity": "unknown parameter follow-only"}

    with_router(client)


def test_it_ends_where_every_menu_refuses():
    async def client(served: VirtualRouter) -> None:
        async with hearing(served, "/system/identity", "/system/clock") as heard:
            assert await heard.next() is None
            assert heard.refused.keys() == {"/system/identity", "/system/clock"}

    with_router(client)


def test_nothing_of_what_rows_hold_is_asked_for():
    async def client(served: VirtualRouter) -> None:
        async with hearing(served, USERS) as heard:
            add(served, USERS, "=name=canary-guest", "=password=canary-7f3a")
            assert isinstance(await heard.next(), Changed)
        asked = [word for words in served.log for word in words if word.startswith("=.proplist=")]
        assert set(asked) == {"=.proplist=.id,.dead,dynamic", "=.proplist=.id"}

    with_router(client)


def test_a_lost_connection_ends_it():
    async def client(served: VirtualRouter) -> None:
        async with hearing(served, POOL) as heard:
            served.restart()
            assert isinstance(await heard.next(), Lost)

    with_router(client)


def test_a_reader_that_leaves_cancels_what_it_had_begun():
    async def client(served: VirtualRouter) -> None:
        async with hearing(served, POOL, FILTER):
            pass
        async with asyncio.timeout(5):
            while sum(words[0] == "/cancel" for words in served.log) < 2:
                await asyncio.sleep(0.01)

    with_router(client)


def script(*steps: Callable[[Peer, str], None]) -> Callable[[Peer], Awaitable[None]]:
    """A router that has one row, *1, and takes these steps once it is listened to."""

    async def play(peer: Peer) -> None:
        tags: dict[str, str] = {}
        while len(tags) < 2:
            path, tag, _ = await peer.command()
            tags[path] = tag
        peer.say("!re", f".tag={tags['/m/print']}", "=.id=*1")
        peer.done(tags["/m/print"])
        for step in steps:
            await asyncio.sleep(0.05)
            step(peer, tags["/m/listen"])
        while True:
            path, tag, _ = await peer.command()
            if path == "/system/identity/print":
                return  # hangs up where it is asked for a sign of life

    return play


def run(play: Callable[[Peer], Awaitable[None]], client: Callable[[Heard], Awaitable[None]]) -> None:
    async def both() -> None:
        async with session(play) as (opened, _), reading(Heard(opened, ["/m"])) as heard:
            await client(heard)

    asyncio.run(asyncio.wait_for(both(), 20))


def test_an_end_by_the_router_is_a_loss_and_no_refusal():
    def interrupted(peer: Peer, tag: str) -> None:
        peer.say("!trap", f".tag={tag}", "=category=2", "=message=interrupted")
        peer.done(tag)

    async def client(heard: Heard) -> None:
        found = await heard.next()
        assert isinstance(found, Lost)
        assert not isinstance(found, Refused)
        assert "/m/listen" in str(found)
        assert heard.refused == {}

    run(script(interrupted), client)
    run(script(lambda peer, tag: peer.done(tag)), client)


def test_the_end_of_unknown_rows_counts_for_nothing_once_rows_are_known():
    def gone(id: str, word: str) -> Callable[[Peer, str], None]:
        return lambda peer, tag: peer.say("!re", f".tag={tag}", f"=.id={id}", f"=.dead={word}")

    async def client(heard: Heard) -> None:
        assert await heard.next() == Changed("/m", "*1", dead=True)
        await heard.nothing()

    run(script(gone("*9", "true"), gone("*1", "yes"), gone("*1", "true")), client)


def test_a_connection_that_says_nothing_is_asked_for_a_sign_of_life(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "ALIVE", 0.1)

    async def client(heard: Heard) -> None:
        assert isinstance(await heard.next(), Lost)

    run(script(), client)


def test_a_slow_reader_costs_bounded_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BEHIND", 10)

    def flood(peer: Peer, tag: str) -> None:
        for number in range(500):
            peer.say("!re", f".tag={tag}", f"=.id=*{number:X}")

    async def slow() -> None:
        async with session(script(flood)) as (opened, _):
            changes = listen(opened, ["/m"], lambda *_: None)
            await anext(changes)
            await asyncio.sleep(0.3)
            got = 1
            with contextlib.suppress(TimeoutError):
                while True:
                    await asyncio.wait_for(anext(changes), 0.2)
                    got += 1
            assert 1 < got <= 12
            await changes.aclose()

    asyncio.run(asyncio.wait_for(slow(), 20))


def test_commands_go_on_while_many_menus_are_listened_to():
    """Subscriptions take none of the eight places of commands."""

    async def client(served: VirtualRouter) -> None:
        menus = [POOL, FILTER, USERS, LISTS, "/ip/route", "/ip/address", "/ppp/secret", "/ppp/profile", "/queue/simple"]
        async with hearing(served, *menus) as heard:
            id = add(served, "/queue/simple", "=name=q", "=target=10.0.0.1")
            assert await heard.next() == Changed("/queue/simple", id)

    with_router(client)
