"""Logins over SSH: by password, for users whose group has the policy; each is a row of /user/active."""

from __future__ import annotations

import asyncssh

from trueup.lab.console.seat import Seat, seat
from trueup.lab.presence import Presence
from trueup.lab.served import Served

VIA = "ssh"


class Login(asyncssh.SSHServer):
    """One SSH connection to a router, from its first byte to its last."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.router = served.router
        self.seat = Seat("")
        self.peer = ""
        self.connection: asyncssh.SSHServerConnection | None = None
        self._number = next(served.numbers)
        self._presence: tuple[Presence, int] | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn
        peer, own = (conn.get_extra_info(name) or ("", "") for name in ("peername", "sockname"))
        self.peer = str(peer[0])
        ends = {"local": str(own[0]), "remote": f"{peer[0]}:{peer[1]}"}
        conn.set_extra_info(login=self)
        self.router.connections[self._number] = {"name": "ssh", "port": str(own[1]), "proto": "tcp", **ends}
        self.served.consoles.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.served.consoles.discard(self)
        self.router.connections.pop(self._number, None)
        if self._presence is not None:
            presence, number = self._presence
            with self.router.lock:
                presence.leave(self.router.now, number)

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
            if user is None or not right or "ssh" not in self.router.policies(name):
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
        """End the connection at once."""
        if self.connection is not None:
            self.connection.abort()
