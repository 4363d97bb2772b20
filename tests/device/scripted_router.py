"""A router that says what a test tells it to, on 127.0.0.1; it decodes with code of its own."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from trueup.device.connect import connect
from trueup.device.session import Session
from trueup.device.target import Target, Tls
from trueup.row import Secret

PASSWORD = "canary-Päss:word"
PLAIN = Tls(mode="off")


def pack(*words: str | bytes) -> bytes:
    """A sentence of words shorter than 16384 bytes."""
    raw = [word if isinstance(word, bytes) else word.encode() for word in words]
    heads = [bytes([len(w)]) if len(w) < 128 else (len(w) | 0x8000).to_bytes(2, "big") for w in raw]
    return b"".join(head + word for head, word in zip(heads, raw, strict=True)) + b"\x00"


@dataclass
class Peer:
    """One accepted connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: list[list[str]] = field(default_factory=list)

    async def hear(self) -> list[str]:
        """The next sentence; EOFError where the client has gone."""
        words: list[str] = []
        while True:
            try:
                size = (await self.reader.readexactly(1))[0]
                if size >= 0x80:
                    size = (size & 0x3F) << 8 | (await self.reader.readexactly(1))[0]
                word = (await self.reader.readexactly(size)).decode()
            except asyncio.IncompleteReadError:
                raise EOFError from None
            if not word:
                self.heard.append(words)
                return words
            words.append(word)

    async def command(self) -> tuple[str, str, list[str]]:
        """The next command: its path, its tag, its other words."""
        words = await self.hear()
        tag = next((word[5:] for word in words if word.startswith(".tag=")), "")
        return words[0], tag, [word for word in words[1:] if not word.startswith(".tag=")]

    def say(self, *words: str) -> None:
        self.writer.write(pack(*words))

    def done(self, tag: str, *words: str) -> None:
        self.say("!done", f".tag={tag}", *words)

    async def accept_login(self) -> None:
        await self.hear()
        self.say("!done")


Script = Callable[[Peer], Awaitable[None]]


@dataclass
class Scripted:
    """A running scripted router; `peers` are its connections so far."""

    port: int
    peers: list[Peer] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def target(self, **changes: object) -> Target:
        given = {"name": "edge-1", "hosts": ("127.0.0.1",), "username": "trueup", "password": Secret(PASSWORD)}
        return Target(**(given | {"port": self.port, "tls": PLAIN, "timeout": 5.0} | changes))


@contextlib.asynccontextmanager
async def scripted(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Scripted]:
    """Serve `script` to every connection; one that ends hangs up."""
    router = Scripted(0)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        peer = Peer(reader, writer)
        router.peers.append(peer)
        try:
            with contextlib.suppress(EOFError, ConnectionError):
                await script(peer)
        except asyncio.CancelledError:
            pass  # the test is over
        except (AssertionError, pytest.fail.Exception) as failure:
            router.failures.append(failure)
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await asyncio.wait_for(writer.wait_closed(), 2)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    router.port = server.sockets[0].getsockname()[1]
    try:
        yield router
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if router.failures:
        raise router.failures[0]


@contextlib.asynccontextmanager
async def session(script: Script) -> AsyncIterator[tuple[Session, Scripted]]:
    """A logged-in session with a scripted router; the script begins after the login."""

    async def whole(peer: Peer) -> None:
        await peer.accept_login()
        await script(peer)

    async with scripted(whole) as router, connect(router.target()) as opened:
        yield opened, router
