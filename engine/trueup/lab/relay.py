"""Bytes between a client and a service that knows nothing of cut lines; what is cut off waits on the way."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

from trueup.lab.line import Line, Over

CHUNK = 65536
LINGER_NOT = struct.pack("ii", 1, 0)


async def relay(client: socket.socket, service: socket.socket, line: Line) -> None:
    """Carry them both ways until either side ends, and close both; the client hears of the end once it can."""
    ways = [asyncio.ensure_future(carry(*ends, line)) for ends in ((client, service), (service, client))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        with contextlib.suppress(OSError):
            await line.clear()
    except Over:
        reset(client)
    finally:
        for way in ways:
            way.cancel()
        try:  # this may be cancelled here too
            await asyncio.gather(*ways, return_exceptions=True)
        finally:
            client.close()
            service.close()


async def carry(source: socket.socket, sink: socket.socket, line: Line) -> None:
    """Carry one way until it ends."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError, Over):
        while data := await loop.sock_recv(source, CHUNK):
            await line.clear()
            await loop.sock_sendall(sink, data)


def reset(connection: socket.socket) -> None:
    """Have a socket end as one of a connection that is not there, once it is closed."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
