"""What others have served beside the pages: plain functions for metrics, health and webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import inspect
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from trueup.web.login import Checking
from trueup.web.visitor import address_of, context_of, visitor_of

Answer = tuple[int, Mapping[str, str], bytes]
Serve = Callable[[str, str, Mapping[str, str], bytes], Answer | Awaitable[Answer]]
"""Method, path, headers in lower case and body in; status, headers and body out."""

REMEMBERED = 300.0
"""Seconds for which a name and password that were right need not be hashed again, since programs ask often."""


@dataclass(frozen=True, slots=True)
class PlainRoute:
    """A path, such as /hooks/{forge}, and who answers. `private`: not without a login where pages need one."""

    path: str
    serve: Serve
    methods: tuple[str, ...] = ("GET",)
    private: bool = False

    @property
    def beginning(self) -> str:
        """What paths of this route begin with."""
        return self.path.partition("{")[0]


@dataclass(slots=True)
class Programs:
    """Names and passwords that programs send with each request (HTTP Basic)."""

    checking: Checking
    _key: bytes = field(default_factory=lambda: os.urandom(32), repr=False)
    _known: dict[str, float] = field(default_factory=dict, repr=False)

    async def may(self, request: Request) -> bool:
        """Whether the request's Authorization header names a user and the right password."""
        kind, _, sent = request.headers.get("authorization", "").partition(" ")
        try:
            name, _, password = base64.b64decode(sent, validate=True).decode().partition(":")
        except ValueError:
            return False
        user = context_of(request).users.find(name)
        if kind.lower() != "basic" or user is None:
            return False
        mark = hmac.new(self._key, f"{user.kept} {sent}".encode(), hashlib.sha256).hexdigest()
        now = time.monotonic()
        self._known = {each: until for each, until in self._known.items() if until > now}
        if mark in self._known:
            return True
        right = isinstance(await self.checking.check(request, name, password, address_of(request)), type(user))
        if right:
            self._known[mark] = now + REMEMBERED
        return right


def plain_route(route: PlainRoute, programs: Programs) -> Route:
    """A route of Starlette's that asks the plain function."""

    async def endpoint(request: Request) -> Response:
        if route.private and not visitor_of(request).reads and not await programs.may(request):
            return PlainTextResponse("A login is needed.\n", 401, {"WWW-Authenticate": 'Basic realm="trueup"'})
        headers = {name.lower(): value for name, value in request.headers.items()}
        found = route.serve(request.method, request.url.path, headers, await request.body())
        status, said, body = await found if inspect.isawaitable(found) else found
        return Response(body, status, dict(said))

    return Route(route.path, endpoint, methods=list(route.methods))
