"""What stands before every view: only our own names, no large bodies, and headers that leave a browser no choice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trueup.daemon.endpoints import LONGEST_BODY
from trueup.daemon.webhook import FORGES
from trueup.web.names import Names

PATIENCE = 20.0
"""Seconds in which a body must be there."""

CLOSING = {"Connection": "close"}

LARGEST = 64 * 1024
"""Bytes of a form, at most."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no-referrer a browser says `Origin: null` of our own forms, and they would be refused.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "X-Robots-Tag": "noindex, nofollow",
}
FOREVER = "max-age=31536000"


class Guard:
    """Wraps the application. Webhooks may have larger bodies; they say themselves what is too large."""

    def __init__(self, app: ASGIApp, names: Names, tls: bool) -> None:
        self._app = app
        self._names = names
        self._tls = tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answering = _Answering(send, self._tls)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        hook = scope["path"] in FORGES
        if not self._names.fit(headers.get("host", "")):
            text = "This page does not answer to that name. Declare it in trueup.yaml as one of web: {names: [...]}.\n"
            await PlainTextResponse(text, 421)(scope, receive, answering)
        elif not hook and not _fits(headers.get("content-length", "0")):
            await _too_large(scope, receive, answering)
        else:
            body = _Bounded(receive, LONGEST_BODY if hook else LARGEST)
            try:
                await self._app(scope, body, answering)
            except TooLarge:
                if not answering.begun:
                    await _too_large(scope, receive, answering)
            except TooSlow:
                if not answering.begun:
                    await PlainTextResponse("The request took too long.\n", 408, CLOSING)(scope, receive, answering)


class TooLarge(Exception):
    """A body went on beyond its limit."""


class TooSlow(Exception):
    """A body did not come to its end in time."""


class _Bounded:
    """Receives no more than `limit` bytes of body, and those within PATIENCE."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit
        self._ends = asyncio.get_running_loop().time() + PATIENCE
        self._more = True

    async def __call__(self) -> Message:
        if not self._more:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._ends - asyncio.get_running_loop().time())
        except TimeoutError:
            raise TooSlow from None
        self._more = bool(message.get("more_body"))
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLarge
        return message


class _Answering:
    """Sends an answer with our headers on it."""

    def __init__(self, send: Send, tls: bool) -> None:
        self._send = send
        self._tls = tls
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
            if self._tls:
                headers["Strict-Transport-Security"] = FOREVER
        await self._send(message)


def _fits(length: str) -> bool:
    return length.isascii() and length.isdigit() and len(length) < 16 and int(length) <= LARGEST


async def _too_large(scope: Scope, receive: Receive, send: _Answering) -> None:
    """Answer without reading on; the connection ends, since the rest of the body would follow on it."""
    await PlainTextResponse("The request is too large.\n", 413, CLOSING)(scope, receive, send)
