"""Logins over SSH: by password, for users whose group has the policy; each is a row of /user/active."""

from __future__ import annotations

import asyncio
import socket

import asyncssh

from trueup.lab.console.console import Console
from trueup.lab.console.seat import Seat, seat
from trueup.lab.packets.service import admits
from trueup.lab.presence import Presence
from trueup.lab.served import Served

VIA = "ssh"

Ends = tuple[tuple[str, str], tuple[str, str]]
"""Address and port of the client, then the router's own."""

ENDS: Ends = (("", ""), ("", ""))


def ends(connection: socket.socket) -> Ends:
    """The ends of a connection; a client that is gone already has no address."""
    try:
        peer, own = connection.getpeername(), connection.getsockname()
    except OSError:
        return ENDS
    return (str(peer[0]), str(peer[1])), (str(own[0]), str(own[1]))


class Login(asyncssh.SSHServer):
    """One SSH connection to a router, from its first byte to its last."""

    def __init__(self, served: Served, ends: Ends = ENDS) -> None:
        self.served = served
        self.router = served.router
        self.seat = Seat("")
        self.peer = ends[0][0]
        self.shells: list[Console] = []
        self._loop = asyncio.get_running_loop()
        self._ends = ends
        self.connection: asyncssh.SSHServerConnection | None = None
        self._number = next(served.numbers)
        self._presence: tuple[Presence, int] | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn
        peer, own = self._ends
        about = {"local": own[0], "remote": ":".join(peer)}
        conn.set_extra_info(login=self)
        self.router.connections[self._number] = {"name": "ssh", "port": own[1], "proto": "tcp", **about}
        self.served.consoles.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.served.consoles.discard(self)
        self.router.connections.pop(self._number, None)
        for console in self.shells:
            console.leave()
        self.forget()

    def cut(self) -> None:
        """The peer has gone without a word; the router will take long to find out."""
        for console in self.shells:
            console.cut()

    def mended(self) -> None:
        """The peer is heard of again before the router has found out."""
        with self.router.lock:
            for console in self.shells:
                self.router.safe_mode.found(console.number)

    def forget(self) -> None:
        """The login ends."""
        if self._presence is not None:
            presence, number = self._presence
            with self.router.lock:
                presence.leave(self.router.now, number)
        self._presence = None

    def begin_auth(self, username: str) -> bool:
        self.seat = seat(username)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Whether a user may enter; a router does not say which part was wrong."""
        name = self.seat.user
        with self.router.lock:
            self.router.catch_up()
            presence, user = self.router.presence, self.router.user(name)
            right = user is not None and user.values.get("password", "") == password
            manager = self.router.spec.manager
            here = user is not None and (not manager or admits(user.values.get("address", ""), manager.source))
            if user is None or not right or not here or "ssh" not in self.router.policies(name):
                presence.refuse(self.router.now, name, self.peer, VIA)
                return False
            number = presence.enter(self.router.now, name, user.values.get("group", ""), self.peer, VIA)
        self._presence = presence, number
        return True

    def close(self) -> None:
        """End the connection in good order, as a router does when its console is left."""
        if self.connection is not None:
            self.connection.close()

    def hang_up(self) -> None:
        """End the connection at once; called from any thread."""
        if self.connection is not None:
            self._loop.call_soon_threadsafe(self.connection.abort)
