"""A page with its fleet, users and actions, asked within the process or served for real."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import web_fleet

from trueup.audit import Audit
from trueup.daemon.events import Event
from trueup.web.app import make_app
from trueup.web.password import Cost
from trueup.web.plain import Machines
from trueup.web.serve import serve
from trueup.web.users import Users
from trueup_schemas.operate import Web

CHEAP = Cost(10, 8, 1)
PASSWORD = "quite-a-long-canary-password"
ADDRESS = "http://127.0.0.1:8080"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


def users_in(folder: Path) -> Users:
    """An operator, maria, and a viewer, vera."""
    users = Users(folder / "users.yaml", CHEAP)
    users.add("maria", "operator", PASSWORD)
    users.add("vera", "viewer", PASSWORD)
    return users


class Client:
    """A browser without a screen: cookies, the Origin of its page, no redirects followed."""

    def __init__(self, app: Any, address: str, origin: str, came_from: str) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(came_from, 40000))
        self._client = httpx.AsyncClient(transport=transport, base_url=address, headers={"origin": origin})
        self.cookies, self.headers = self._client.cookies, self._client.headers

    def get(self, path: str, **known: Any) -> httpx.Response:
        return asyncio.run(self._client.get(path, **known))

    def post(self, path: str, **known: Any) -> httpx.Response:
        return asyncio.run(self._client.post(path, **known))


@dataclass
class Room:
    """A page, and what stands behind it."""

    board: web_fleet.HandMade
    actions: web_fleet.Remembered
    users: Users
    app: Any
    settings: Web
    root: Path

    def client(self, address: str = ADDRESS, came_from: str = "127.0.0.1") -> Client:
        """A browser of its own."""
        return Client(self.app, address, address, came_from)

    def logged_in(self, name: str = "maria", address: str = ADDRESS, came_from: str = "127.0.0.1") -> Client:
        client = self.client(address, came_from)
        answer = log_in(client, name)
        assert answer.status_code == 303, answer.text
        return client


def room(
    folder: Path, audit: Audit | None = None, machines: Machines | None = None, size: int = 12, **settings: Any
) -> Room:
    board = web_fleet.HandMade(web_fleet.fleet(size))
    actions = web_fleet.Remembered(board)
    known = Web.model_validate({"port": 0, "links": "https://forge.example/network", **settings})
    users = users_in(folder)
    app = make_app(board, actions, users, known, audit, root=folder, machines=machines)
    return Room(board, actions, users, app, known, folder)


def log_in(client: Client, name: str, password: str = PASSWORD, onward: str = "/") -> Any:
    form = client.get("/login")
    data = {"csrf": csrf(form), "name": name, "password": password, "next": onward}
    return client.post("/login", data=data)


def csrf(answer: Any) -> str:
    """The token in a page's form."""
    found = CSRF.search(answer.text)
    assert found, answer.text
    return found[1]


@dataclass
class Served:
    """A page that is being served; `tell` passes an event on in its loop."""

    address: str
    loop: asyncio.AbstractEventLoop
    room: Room

    def tell(self, event: Event) -> None:
        self.loop.call_soon_threadsafe(self.room.board.bus.tell, event)


@contextmanager
def serving(room: Room) -> Iterator[Served]:
    """The page on a loop and thread of its own, until the context ends; it must then end within seconds."""
    ready, told = threading.Event(), []
    loop = asyncio.new_event_loop()

    def note(address: str) -> None:
        told.append(address)
        ready.set()

    async def run() -> None:
        await serve(room.app, room.settings, room.root, note)

    def main() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001 - told to the test
            told.append(error)
            ready.set()

    task = loop.create_task(run())
    thread = threading.Thread(target=main)
    thread.start()
    try:
        assert ready.wait(10)
        if isinstance(told[0], BaseException):
            raise told[0]
        yield Served(told[0], loop, room)
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(15)
        assert not thread.is_alive(), "the page did not end"
        loop.close()
