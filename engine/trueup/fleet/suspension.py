"""Routers that nothing is written to until somebody resumes them, or until a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trueup.audit import Audit
from trueup.errors import AuditError, Problem
from trueup.fleet.remarks import moment, named, reason, refuse_past, said, written

FORMAT_VERSION = "1.0"
SUSPENDED = "suspended"
"""The document about a router that is suspended."""

FIGHTS = "fights"
"""The document about drift on a router that was reverted, again and again where it is a fight."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """Why nothing is written to a router until `until` (None: until somebody resumes it)."""

    who: str
    why: str
    since: datetime
    until: datetime | None = None

    @property
    def told(self) -> str:
        """In words: `suspended by ann until 2026-12-24 06:00 UTC: the uplink is being moved`."""
        until = f" until {self.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if self.until else ""
        return f"suspended by {self.who}{until}: {self.why}"


def suspend(audit: Audit, routers: Iterable[str], who: str, why: str, until: datetime | None = None) -> Suspension:
    """Have the daemon write nothing to these routers, in one commit; raises PlanError, AuditError.

    A router that is suspended already is so for this reason and until this time from now on.
    """
    names, why, now = sorted(set(routers)), reason(why, "a suspension"), datetime.now(UTC)
    refuse_past(until, now)
    made = Suspension(who or audit.who, why, now.replace(microsecond=0), until)
    document = suspension_document(made)
    audit.keep_many({(name, SUSPENDED): document for name in names}, f"Suspend {named(names)}: {why}", made.who)
    return made


def resume(audit: Audit, routers: Iterable[str], who: str) -> tuple[str, ...]:
    """Have the daemon write to these routers again, in one commit, what it fights over too; those that this changes.

    Raises AuditError.
    """
    kept = [(name, kind) for name in sorted(set(routers)) for kind in (SUSPENDED, FIGHTS)]
    there = [key for key in kept if audit.has_kept(*key)]
    names = tuple(dict.fromkeys(name for name, _ in there))
    if names:
        audit.keep_many(dict.fromkeys(there), f"Resume {named(names)}", who or audit.who)
    return names


def suspension(audit: Audit, router: str, now: datetime) -> Suspension | None:
    """Why nothing may be written to the router now; None where it may, or where the time is over.

    Raises AuditError where the document cannot be understood: then nothing may be written either.
    """
    document = audit.read_kept(router, SUSPENDED)
    found = None if document is None else suspension_from_document(document, router)
    return None if found is None or (found.until is not None and found.until <= now) else found


def suspension_document(suspension: Suspension) -> dict[str, Any]:
    """suspended.json's data."""
    times = {"since": suspension.since, "until": suspension.until}
    told = {name: written(when) for name, when in times.items() if when}
    return {"format-version": FORMAT_VERSION, "who": suspension.who, "why": suspension.why, **told}


def suspension_from_document(document: Mapping[str, Any], router: str) -> Suspension:
    """The suspension of suspended.json's data; AuditError where it is none."""
    try:
        until = document.get("until")
        since = moment(document["since"])
        return Suspension(str(document["who"]), said(str(document["why"])), since, moment(until) if until else None)
    except (KeyError, ValueError) as error:
        text = f"its {SUSPENDED}.json in the audit repository cannot be understood: {error!r}"
        raise AuditError(Problem(text, router, f"trueup resume {router}, or suspend it again")) from None
