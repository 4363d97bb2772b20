"""Pages from templates; whatever goes into them is escaped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from trueup.web import words
from trueup.web.visitor import Visitor, context_of, visitor_of

HERE = Path(__file__).parent
STATIC = HERE / "static"

TABS = (
    ("fleet", "/", "Fleet"),
    ("attention", "/attention", "Attention"),
    ("rollouts", "/rollouts", "Rollouts"),
    ("windows", "/windows", "Windows"),
    ("trends", "/trends", "Trends"),
    ("history", "/history", "History"),
    ("log", "/log", "Log"),
)

THEMES = ("light", "dark")


@cache
def environment() -> jinja2.Environment:
    """The templates, with the page's own words as filters."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"moment": words.moment, "short": words.short, "span": words.span}
    made.globals |= {"words": words, "tabs": TABS, "asset": asset, "count": words.count}
    return made


@cache
def asset(name: str) -> str:
    """A static file's address, which changes with its content, so that browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def render(
    request: Request, template: str, values: Mapping[str, Any], *, tab: str = "", status: int = 200
) -> HTMLResponse:
    """A whole page. `values` are the view's own; every page also knows its visitor, the fleet and the time."""
    context = context_of(request)
    known: Visitor = getattr(request.state, "visitor", None) or visitor_of(request)
    fleet = getattr(request.state, "fleet", None) or context.board.fleet() if known.reads else None
    flash = ""
    if known.session is not None and "x-live" not in request.headers:
        flash, known.session.flash = known.session.flash, ""
    theme = request.cookies.get("theme", "")
    shared: Mapping[str, Any] = {
        "tab": tab,
        "visitor": known,
        "fleet": fleet,
        "now": context.now(),
        "links": context.settings.links or "",
        "flash": flash,
        "theme": theme if theme in THEMES else "",
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "attention": _needing(fleet.counts()) if fleet else 0,
    }
    return HTMLResponse(environment().get_template(template).render({**shared, **values}), status)


def _needing(counts: Mapping[str, int]) -> int:
    """How many routers need a person."""
    return sum(counts.get(state, 0) for state in words.NEEDING)
