"""One login's life: who is there, what they may do; words in, sentences out, no I/O."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from trueup.lab.call import Reply, Words, split
from trueup.lab.listening import LISTEN, Listening
from trueup.lab.packets.service import admits
from trueup.lab.pinging import ping
from trueup.lab.presence import Presence
from trueup.lab.router import Router
from trueup.lab.table import Row
from trueup.lab.trap import Trap, worded

WRONG_PASSWORD = "invalid user name or password (6)"  # noqa: S105
WRONG_RESPONSE = "cannot log in"


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences to send, whether the connection ends after them, and whether the router does; a `listen` goes on."""

    reply: Reply
    close: bool = False
    restart: bool = False
    listening: Listening | None = None


class Session:
    """One connection to a router, from its first byte to its last."""

    def __init__(self, router: Router, secure: bool = False, peer: str = "") -> None:
        self.router = router
        self.secure = secure
        self.peer = peer
        self.user = ""
        self.number = next(router.sessions)
        self._presence: tuple[Presence, int] | None = None
        self._challenge = b""

    def receive(self, sentence: Sequence[str]) -> Answer:
        """Answer one sentence; nothing but a login is served before one."""
        parts = split(sentence)
        name = f"{parts.path}/{parts.command}"
        if name == "/quit":
            return Answer([] if self.secure else [["!fatal", "session terminated on request"]], close=True)
        if name == "/login":
            return Answer(tagged(self._login(parts), parts.tag))
        if not self.user:
            return Answer([["!fatal", "not logged in"]], close=True)
        if name == "/system/reboot" and "reboot" in self.router.policies(self.user):
            return Answer([], close=True, restart=True)
        policies = self.router.policies(self.user)
        if parts.command == LISTEN:
            begun = self.router.listen(sentence, policies, self.user, self.number)
            return Answer([], listening=begun) if isinstance(begun, Listening) else Answer(tagged(begun, parts.tag))
        if name == "/ping":
            return Answer(tagged(self._ping(parts, policies), parts.tag))
        return Answer(self.router.execute(sentence, policies, self.user, self.number))

    def _ping(self, parts: Words, policies: frozenset[str]) -> Reply:
        with self.router.lock:
            self.router.timeline.catch_up()
            try:
                return ping(self.router, parts, policies)
            except Trap as trap:
                return [worded(trap, self.router.version).words(), ["!done"]]

    def _login(self, parts: Words) -> Reply:
        try:
            return self._plain(parts) if self.router.spec.login == "plain" else self._old(parts)
        except Trap as trap:
            with self.router.lock:
                self.router.presence.refuse(self.router.now, parts.arguments.get("name", ""), self.peer)
            return [trap.words(), ["!done"]]

    def _plain(self, parts: Words) -> Reply:
        """The login since 6.43: name and password as they are."""
        user = self._known(parts.arguments.get("name", ""), WRONG_PASSWORD)
        if user.values.get("password", "") != parts.arguments.get("password", ""):
            raise Trap(WRONG_PASSWORD)
        return self._enter(user)

    def _old(self, parts: Words) -> Reply:
        """The login before 6.43: a challenge, then the MD5 of it with the password."""
        response = parts.arguments.get("response", "")
        if not response:
            self._challenge = secrets.token_bytes(16)
            return [["!done", f"=ret={self._challenge.hex()}"]]
        user = self._known(parts.arguments.get("name", ""), WRONG_RESPONSE)
        secret = user.values.get("password", "").encode("utf-8", "surrogateescape")
        digest = hashlib.md5(b"\0" + secret + self._challenge, usedforsecurity=False).hexdigest()
        if not self._challenge or response.lower() != "00" + digest:
            raise Trap(WRONG_RESPONSE)
        return self._enter(user)

    def _known(self, name: str, refusal: str) -> Row:
        user = self.router.user(name)
        manager = self.router.spec.manager
        if user is None or (manager and not admits(user.values.get("address", ""), manager.source)):
            raise Trap(refusal)
        return user

    def _enter(self, user: Row) -> Reply:
        name = user.values["name"]
        if "api" not in self.router.policies(name):
            raise Trap("not allowed (9)")
        self._depart()
        self.user = name
        with self.router.lock:
            presence = self.router.presence
            number = presence.enter(self.router.now, name, user.values.get("group", ""), self.peer)
        self._presence = presence, number
        return [["!done"]]

    def cut(self) -> None:
        """The peer has gone without a word; the router will take long to find out."""
        with self.router.lock:
            self.router.safe_mode.lost(self.number, cut=True)

    def mended(self) -> None:
        """The peer is heard of again before the router has found out."""
        with self.router.lock:
            self.router.safe_mode.found(self.number)

    def forget(self) -> None:
        """The router has found out."""
        self._depart()

    def leave(self) -> None:
        """The connection has ended."""
        with self.router.lock:
            self.router.safe_mode.lost(self.number, cut=False)
        self._depart()

    def _depart(self) -> None:
        """The login ends."""
        if self._presence is not None:
            presence, number = self._presence
            with self.router.lock:
                presence.leave(self.router.now, number)
        self._presence = None


def tagged(reply: Reply, tag: str | None) -> Reply:
    """Every sentence with the command's tag."""
    return reply if tag is None else [[*sentence, f".tag={tag}"] for sentence in reply]
