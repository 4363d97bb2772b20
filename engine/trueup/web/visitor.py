"""Who asks for a page, and what they may."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from trueup.web.board import Context
from trueup.web.names import is_loopback
from trueup.web.sessions import Session
from trueup.web.users import User, UserError

FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers of a proxy: whoever comes through one is not on this machine."""

LIVE = "x-live"
"""The header of what a page asks for by itself."""

SESSION = "trueup"
LOGIN = "trueup-login"

Form = ImmutableMultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Visitor:
    """`user` and `session` are None without a login; `reads` is whether pages may be shown."""

    reads: bool
    user: User | None = None
    session: Session | None = None

    @property
    def operates(self) -> bool:
        """Whether this may have things done."""
        return self.user is not None and self.user.operator


def context_of(request: Request) -> Context:
    found: Context = request.app.state.context
    return found


def visitor_of(request: Request, *, touch: bool = True) -> Visitor:
    """Who asks; what a page asks for by itself (`X-Live`, or not `touch`) does not prolong a session."""
    context = context_of(request)
    free = context.open and not any(name in request.headers for name in FORWARDED)
    token = read_cookie(request, SESSION)
    found = None
    if token:
        try:
            found = context.sessions.find(token, context.users.find, touch=touch and LIVE not in request.headers)
        except UserError:
            found = None
    return Visitor(True, found[1], found[0]) if found else Visitor(free)


def address_of(request: Request) -> str:
    """Where the request comes from, to count attempts by: an IPv6 address counts by its /64.

    Of a proxy on this machine, whom it says it asks for: the last address, which is the proxy's own word.
    """
    text = request.client.host if request.client else ""
    if is_loopback(text):
        text = request.headers.get("x-forwarded-for", text).rpartition(",")[2].strip()[:64]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else text


async def read_form(request: Request) -> Form:
    """A form's fields; refuses what another site's page has sent."""
    if not _from_us(request):
        raise HTTPException(403, "This form came from somewhere else. Open the page again and repeat what you did.")
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise HTTPException(400, "This form could not be read.") from None
    return ImmutableMultiDict(pairs)


def _from_us(request: Request) -> bool:
    """Whether a browser says that the request comes from our own page, by Origin or else by Sec-Fetch-Site."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == request.headers.get("host", "").lower()


def refuse_forged(visitor: Visitor, form: Form) -> Session:
    """The session of a form that was made for it; raises HTTPException where it was not."""
    if visitor.session is None or not visitor.session.matches(form.get("csrf", "")):
        raise HTTPException(403, "This form is not of your session. Open the page again and repeat what you did.")
    return visitor.session


def login_token(request: Request, seed: str) -> str:
    """The token of a login form, for the seed in its cookie: nobody has a session yet that could hold one."""
    return hmac.new(context_of(request).key, seed.encode(), hashlib.sha256).hexdigest()


def new_seed() -> str:
    return secrets.token_urlsafe(24)


def read_cookie(request: Request, name: str) -> str:
    """A cookie of ours, "" without it; with TLS only one that no other host and no plain page can have set."""
    secure = request.cookies.get(f"__Host-{name}", "")
    return secure or ("" if context_of(request).tls else request.cookies.get(name, ""))


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Set a cookie of ours, or take it away where the value is ""; it goes back to us alone."""
    secure = context_of(request).tls or request.headers.get("origin", "").startswith("https://")
    key = f"__Host-{name}" if secure else name
    if value:
        response.set_cookie(key, value, path="/", secure=secure, httponly=True, samesite="strict")
    else:
        for each in (name, f"__Host-{name}"):
            response.set_cookie(each, "", 0, path="/", secure=each != name, httponly=True, samesite="strict")


def local_path(text: str) -> str:
    """A path of ours to go on to, "/" where it leads elsewhere."""
    fine = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if fine else "/"
