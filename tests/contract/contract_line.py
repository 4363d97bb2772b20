"""Sentences to the router as they are: librouteros speaks, and the engine decides whether to trust who answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import librouteros
from contract_asked import Asked
from librouteros.exceptions import LibRouterosError

from trueup.device import Target, Tls, connect, read
from trueup.device.tls import check_pin, make_context
from trueup.errors import Problem, RouterError
from trueup.row import Facts, Secret

PATIENCE = 30.0
"""Seconds to wait for one sentence."""

Sentence = list[str]


class LineLost(Exception):
    """The router ended the connection, or said nothing any more."""


class LoginFailed(RouterError):
    """A login beyond the first did not come about."""


def target(asked: Asked) -> Target:
    """The router as the engine reaches it."""
    mode: Any = "pin" if asked.tls == "fingerprint" else asked.tls
    tls = Tls(mode, Path(asked.ca).expanduser() if asked.ca else None, asked.fingerprint)
    return Target("router", (asked.router,), asked.user, Secret(asked.password or ""), asked.port, tls)


async def _look(asked: Asked) -> Facts:
    async with connect(target(asked)) as session:
        return (await read(session, ())).facts


def look(asked: Asked) -> Facts:
    """What the router says it is; raises RouterError with the reason where it cannot be reached or says no."""
    return asyncio.run(_look(asked))


class Spoken:
    """One login; a command in, the sentences of its reply out."""

    def __init__(self, asked: Asked, user: str = "", password: str = "") -> None:
        tls = target(asked).tls
        where = f"router ({asked.router}:{asked.port})"
        wrap = partial(_wrapped, tls, asked.router, where) if tls.mode != "off" else {}
        arguments = {"ssl_wrapper": wrap} if wrap else {}
        login = (user, password) if user else (asked.user, asked.password or "")
        try:
            self.api = librouteros.connect(
                asked.router, *login, port=asked.port, encoding="utf-8", timeout=PATIENCE, **arguments
            )
        except (OSError, LibRouterosError) as error:
            raise LoginFailed(Problem(f"a further login failed: {error}", where)) from None

    def __call__(self, sentence: Sequence[str]) -> list[Sentence]:
        """The whole reply, `!done` last; raises LineLost."""
        reply: list[Sentence] = []
        try:
            self.api.protocol.writeSentence(sentence[0], *sentence[1:])
            while not reply or reply[-1][0] != "!done":
                word, words = self.api.protocol.readSentence()
                reply.append([word, *words])
        except (OSError, LibRouterosError, UnicodeDecodeError) as error:
            raise LineLost(str(error) or type(error).__name__) from None
        return reply

    def rows(self, path: str) -> list[dict[str, str]]:
        """The rows of a menu; none where the router does not have it."""
        return [
            dict(word[1:].partition("=")[::2] for word in sentence[1:] if word.startswith("="))
            for sentence in self([f"{path}/print"])
            if sentence[0] == "!re"
        ]

    def close(self) -> None:
        try:
            self.api.close()
        except (OSError, LibRouterosError):
            return


def _wrapped(tls: Tls, host: str, where: str, plain: socket.socket) -> socket.socket:
    context = make_context(tls, None, where)
    if context is None:
        return plain
    dressed = context.wrap_socket(plain, server_hostname=host)
    if tls.mode == "pin":
        check_pin(tls, dressed.getpeercert(binary_form=True), where)
    return dressed
