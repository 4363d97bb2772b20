"""One process, many virtual routers, each on its own address with its ports."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from trueup.lab.authority import Authority, server_context
from trueup.lab.connection import Connection
from trueup.lab.presenting import Presenting
from trueup.lab.router import Router
from trueup.lab.served import Served
from trueup.lab.spec import Spec

if TYPE_CHECKING:
    from trueup.lab.ssh.service import Service

BACKLOG = 128


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
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Task[None]] = set()

    async def listen(self, authority: Authority) -> None:
        """Open the ports; raises OSError where an address or port cannot be had."""
        self.ca = authority.certificate_file
        if self.spec.port is not None:
            self.port = await self._open(self.spec.port, None)
        if self.spec.tls_port is not None:
            identity = authority.identity(self.spec.name, self.spec.address)
            self.fingerprint = identity.fingerprint
            self.tls_port = await self._open(self.spec.tls_port, None if self.spec.anonymous else identity.pem, True)
        if self.spec.ssh_port is not None:
            await self._open_ssh(self.spec.ssh_port, authority)

    async def _open_ssh(self, port: int, authority: Authority) -> None:
        """The console's port; what it takes is loaded with the first one."""
        from trueup.lab.ssh.service import listen

        key = authority.host_key(self.spec.name)
        self.host_key = key.fingerprint
        self._ssh = await listen(self, port, key)
        self.ssh_port = self._ssh.port

    async def _open(self, port: int, pem: Path | None, secure: bool = False) -> int:
        async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101
            self._connections.add(task)
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await Connection(self, reader, writer, secure).run()
            finally:
                self._connections.discard(task)

        context = Presenting.over(server_context(pem), self.router) if secure else None
        server = await asyncio.start_server(
            serve_one, self.spec.address, port, ssl=context, backlog=BACKLOG, limit=1 << 20
        )
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Close the ports and hang up on everyone."""
        for server in self._servers:
            server.close()
        if self._ssh is not None:
            await self._ssh.close()
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()


class Lab(Mapping[str, VirtualRouter]):
    """Virtual routers by name."""

    def __init__(self, routers: Sequence[VirtualRouter], authority: Authority) -> None:
        self._routers = {served.spec.name: served for served in routers}
        self.authority = authority

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

    async def close(self) -> None:
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
