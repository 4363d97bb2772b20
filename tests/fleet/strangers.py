"""Things that answer on a router's port and are no router; and a port that nobody listens on."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

GARBAGE = bytes(range(255, 127, -1))


@contextlib.contextmanager
def stranger(says: bytes = b"", *, stays: bool = True) -> Iterator[int]:
    """The port of a server that says something to whoever comes, then stays silent or hangs up."""
    over = threading.Event()
    connections: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=32) as server:

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with contextlib.suppress(OSError):
                    connection.sendall(says)
                if stays:
                    connections.append(connection)
                else:
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()
            thread.join(5)
            for connection in connections:
                connection.close()


def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
