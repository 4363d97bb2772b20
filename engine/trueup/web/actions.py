"""Having things done: each action is asked about on a page of its own, then done and recorded."""

from __future__ import annotations

import logging
from typing import NamedTuple
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trueup.daemon.events import Event
from trueup.errors import TrueupError
from trueup.web.asked import ACTIONS, RETRY, SPANS, Asked, Refused
from trueup.web.render import render
from trueup.web.views import View, reading, rollout_of, router_of
from trueup.web.visitor import Form, Visitor, context_of, read_form, refuse_forged, visitor_of

_log = logging.getLogger("trueup.web")


class Meant(NamedTuple):
    """What a path is about, the action, and the page to go back to."""

    subject: str
    asked: Asked
    back: str


def _operating(view: View) -> View:
    """The view for operators; others are told what they lack."""

    async def guarded(request: Request) -> Response:
        visitor = request.state.visitor
        if visitor.user is None:
            return RedirectResponse(f"/login?next={quote(request.url.path, safe='/')}", 303)
        if not visitor.operates:
            raise HTTPException(403, "This needs the role operator; you are logged in as a viewer.")
        return await view(request)

    return reading(guarded)


@_operating
async def ask(request: Request) -> Response:
    """GET /router/NAME/ACTION: what it will do, and the form."""
    return _page(request, _meant(request))


@_operating
async def act(request: Request) -> Response:
    """POST /router/NAME/ACTION, or /rollouts/ID/retry: have it done, recorded with the operator's name."""
    visitor: Visitor = visitor_of(request)
    form = await read_form(request)
    session = refuse_forged(visitor, form)
    meant, who = _meant(request), visitor.user.name if visitor.user else ""
    context = context_of(request)
    try:
        session.flash = await meant.asked.do(context.actions, meant.subject, who, form)
    except Refused as problem:
        return _page(request, meant, str(problem), form, 422)
    except TrueupError as error:
        _log.warning("refused: %s of %s by %s: %s", meant.asked.label, meant.subject, who, error)
        return _page(request, meant, str(error), form, 409)
    text = f"{meant.asked.label}: {meant.subject}, by {who}"
    context.board.bus.tell(Event("action", text, request.path_params.get("name", ""), key=text))
    return RedirectResponse(meant.back, 303)


def _meant(request: Request) -> Meant:
    if "id" in request.path_params:
        found = rollout_of(request)
        return Meant(found.id, RETRY, f"/rollouts/{quote(found.id)}")
    router = router_of(request)
    asked = ACTIONS.get(request.path_params["action"])
    if asked is None:
        raise HTTPException(404, "There is no such action.")
    return Meant(router.name, asked, f"/router/{quote(router.name)}")


def _page(request: Request, meant: Meant, error: str = "", form: Form | None = None, status: int = 200) -> Response:
    values = {"meant": meant, "asked": meant.asked, "error": error, "form": form or {}, "spans": SPANS}
    return render(request, "action.html", values, status=status)
