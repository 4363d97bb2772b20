"""Windows that somebody has opened for a while, with a reason: what the audit keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from trueup.audit import Audit
from trueup.errors import AuditError, Problem
from trueup.fleet.remarks import moment, named, reason, refuse_past, said, written
from trueup.fleet.windows import Opening

FORMAT_VERSION = "1.0"
OVERRIDE = "override"
"""The document about a router whose closed windows count as open."""


@dataclass(frozen=True, slots=True)
class Override:
    """Why a router may be written to outside its windows, until a time."""

    who: str
    why: str
    since: datetime
    until: datetime

    @property
    def told(self) -> str:
        """In words: `opened by ann until 2026-12-24 06:00 UTC: the uplink is down`."""
        return f"opened by {self.who} until {self.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {self.why}"


def open_windows(audit: Audit, routers: Iterable[str], who: str, why: str, until: datetime) -> Override:
    """Let these routers be written to outside their windows, in one commit; raises PlanError, AuditError."""
    names, why, now = sorted(set(routers)), reason(why, "an override"), datetime.now(UTC).replace(microsecond=0)
    refuse_past(until, now)
    made = Override(who or audit.who, why, now, until.replace(microsecond=0))
    document = override_document(made)
    audit.keep_many({(name, OVERRIDE): document for name in names}, f"Override {named(names)}: {why}", made.who)
    return made


def close_windows(audit: Audit, routers: Iterable[str], who: str) -> tuple[str, ...]:
    """Let windows count again for these routers, in one commit; those that had an override. Raises AuditError."""
    names = tuple(sorted(name for name in set(routers) if audit.has_kept(name, OVERRIDE)))
    if names:
        audit.keep_many({(name, OVERRIDE): None for name in names}, f"End override {named(names)}", who or audit.who)
    return names


def current_override(audit: Audit, router: str, now: datetime) -> Override | None:
    """What opens a router's windows now; None where nothing does, or its time is over.

    Raises AuditError where the document cannot be understood: what nobody can read opens nothing.
    """
    document = audit.read_kept(router, OVERRIDE)
    found = None if document is None else _override(document, router)
    return None if found is None or found.until <= now else found


def overridden(opening: Opening, override: Override | None) -> Opening:
    """An opening as an override has it: a closed window that counts as open until the override's end."""
    if override is None or opening.open:
        return opening
    if opening.changes is not None and opening.changes <= override.until:
        return replace(opening, override=override.told, edge="finish")
    return replace(opening, override=override.told, changes=override.until)


def override_document(override: Override) -> dict[str, Any]:
    """override.json's data."""
    times = {"since": override.since, "until": override.until}
    told = {name: written(when) for name, when in times.items()}
    return {"format-version": FORMAT_VERSION, "who": override.who, "why": override.why, **told}


def _override(document: Mapping[str, Any], router: str) -> Override:
    try:
        since, until = (moment(document[name]) for name in ("since", "until"))
        return Override(str(document["who"]), said(str(document["why"])), since, until)
    except (KeyError, ValueError) as error:
        text = f"its {OVERRIDE}.json in the audit repository cannot be understood: {error!r}"
        raise AuditError(Problem(text, router, f"trueup override --end {router}")) from None
