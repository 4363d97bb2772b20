"""A service's port as the manager finds it: open, dark (no answer at all), or shut (refused)."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import socket
import struct
import threading
from collections.abc import Callable

from trueup.lab.gate import Gate
from trueup.lab.packets.fate import Outcome

BACKLOG = 128
ATTACH_FILTER, DETACH_FILTER = 26, 27
"""Linux: what a socket hears goes through a small program first; here one that throws everything away."""

NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)


class Door:
    """Listens on one port for one service, and asks the gate whether packets get that far.

    Where they vanish, Linux throws away the first packet of a connection, so that its sender tries again and times out,
    as it would with a router; elsewhere the connection is taken and never answered. `welcome` gets each connection.
    """

    def __init__(self, gate: Gate, service: str, welcome: Callable[[socket.socket], None], stands_for: int = 0) -> None:
        self._gate = gate
        self._service = service
        self._stands_for = stands_for
        self._welcome = welcome
        self._outcome: Outcome | None = None
        self._listener: socket.socket | None = None
        self._unanswered: list[socket.socket] = []

    def open(self, address: str, port: int) -> int:
        """Open the port, 0 for any that is free, and say which; called in the loop. Raises OSError."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._held = bound(address, port)  # so that nobody else gets the port while it is shut
        self._address = (address, int(self._held.getsockname()[1]))
        self._gate.watch(self._look)
        return self._address[1]

    def close(self) -> None:
        """Close the port for good; called in the loop."""
        self._gate.leave(self._look)
        self._shut()
        self._held.close()
        for each in self._unanswered:
            each.close()

    def _look(self) -> None:
        """Make the port what the gate says; called from any thread."""
        outcome = self._gate.judge(self._service, "new", self._stands_for).outcome
        if outcome == self._outcome:
            return
        self._outcome = outcome
        if outcome == "refused":
            self._shut()
            return
        if self._listener is None:
            self._listen(deaf=outcome == "vanishes")
        else:
            hear(self._listener, nothing=outcome == "vanishes")
        if outcome == "passes" and self._unanswered:
            self._loop.call_soon_threadsafe(self._answer)

    def _listen(self, deaf: bool) -> None:
        self._listener = listener = bound(*self._address)
        listener.setblocking(False)
        if deaf:
            hear(listener, nothing=True)
        listener.listen(BACKLOG)
        self._in_loop(lambda: listener.fileno() < 0 or self._loop.add_reader(listener, self._accept, listener))

    def _shut(self) -> None:
        listener, self._listener = self._listener, None
        if listener is None:
            return
        if threading.get_ident() != self._thread:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RD)  # refuses from this moment on
        self._in_loop(lambda: self._end(listener))

    def _end(self, listener: socket.socket) -> None:
        self._loop.remove_reader(listener)
        listener.close()

    def _in_loop(self, run: Callable[[], object]) -> None:
        """Do something in the loop's own thread."""
        if threading.get_ident() == self._thread:
            run()
        else:
            self._loop.call_soon_threadsafe(run)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for _ in range(BACKLOG):
                connection, _ = listener.accept()
                if self._outcome == "vanishes" and not deafens():
                    self._unanswered.append(connection)
                    continue
                connection.setblocking(False)
                self._welcome(connection)

    def _answer(self) -> None:
        """Take those who have been waiting where packets cannot be thrown away."""
        waiting, self._unanswered = self._unanswered, []
        for each in waiting:
            each.setblocking(False)
            self._welcome(each)


def bound(address: str, port: int) -> socket.socket:
    """A socket with an address; several may have the same as long as one alone listens. Raises OSError."""
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
    except OSError as error:
        made.close()
        raise OSError(error.errno, f"{address}:{port}: {str(error.strerror).lower()}") from error
    return made


def deafens() -> bool:
    """Whether the system can throw away what comes to a socket."""
    return hasattr(socket, "SO_DOMAIN") and hasattr(socket, "AF_NETLINK")


def hear(listener: socket.socket, nothing: bool) -> None:
    """Throw away what comes to a socket, or no more."""
    if not deafens():
        return
    if nothing:
        program = ctypes.create_string_buffer(NOTHING)
        said = struct.pack("HL", 1, ctypes.addressof(program))
        listener.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, said)
    else:
        with contextlib.suppress(OSError):  # none is there
            listener.setsockopt(socket.SOL_SOCKET, DETACH_FILTER, 0)
