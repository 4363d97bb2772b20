"""What `trueup replace` shows of a replacement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup.arrive.newcomer import Newcomer
from trueup.arrive.replacement import Head, Replacement
from trueup.load.router import Router
from trueup.plan.plan import FORMAT_VERSION
from trueup.show import Line

MOST = 8
"""Secrets that are listed by name."""

ALWAYS = "made anew by the box: its SSH host key, the MAC addresses of its ports, keys that are not declared"


def lines(found: Replacement, router: Router, newcomer: Newcomer, *, audited: bool) -> Iterator[Line]:
    """The listing: what changes in files, what does not come along, and what could not be checked."""
    facts = newcomer.facts
    box = " ".join(filter(None, (found.model, found.serial)))
    version = f"   RouterOS {facts.version}   {facts.host}" if facts is not None else ""
    yield Line(0, "", f"{found.router}   {found.old or '(serial number not known)'} -> {box}{version}")
    for head in found.heads:
        yield Line(4, "~", f"{head.name}   {head.before or '(not declared)'} -> {head.after}", _place(router, head))
    for use in dict.fromkeys(found.moved.uses):
        place = use.source.short if use.source else ""
        yield Line(4, "~", f"{use.what}   {use.port} -> {found.ports[use.port]}", place)
    if found.empty:
        yield Line(2, "", "nothing to do: this box is the declared one already")
        return
    for each in found.anew:
        yield Line(4, "!", each.text, each.source.short if each.source else "")
    yield Line(4, "!", ALWAYS)
    yield from _behind(found)
    yield Line(2, "", _ownership(found, audited=audited))
    for text in found.unchecked:
        yield Line(2, "", f"not checked: {text}")


def _behind(found: Replacement) -> Iterator[Line]:
    """The secrets that the old box keeps, some by name."""
    if found.behind:
        yield Line(4, "!", f"secrets that the old box still holds: {len(found.behind)}; change what it must not know")
        yield from (Line(8, "", name) for name in found.behind[:MOST])
    if len(found.behind) > MOST:
        yield Line(8, "", f"and {len(found.behind) - MOST} more, which --json lists")


def _place(router: Router, head: Head) -> str:
    """Where a word of the head stands in the router's own file; "" where a farther file says it, or none."""
    own = router.layers[-1].node
    key = "connect" if head.name == "hosts" else head.name
    return own.keys[key].short if key in own else ""


def _ownership(found: Replacement, *, audited: bool) -> str:
    if found.owned is not None:
        return f"ownership of {len(found.owned.rows)} rows is carried over to {found.serial}"
    return "no ownership to carry over" if audited else "there is no audit repository, so no ownership to carry over"


def document_of(found: Replacement, *, written: bool) -> dict[str, Any]:
    """What `--json` prints; it names secrets and holds none."""
    return {
        "format-version": FORMAT_VERSION,
        "router": found.router,
        "old": found.old,
        "serial": found.serial,
        "model": found.model,
        "written": written,
        "file": str(found.file.path) if found.file is not None else None,
        "heads": [{"name": head.name, "before": head.before, "after": head.after} for head in found.heads],
        "ports": [
            {"what": use.what, "old": use.port, "new": found.ports[use.port], "source": str(use.source)}
            for use in dict.fromkeys(found.moved.uses)
        ],
        "anew": [{"text": each.text.strip(), "source": str(each.source or "")} for each in found.anew],
        "secrets-left-behind": list(found.behind),
        "owned-rows": len(found.owned.rows) if found.owned is not None else 0,
        "unchecked": list(found.unchecked),
        "told": [str(problem) for problem in found.told],
    }
