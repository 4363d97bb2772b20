"""Logging in and out."""

from __future__ import annotations

import asyncio
import hmac
import logging
import math
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trueup.daemon.events import Event
from trueup.web.render import render
from trueup.web.users import User, UserError
from trueup.web.visitor import (
    LOGIN,
    SESSION,
    address_of,
    context_of,
    local_path,
    login_token,
    new_seed,
    read_cookie,
    read_form,
    refuse_forged,
    set_cookie,
    visitor_of,
)

WRONG = "The name or the password is wrong."
QUEUE = 20
"""Logins that may wait for their turn; a hash takes 32 MiB and a part of a second."""

_log = logging.getLogger("trueup.web")


@dataclass(slots=True)
class Checking:
    """Checks passwords one after the other, in a thread, under the limits for each name and address."""

    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: int = 0

    async def check(self, request: Request, name: str, password: str, address: str) -> User | float | None:
        """The user, None where name or password is wrong, or the seconds to wait before trying again."""
        context = context_of(request)
        wait = context.attempts.wait(name, address)
        if wait or self._waiting >= QUEUE:
            return wait or 1.0
        # Counted before the answer is known, so that many attempts at once are not each the first.
        context.attempts.fail(name, address)
        self._waiting += 1
        try:
            async with self._turn:
                user = await asyncio.to_thread(context.users.check, name, password)
        finally:
            self._waiting -= 1
        if user is not None:
            context.attempts.succeed(name, address)
        return user


async def show_login(request: Request) -> Response:
    """GET /login: the form."""
    visitor = visitor_of(request)
    onward = local_path(request.query_params.get("next", "/"))
    if visitor.user is not None:
        return RedirectResponse(onward, 303)
    return _form(request, onward)


async def log_in(request: Request) -> Response:
    """POST /login: a new session where name and password are right."""
    form = await read_form(request)
    seed, onward = read_cookie(request, LOGIN), local_path(form.get("next", "/"))
    token = login_token(request, seed)
    if not seed or not hmac.compare_digest(token.encode(), form.get("csrf", "").encode()):
        return _form(request, onward, "The form had grown old. Please try again.", status=403)
    name, password = form.get("name", "").strip(), form.get("password", "")
    context, address = context_of(request), address_of(request)
    checking: Checking = request.app.state.checking
    try:
        user = await checking.check(request, name, password, address)
    except UserError as error:
        _log.error("login: %s", error)
        text = "Nobody can log in: the file of users cannot be read. The log says why."
        return _form(request, onward, text, status=503)
    if isinstance(user, float):
        wait = math.ceil(user)
        text = f"Too many attempts. Try again in {wait} s."
        answer = _form(request, onward, text, name, status=429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    if user is None:
        _log.warning("login refused: address=%s", address)
        return _form(request, onward, WRONG, name, status=401)
    old = read_cookie(request, SESSION)
    if old:
        context.sessions.end(old)
    answer = RedirectResponse(onward, 303)
    set_cookie(request, answer, SESSION, context.sessions.begin(user))
    set_cookie(request, answer, LOGIN, "")
    context.board.bus.tell(Event("action", f"{user.name} logged in", key=f"login {user.name}"))
    return answer


async def log_out(request: Request) -> Response:
    """POST /logout: end the session."""
    visitor, form = visitor_of(request), await read_form(request)
    if visitor.session is not None:
        refuse_forged(visitor, form)
        context_of(request).sessions.end(read_cookie(request, SESSION))
    answer = RedirectResponse("/" if context_of(request).open else "/login", 303)
    set_cookie(request, answer, SESSION, "")
    # Pages that the browser may have kept go with the session.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _form(request: Request, onward: str, error: str = "", name: str = "", status: int = 200) -> Response:
    seed = read_cookie(request, LOGIN) or new_seed()
    try:
        nobody = not context_of(request).users.all()
    except UserError:
        nobody = False
    token = login_token(request, seed)
    values = {"token": token, "onward": onward, "error": error, "name": name[:64], "nobody": nobody}
    answer = render(request, "login.html", values, tab="login", status=status)
    set_cookie(request, answer, LOGIN, seed)
    return answer
