"""What machines ask for beside the pages: metrics, health, readiness, webhooks; answered by the daemon's endpoints."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from trueup.daemon import response
from trueup.daemon.endpoints import METRICS, PATHS
from trueup.web.login import Checking
from trueup.web.users import User, UserError
from trueup.web.visitor import address_of, context_of, visitor_of

REMEMBERED = 300.0
"""Seconds for which a name and password that were right need not be hashed again, since programs ask often."""

BODIES = 8
"""Bodies that are read at once: a webhook's are large, and whether one is signed is only known at its end."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Machines(Protocol):
    """Answers machines, as trueup.daemon.endpoints.Endpoints does; header names come in lower case."""

    def refuse(self, method: str, path: str, headers: Mapping[str, str]) -> response.Response | None: ...

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> response.Response: ...


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
            user = context_of(request).users.find(name)
        except (ValueError, UserError):
            return False
        if kind.lower() != "basic":
            return False
        mark = hmac.new(self._key, f"{user.kept if user else ''} {sent}".encode(), hashlib.sha256).hexdigest()
        now = time.monotonic()
        self._known = {each: until for each, until in self._known.items() if until > now}
        if mark not in self._known:
            if not isinstance(await self.checking.check(request, name, password, address_of(request)), User):
                return False
            self._known[mark] = now + REMEMBERED
        return True


def plain_routes(machines: Machines, checking: Checking) -> list[Route]:
    """Routes for every path that machines ask for. Metrics need a login wherever pages do."""
    programs, reading = Programs(checking), asyncio.Semaphore(BODIES)

    async def endpoint(request: Request) -> Response:
        path, headers = request.url.path, {name.lower(): value for name, value in request.headers.items()}
        if path == METRICS and not visitor_of(request).reads and not await programs.may(request):
            return _written(response.plain(401, "a login is needed", www_authenticate='Basic realm="trueup"'))
        if refused := machines.refuse(request.method, path, headers):
            return _written(refused)
        if reading.locked():
            return _written(response.plain(503, "too many deliveries at once", retry_after="30", connection="close"))
        async with reading:
            body = await request.body()
        return _written(machines.answer(request.method, path, headers, body))

    return [Route(path, endpoint, methods=list(METHODS)) for path in PATHS]


def _written(answer: response.Response) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers))
