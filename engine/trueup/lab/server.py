"""One process, many virtual routers, each on its own address with its ports."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from trueup.lab.authority import Authority, server_context
from trueup.lab.connection import Connection
from trueup.lab.door import Door
from trueup.lab.line import Line, Over
from trueup.lab.packets.service import listens_on, stands_for
from trueup.lab.presenting import Presenting
from trueup.lab.router import Router
from trueup.lab.served import Served
from trueup.lab.session import Session
from trueup.lab.spec import Spec

if TYPE_CHECKING:
    from trueup.lab.ssh.service import Service

TICK = 0.05
"""Seconds between two looks at what is due."""


class VirtualRouter(Served):
    """One router with its ports."""

    def __init__(self, spec: Spec, router: Router | None = None) -> None:
        super().__init__(spec, router)
        self.port = 0
        self.tls_port = 0
        self.ca = Path()
        self.fingerprint = ""
        self.ssh_port = 0
        self.host_key = ""
        self._ssh: Service | None = None
        self._doors: list[Door] = []
        self._connections: set[asyncio.Task[None]] = set()
        self._waiting: set[socket.socket] = set()

    async def listen(self, authority: Authority) -> None:
        """Open the ports; raises OSError where an address or port cannot be had."""
        self.ca = authority.certificate_file
        if self.spec.port is not None:
            self.port = self._open("api", self.spec.port, None)
        if self.spec.tls_port is not None:
            identity = authority.identity(self.spec.name, self.spec.address)
            self.fingerprint = identity.fingerprint
            usual = server_context(None if self.spec.anonymous else identity.pem)
            context = Presenting.over(usual, self.router, partial(self._issue, authority))
            self.tls_port = self._open("api-ssl", self.spec.tls_port, context)
        if self.spec.ssh_port is not None:
            await self._open_ssh(self.spec.ssh_port, authority)

    def _issue(self, authority: Authority, certificate: str) -> Path:
        """The file with another certificate that the router is told to have."""
        return authority.identity(f"{self.spec.name}.{certificate}", self.spec.address).pem

    async def _open_ssh(self, port: int, authority: Authority) -> None:
        """The console's port; what it takes is loaded with the first one."""
        from trueup.lab.ssh.service import listen

        key = authority.host_key(self.spec.name)
        self.host_key = key.fingerprint
        self._ssh = await listen(self, port, key)
        self.ssh_port = self._ssh.port

    def _open(self, service: str, port: int, context: ssl.SSLContext | None) -> int:
        """Open a service's port; where it is the router's own, the ports that the service moves to are opened too."""
        opened = self._door(service, port, context)
        if self.spec.manager is not None and port == stands_for(self.router, service):
            loop, known = asyncio.get_running_loop(), {port}

            def follow() -> None:
                now = listens_on(self.router, service)
                if now not in known:
                    known.add(now)
                    loop.call_soon_threadsafe(self._move, service, now, context)

            self.gate.watch(follow)
        return opened

    def _move(self, service: str, port: int, context: ssl.SSLContext | None) -> None:
        """Open the port that a service has moved to; one that cannot be had here stays shut."""
        with contextlib.suppress(OSError, OverflowError):
            self._door(service, port, context, port)

    def _door(self, service: str, port: int, context: ssl.SSLContext | None, stands_for: int = 0) -> int:
        def welcome(connection: socket.socket) -> None:
            self._waiting.add(connection)
            task = asyncio.ensure_future(self._serve(service, connection, context, stands_for))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

        door = Door(self.gate, service, welcome, stands_for)
        opened = door.open(self.spec.address, port)
        self._doors.append(door)
        return opened

    async def _serve(
        self, service: str, connection: socket.socket, context: ssl.SSLContext | None, stands_for: int
    ) -> None:
        """One connection from its first byte to its last; one that never gets through TLS ends without a word."""
        session = Session(self.router, context is not None, peer(connection))
        line = Line(self.gate, service, session, stands_for)
        try:
            with contextlib.suppress(asyncio.CancelledError, Over, OSError):
                await line.clear()
                self._waiting.discard(connection)
                await self._talk(connection, context, session, line)
        finally:
            line.close()
            if connection in self._waiting:
                self._waiting.discard(connection)
                connection.close()

    async def _talk(
        self, connection: socket.socket, context: ssl.SSLContext | None, session: Session, line: Line
    ) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(1 << 20, loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, ssl=context)
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        await Connection(self, reader, writer, session, line).run()

    async def close(self) -> None:
        """Close the ports and hang up on everyone."""
        self.gate.close()
        for door in self._doors:
            door.close()
        if self._ssh is not None:
            await self._ssh.close()
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        for connection in self._waiting:
            connection.close()


def peer(connection: socket.socket) -> str:
    """The client's address, "" where it is gone already."""
    try:
        return str(connection.getpeername()[0])
    except OSError:
        return ""


class Lab(Mapping[str, VirtualRouter]):
    """Virtual routers by name."""

    def __init__(self, routers: Sequence[VirtualRouter], authority: Authority) -> None:
        self._routers = {served.spec.name: served for served in routers}
        self.authority = authority
        self._ticking: asyncio.Task[None] | None = None

    @property
    def ca(self) -> Path:
        """The file with the CA that every router's certificate is signed by."""
        return self.authority.certificate_file

    def __getitem__(self, name: str) -> VirtualRouter:
        return self._routers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._routers)

    def __len__(self) -> int:
        return len(self._routers)

    async def listen(self) -> None:
        """Open every router's ports, or none."""
        try:
            for served in self.values():
                await served.listen(self.authority)
        except OSError:
            await self.close()
            raise
        self._ticking = asyncio.ensure_future(self._tick())

    async def _tick(self) -> None:
        """Let happen what is due on routers that nobody may be able to ask."""
        while True:
            await asyncio.sleep(TICK)
            for served in self.values():
                if served.gate.filters:
                    served.router.catch_up()

    async def close(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
        for served in self.values():
            await served.close()


@contextlib.contextmanager
def serve(specs: Sequence[Spec], folder: Path | None = None, make: Callable[[Spec], Router] = Router) -> Iterator[Lab]:
    """Serve routers from a thread of their own while the context lasts; the CA lives in `folder`, else in a new one."""
    with TemporaryDirectory(prefix="trueup-lab-") as temporary:
        authority = Authority(folder or Path(temporary))
        lab = Lab([VirtualRouter(spec, make(spec)) for spec in specs], authority)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="trueup-lab", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(lab.listen(), loop).result(30)
            yield lab
        finally:
            asyncio.run_coroutine_threadsafe(lab.close(), loop).result(30)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(30)
            loop.close()
