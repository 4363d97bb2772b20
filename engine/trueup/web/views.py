"""The pages that show something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trueup.daemon.status import FleetStatus, RolloutStatus, RouterStatus
from trueup.errors import AuditError
from trueup.web.asked import offered
from trueup.web.charts import age_chart, menus_chart, oldest_chart, states_chart
from trueup.web.render import render
from trueup.web.selection import SORTS, Choices, Page, Selection
from trueup.web.svg import state_bar
from trueup.web.visitor import LIVE, context_of, visitor_of
from trueup.web.week import week_of
from trueup.web.words import NEEDING, STATES, count

ELSEWHERE = ("cross-site", "same-site")
"""How a browser says that a link on another site led here: it leaves strict cookies out then."""

View = Callable[[Request], Awaitable[Response]]


def reading(view: View) -> View:
    """The view for those who may read; others are sent to the login."""

    async def guarded(request: Request) -> Response:
        request.state.visitor = visitor_of(request)
        if request.state.visitor.reads:
            return await view(request)
        if LIVE in request.headers or "hx-request" in request.headers:
            raise HTTPException(401, "Your session has ended. Log in again.")
        if request.headers.get("sec-fetch-site") in ELSEWHERE:
            return render(request, "onward.html", {})
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='/')}", 303)

    return guarded


def fleet_of(request: Request) -> FleetStatus:
    """The fleet, the same for the whole of a request."""
    if not hasattr(request.state, "fleet"):
        request.state.fleet = context_of(request).board.fleet()
    found: FleetStatus = request.state.fleet
    return found


def router_of(request: Request) -> RouterStatus:
    """The router that the path names; raises HTTPException where there is none."""
    name = request.path_params["name"]
    router = fleet_of(request).routers.get(name)
    if router is None:
        raise HTTPException(404, f"There is no router {name} in the commit in force.")
    return router


@reading
async def fleet(request: Request) -> Response:
    """GET /: the fleet by state."""
    status = fleet_of(request)
    selection = Selection.of(request.query_params)
    found = selection.of_fleet(status.routers.values())
    counts = status.counts()
    told = ", ".join(f"{number} {STATES[state][0].lower()}" for state, number in counts.items())
    values = {
        "selection": selection,
        "choices": Choices.of(status),
        "page": Page.of(found, selection.page),
        "counts": counts,
        "sorts": {name: label for name, (label, _) in SORTS.items()},
        "bar": state_bar(counts, f"{count(len(status.routers), 'router')}: {told}"),
    }
    return render(request, "fleet.html", values, tab="fleet")


@reading
async def router(request: Request) -> Response:
    """GET /router/NAME: why it is in its state, its drift and plan, its history."""
    found, context = router_of(request), context_of(request)
    runs = await context.history.runs(found.name)
    values = {"runs": runs, "events": context.log.recent(found.name, 20), "offered": offered(found)}
    return render(request, "router.html", {"router": found, **values}, tab="fleet")


@reading
async def attention(request: Request) -> Response:
    """GET /attention: routers that need a person, and those that somebody has suspended."""
    routers = Selection().of_fleet(fleet_of(request).routers.values())
    suspended = [router for router in routers if router.suspended is not None]
    values = {"routers": [router for router in routers if router.state in NEEDING], "suspended": suspended}
    return render(request, "attention.html", values, tab="attention")


@reading
async def rollouts(request: Request) -> Response:
    """GET /rollouts: the one that runs, and those before."""
    return render(request, "rollouts.html", {"rollouts": _rollouts(fleet_of(request))}, tab="rollouts")


@reading
async def rollout(request: Request) -> Response:
    """GET /rollouts/ID: its waves and what became of each router."""
    return render(request, "rollout.html", {"rollout": rollout_of(request)}, tab="rollouts")


@reading
async def windows(request: Request) -> Response:
    """GET /windows: when the daemon may write."""
    context = context_of(request)
    status, declared = fleet_of(request), tuple(context.board.windows())
    closed = sorted((r for r in status.routers.values() if not r.opening.open), key=lambda router: router.name)
    overridden = sorted((r for r in status.routers.values() if r.opening.override), key=lambda router: router.name)
    weeks = [week_of(window, context.now(), index) for index, window in enumerate(declared)]
    values = {"weeks": weeks, "closed": closed, "overridden": overridden}
    return render(request, "windows.html", values, tab="windows")


@reading
async def trends(request: Request) -> Response:
    """GET /trends: the charts."""
    status, now = fleet_of(request), context_of(request).now()
    charts = {"ages": age_chart(status, now), "menus": menus_chart(status)}
    charts |= {"states": states_chart(status), "oldest": oldest_chart(status)}
    return render(request, "trends.html", {"charts": charts}, tab="trends")


@reading
async def history(request: Request) -> Response:
    """GET /history: the audit's newest runs."""
    return render(request, "history.html", {"runs": await context_of(request).history.runs()}, tab="history")


@reading
async def run(request: Request) -> Response:
    """GET /history/ID: one run."""
    try:
        found = await context_of(request).history.run(request.path_params["id"])
    except AuditError as error:
        raise HTTPException(503, str(error)) from None
    if found is None:
        raise HTTPException(404, "The audit has no run of this id.")
    return render(request, "run.html", {"record": found[0], "summary": found[1]}, tab="history")


@reading
async def log(request: Request) -> Response:
    """GET /log: what happened since the daemon started."""
    return render(request, "log.html", {"events": context_of(request).log.recent()}, tab="log")


def rollout_of(request: Request) -> RolloutStatus:
    """The rollout that the path names; raises HTTPException where there is none."""
    found = [each for each in _rollouts(fleet_of(request)) if each.id == request.path_params["id"]]
    if not found:
        raise HTTPException(404, "There is no rollout of this id.")
    return found[0]


def _rollouts(status: FleetStatus) -> list[RolloutStatus]:
    return [*((status.rollout,) if status.rollout else ()), *status.past]
