"""Logging in: librouteros speaks, over a wire of ours that neither logs nor guesses."""

from __future__ import annotations

import binascii
from asyncio import StreamReader, StreamWriter

from librouteros.api import AsyncApi
from librouteros.login import async_token

from trueup.device.target import Target
from trueup.device.words import Decoder, Garbled, encode_sentence, parse
from trueup.errors import Problem, RouterError

CHUNK = 4096

STRANGERS = {
    b"\x15\x03": "TLS answers on this port",
    b"SS": "an SSH server answers on this port",
    b"HT": "a web server answers on this port",
}
"""What the first two bytes tell of who answers, where it is not the API."""


class Denied(Exception):
    """The router's own words when it refuses a login."""


class Wire:
    """The wire that librouteros' API object logs in over; its decoder goes on to the session."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.decoder = Decoder()
        self._reader, self._writer = reader, writer
        self._waiting: list[list[str]] = []
        self._heard = b""

    async def writeSentence(self, cmd: str, *words: str) -> None:  # noqa: N802 librouteros' own name
        self._writer.write(encode_sentence((cmd, *words)))
        await self._writer.drain()

    async def readSentence(self) -> tuple[str, tuple[str, ...]]:  # noqa: N802 librouteros' own name
        while not self._waiting:
            data = await self._reader.read(CHUNK)
            if not data:
                raise EOFError("in the middle of a sentence" if self._heard else "")
            self._heard += data[: 2 - len(self._heard)]
            self._recognise()
            self._waiting = self.decoder.feed(data)
        answer = parse(self._waiting.pop(0))
        if answer.kind in ("!trap", "!fatal"):
            raise Denied(answer.values.get("message", answer.text))
        ret = answer.values.get("ret")
        return answer.kind, () if ret is None else (f"=ret={ret}",)

    def _recognise(self) -> None:
        """Say at once that it is not the API, instead of waiting for the rest of a word that never was one."""
        if stranger := STRANGERS.get(self._heard):
            raise Garbled(stranger)
        if self._heard[:1] not in (b"\x05", b"\x06") or self._heard[1:] not in (b"", b"!"):
            raise Garbled("what answers on this port is not the RouterOS API")


async def log_in(wire: Wire, target: Target, where: str) -> None:
    """Log in, the plain way or, where the router asks for it, the way before 6.43.

    Raises RouterError where the router says no; EOFError, Garbled and OSError where the connection fails.
    """
    api = AsyncApi(wire)
    password = target.password.reveal()
    try:
        replies = [reply async for reply in api("/login", name=target.username, password=password)]
        if any("ret" in reply for reply in replies):
            await async_token(api, target.username, password)
    except Denied as error:
        raise refusal(str(error), password, target.username, where) from None
    except binascii.Error:
        raise Garbled("the login was answered with a challenge that is none") from None
    except UnicodeEncodeError:
        text = "a RouterOS before 6.43 takes passwords of ASCII characters only"
        raise RouterError(Problem(text, where, "change the password")) from None


def refusal(text: str, password: str, username: str, where: str) -> RouterError:
    """The router's own words, with what to do about them; never the password, even if the router repeats it."""
    shown = text.replace(password, "(hidden)") if password else text
    remedy = f"check `username` ({username}) and `password`, and that its group has the policy `api`"
    return RouterError(Problem(f"the router refused the login: {shown or 'no reason given'}", where, remedy))
