"""What people say to the daemon, as the audit keeps it: their words, the routers they mean, and times."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from trueup.errors import PlanError, Problem

LONGEST = 400
"""Characters of what somebody gives as a reason."""

FEW = 3


def said(text: str) -> str:
    """What somebody wrote, on one line and not too long."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def reason(text: str, what: str) -> str:
    """What somebody gives as the reason for `what` (`a suspension`); raises PlanError where that is nothing."""
    words = said(text)
    if not words:
        raise PlanError(Problem(f"{what} needs a reason", remedy='say --why "WHAT FOR"'))
    return words


def refuse_past(until: datetime | None, now: datetime) -> None:
    """Raise PlanError where a time is over already."""
    if until is not None and until <= now:
        text = f"{until.isoformat(timespec='minutes')} is over already"
        raise PlanError(Problem(text, remedy="name a time to come"))


def named(routers: Collection[str]) -> str:
    """Routers in a commit's message: by name where they are few."""
    return ", ".join(routers) if len(routers) <= FEW else f"{len(routers)} routers"


def moment(text: object) -> datetime:
    """A time that a document holds; UTC where it says no zone. Raises ValueError."""
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def written(when: datetime) -> str:
    """A time as documents hold it."""
    return when.astimezone(UTC).isoformat(timespec="seconds")
