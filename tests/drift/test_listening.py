"""Between two rounds a change is noticed within seconds; our own are not, and a lost connection is made anew."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from trueup.daemon import listening
from trueup.daemon.listening import Watcher
from trueup.device import Session, Target, Tls, connect
from trueup.lab import Lab, Spec, serve
from trueup.lab.server import VirtualRouter
from trueup.row import Secret

PASSWORD = "canary-correct-horse"
POOL, FILTER, IDENTITY = "/ip/pool", "/ip/firewall/filter", "/system/identity"


@pytest.fixture(autouse=True)
def swift(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"QUIET": 0.1, "REST": 0.3, "ECHO": 0.2, "FIRST": 0.1, "LONGEST": 0.4, "STEADY": 9.0}.items():
        monkeypatch.setattr(listening, name, seconds)


class Desk:
    """A watcher of some virtual routers, and what it has told."""

    def __init__(self, lab: Lab, **limits: int) -> None:
        self.lab, self.changes, self.said = lab, asyncio.Queue[tuple[str, str]](), list[tuple[str, str]]()
        self.opened: list[str] = []
        self.watcher = Watcher(self.open, lambda router, text: self.said.append((router, text)), **limits)

    def open(self, router: str) -> AbstractAsyncContextManager[Session]:
        self.opened.append(router)
        port = self.lab[router].port
        return connect(Target(router, ("127.0.0.1",), "trueup", Secret(PASSWORD), port, Tls("off"), timeout=5.0))

    def start(self, router: str, *menus: str) -> None:
        self.watcher.start(router, menus, lambda name, menu: self.changes.put_nowait((name, menu)))

    async def begun(self, router: str, *menus: str) -> None:
        """Start, and wait until the router has taken it all."""
        before = heard(self.lab[router])
        self.start(router, *menus)
        await until(lambda: heard(self.lab[router]) >= before + 2 * len(menus) and router in self.watcher.listening)

    async def next(self) -> tuple[str, str]:
        return await asyncio.wait_for(self.changes.get(), 5)

    async def nothing(self) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self.changes.get(), 0.5)


def heard(served: VirtualRouter) -> int:
    return sum(words[0].endswith(("/listen", "/print")) for words in served.log)


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not ready():
            await asyncio.sleep(0.01)


def with_routers(client: Callable[[Desk], Awaitable[None]], *names: str, **limits: int) -> None:
    async def go(lab: Lab) -> None:
        desk = Desk(lab, **limits)
        try:
            await client(desk)
        finally:
            await desk.watcher.close()
        await until(lambda: all(not lab[name].router.connections for name in names))
        assert len(asyncio.all_tasks()) == 1

    async def bounded(lab: Lab) -> None:
        async with asyncio.timeout(30):
            await go(lab)

    with serve([Spec(name, username="trueup", password=PASSWORD) for name in names]) as lab:
        asyncio.run(bounded(lab))


def pool(served: VirtualRouter, name: str, user: str = "anna") -> None:
    served.done_by(user, f"{POOL}/add", f"=name={name}", "=ranges=10.0.0.1")


def test_a_change_is_told_once_with_all_that_follows_it_at_once():
    async def client(desk: Desk) -> None:
        await desk.begun("edge-1", POOL, FILTER)
        for number in range(20):
            pool(desk.lab["edge-1"], f"p{number}")
        assert await desk.next() == ("edge-1", POOL)
        await desk.nothing()
        desk.lab["edge-1"].done_by("anna", f"{FILTER}/add", "=chain=input")
        assert await desk.next() == ("edge-1", FILTER)

    with_routers(client, "edge-1")


def test_a_menu_that_never_rests_is_told_now_and_then():
    async def client(desk: Desk) -> None:
        await desk.begun("edge-1", POOL)
        loop, times = asyncio.get_running_loop(), []
        for number in range(60):
            pool(desk.lab["edge-1"], f"p{number}")
            await asyncio.sleep(0.02)
            while not desk.changes.empty():
                desk.changes.get_nowait()
                times.append(loop.time())
        assert len(times) >= 2
        assert all(later - earlier >= 0.25 for earlier, later in itertools.pairwise(times))

    with_routers(client, "edge-1")


def test_what_we_write_ourselves_is_not_told_but_what_others_do_elsewhere_is():
    async def client(desk: Desk) -> None:
        await desk.begun("edge-1", POOL, FILTER)
        with desk.watcher.writing("edge-1", [POOL]):
            pool(desk.lab["edge-1"], "ours", "trueup")
            desk.lab["edge-1"].done_by("anna", f"{FILTER}/add", "=chain=input")
            await asyncio.sleep(0.1)
        assert await desk.next() == ("edge-1", FILTER)
        await desk.nothing()
        pool(desk.lab["edge-1"], "theirs")
        assert await desk.next() == ("edge-1", POOL)
        with desk.watcher.writing("edge-1"), desk.watcher.writing("nobody"):
            pool(desk.lab["edge-1"], "ours-too", "trueup")
            await asyncio.sleep(0.1)
        await desk.nothing()

    with_routers(client, "edge-1")


def test_after_a_lost_connection_every_menu_counts_as_changed():
    async def client(desk: Desk) -> None:
        await desk.begun("edge-1", POOL, FILTER)
        desk.lab["edge-1"].restart()
        assert {await desk.next(), await desk.next()} == {("edge-1", POOL), ("edge-1", FILTER)}
        await until(lambda: "edge-1" in desk.watcher.listening)
        pool(desk.lab["edge-1"], "theirs")
        assert await desk.next() == ("edge-1", POOL)
        assert desk.said == []

    with_routers(client, "edge-1")


def test_a_router_that_cannot_be_reached_is_tried_ever_more_seldom_and_keeps_no_other_waiting():
    async def client(desk: Desk) -> None:
        desk.lab["edge-1"].reboot(60)
        desk.start("edge-1", POOL)
        await desk.begun("edge-2", POOL)
        await asyncio.sleep(1.5)
        assert 2 <= desk.opened.count("edge-1") <= 8
        pool(desk.lab["edge-2"], "theirs")
        assert await desk.next() == ("edge-2", POOL)

    with_routers(client, "edge-1", "edge-2")


def test_other_menus_from_now_on_and_the_same_ones_once():
    async def client(desk: Desk) -> None:
        await desk.begun("edge-1", POOL)
        desk.start("edge-1", POOL, POOL)
        assert desk.opened == ["edge-1"]
        desk.watcher.start("edge-1", [POOL], lambda *_: None, "another address")
        await until(lambda: len(desk.opened) == 2)
        await desk.begun("edge-1", FILTER)
        pool(desk.lab["edge-1"], "theirs")
        await desk.nothing()
        desk.start("edge-1")
        await until(lambda: not desk.lab["edge-1"].router.connections)
        assert desk.watcher.listening == frozenset()

    with_routers(client, "edge-1")


def test_what_is_stopped_tells_nothing_any_more():
    async def client(desk: Desk) -> None:
        await desk.begun("edge-1", POOL)
        pool(desk.lab["edge-1"], "theirs")
        await asyncio.sleep(0.1)
        desk.watcher.stop("edge-1")
        desk.watcher.stop("edge-1")
        await desk.nothing()

    with_routers(client, "edge-1")


def test_menus_that_refuse_are_told_once_also_after_another_connection():
    async def client(desk: Desk) -> None:
        desk.start("edge-1", IDENTITY, POOL)
        await until(lambda: bool(desk.said))
        desk.lab["edge-1"].restart()
        await until(lambda: len(desk.opened) == 2 and "edge-1" in desk.watcher.listening)
        await asyncio.sleep(0.2)
        assert desk.said == [("edge-1", f"{IDENTITY} cannot be listened to: unknown parameter follow-only")]
        desk.start("edge-1", IDENTITY)
        await until(lambda: len(desk.opened) == 3 and not desk.lab["edge-1"].router.connections)
        assert len(desk.said) == 1

    with_routers(client, "edge-1")


def test_connections_and_menus_are_bounded():
    async def client(desk: Desk) -> None:
        await desk.begun("edge-1", POOL)
        desk.start("edge-2", POOL)
        assert desk.said == [("edge-2", "1 routers are listened to already; it is looked at each interval only")]
        desk.start("edge-1", *(f"/m{number}" for number in range(14)))
        assert desk.said[-1] == ("edge-1", "12 menus are listened to at most; not to /m12, /m13")
        await until(lambda: heard(desk.lab["edge-1"]) >= 12)
        assert not any(words[0].startswith(("/m12", "/m13")) for words in desk.lab["edge-1"].log)

    with_routers(client, "edge-1", "edge-2", routers=1)
