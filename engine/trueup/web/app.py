"""The page's application: its routes, and what stands around them."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from trueup.audit import Audit
from trueup.daemon.actions import Actions
from trueup.web import actions as acting
from trueup.web import views
from trueup.web.board import Board, Context
from trueup.web.event_log import EventLog
from trueup.web.guard import HEADERS, Guard
from trueup.web.history import History
from trueup.web.live import Pulse, stream
from trueup.web.login import Checking, log_in, log_out, show_login
from trueup.web.names import Names, is_loopback
from trueup.web.plain import Machines, plain_routes
from trueup.web.render import STATIC, render
from trueup.web.tls import certified_names, files_of, refuse_plain
from trueup.web.users import Users
from trueup.web.visitor import LIVE, visitor_of
from trueup_schemas.operate import Web

SERVED = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def make_app(
    board: Board,
    actions: Actions,
    users: Users,
    settings: Web,
    audit: Audit | None,
    *,
    root: Path,
    machines: Machines | None = None,
) -> Starlette:
    """The application. `root` is the network's folder; `machines` answers what is no page. Raises PageError."""
    refuse_plain(settings)
    files = files_of(settings, root)
    names = Names.of([settings.address], settings.names, certified_names(files[0]) if files else [])
    free = is_loopback(settings.address) and not settings.names
    context = Context(
        board, actions, users, settings, audit, names, free, files is not None, History(audit), EventLog(board.bus)
    )
    checking = Checking()
    app = Starlette(
        routes=[*(plain_routes(machines, checking) if machines else ()), *_routes()],
        middleware=[Middleware(Guard, names=names, tls=context.tls)],
        exception_handlers={HTTPException: _told, Exception: _broken},
    )
    app.state.context, app.state.checking, app.state.pulse = context, checking, Pulse(board.bus)
    return app


def _routes() -> list[Route]:
    get, post = ["GET"], ["POST"]
    return [
        Route("/", views.fleet, methods=get),
        Route("/attention", views.attention, methods=get),
        Route("/router/{name}", views.router, methods=get),
        Route("/router/{name}/{action}", acting.ask, methods=get),
        Route("/router/{name}/{action}", acting.act, methods=post),
        Route("/rollouts", views.rollouts, methods=get),
        Route("/rollouts/{id}", views.rollout, methods=get),
        Route("/rollouts/{id}/retry", acting.ask, methods=get),
        Route("/rollouts/{id}/retry", acting.act, methods=post),
        Route("/windows", views.windows, methods=get),
        Route("/trends", views.trends, methods=get),
        Route("/history", views.history, methods=get),
        Route("/history/{id}", views.run, methods=get),
        Route("/log", views.log, methods=get),
        Route("/live", stream, methods=get),
        Route("/login", show_login, methods=get),
        Route("/login", log_in, methods=post),
        Route("/logout", log_out, methods=post),
        Route("/static/{file}", static, methods=get),
    ]


async def static(request: Request) -> Response:
    """GET /static/FILE: style, script and icon; their addresses change with their content."""
    file = STATIC / request.path_params["file"]
    kind = SERVED.get(file.suffix[1:])
    if kind is None or file.name not in {each.name for each in STATIC.iterdir()}:
        raise HTTPException(404, "There is no such file.")
    kept = "public, max-age=31536000, immutable" if "v" in request.query_params else "no-cache"
    return FileResponse(file, media_type=kind, headers={"Cache-Control": kept})


async def _told(request: Request, error: Exception) -> Response:
    """An error that the visitor is told about."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    text = str(error.detail) if isinstance(error, HTTPException) else ""
    if LIVE in request.headers:
        return PlainTextResponse(f"{text}\n", status)
    request.state.visitor = visitor_of(request)
    answer = render(request, "error.html", {"code": status, "text": text}, status=status)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


async def _broken(_request: Request, _error: Exception) -> Response:
    """Something we did not foresee: the log has it, the visitor is not told what is inside."""
    text = "This page could not be made. The daemon's log says why.\n"
    return PlainTextResponse(text, 500, {**HEADERS, "Cache-Control": "no-store"})
