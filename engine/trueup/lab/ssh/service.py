"""The SSH service of a virtual router."""

from __future__ import annotations

import asyncio
from functools import partial

import asyncssh

from trueup.lab.authority import HostKey
from trueup.lab.served import Served
from trueup.lab.ssh.login import Login
from trueup.lab.ssh.shell import serve

NAME = "ROSSSH"
"""What a router calls its SSH server (seen in published scans)."""


class Service:
    """A port that answers; `close` hangs up on everyone."""

    def __init__(self, served: Served, acceptor: asyncssh.SSHAcceptor, running: set[asyncio.Task[None]]) -> None:
        self.port = int(acceptor.get_port())
        self._served = served
        self._acceptor = acceptor
        self._running = running

    async def close(self) -> None:
        self._acceptor.close()
        for console in list(self._served.consoles):
            console.hang_up()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._acceptor.wait_closed()


async def listen(served: Served, port: int, key: HostKey) -> Service:
    """Open the port; raises OSError where it cannot be had."""
    running: set[asyncio.Task[None]] = set()
    acceptor = await asyncssh.listen(
        served.spec.address, port, server_host_keys=[str(key.file)], server_version=NAME, reuse_address=True,
        server_factory=partial(Login, served), process_factory=partial(serve, running), encoding=None,
        line_editor=False,
    )  # fmt: skip
    return Service(served, acceptor, running)
