"""The SSH service of a virtual router."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Coroutine
from functools import partial

import asyncssh

from trueup.lab.authority import HostKey
from trueup.lab.door import Door
from trueup.lab.line import Line
from trueup.lab.relay import relay
from trueup.lab.served import Served
from trueup.lab.ssh.login import Login, ends
from trueup.lab.ssh.shell import serve
from trueup.lab.ssh.transfer import Files

NAME = "ROSSSH"
"""What a router calls its SSH server (seen in published scans)."""


class Service:
    """A port that answers; `close` hangs up on everyone."""

    def __init__(self, served: Served, key: HostKey) -> None:
        self.port = 0
        self._served = served
        self._shells: set[asyncio.Task[None]] = set()
        self._options = asyncssh.SSHServerConnectionOptions(
            server_host_keys=[str(key.file)], server_version=NAME, process_factory=partial(serve, self._shells),
            encoding=None, line_editor=False, sftp_factory=Files, allow_scp=True,
        )  # fmt: skip
        self._door = Door(served.gate, "ssh", self._welcome)
        self._running: set[asyncio.Task[None]] = set()
        self._waiting: set[socket.socket] = set()

    def open(self, port: int) -> None:
        """Open the port; raises OSError where it cannot be had."""
        self.port = self._door.open(self._served.spec.address, port)

    async def close(self) -> None:
        self._door.close()
        for console in list(self._served.consoles):
            console.hang_up()
        await asyncio.gather(*self._shells, return_exceptions=True)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for connection in self._waiting:
            connection.close()

    def _welcome(self, connection: socket.socket) -> None:
        self._waiting.add(connection)
        self._run(self._serve(connection))

    def _run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin something that ends with the service at the latest."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _serve(self, connection: socket.socket) -> None:
        """One connection; packets are asked for only where someone may forbid them."""
        login = Login(self._served, ends(connection))
        if self._served.spec.manager is None:
            await self._talk(connection, login)
            return
        line = Line(self._served.gate, "ssh", login)
        inner, outer = socket.socketpair()
        for each in (inner, outer):
            each.setblocking(False)
        self._waiting.add(inner)
        self._run(self._talk(inner, login))
        try:
            self._waiting.discard(connection)
            await relay(connection, outer, line)
        finally:
            line.close()

    async def _talk(self, connection: socket.socket, login: Login) -> None:
        """SSH on a socket until it ends."""
        self._waiting.discard(connection)
        try:
            with contextlib.suppress(asyncssh.Error, OSError, TimeoutError):
                options = asyncssh.SSHServerConnectionOptions(self._options, server_factory=lambda: login)
                made = await asyncssh.run_server(connection, options=options)
                await made.wait_closed()
        finally:
            connection.close()


async def listen(served: Served, port: int, key: HostKey) -> Service:
    """Open the port; raises OSError where it cannot be had."""
    service = Service(served, key)
    service.open(port)
    return service
