"""What an operator can have done: its words, when it fits, what it asks of the daemon."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trueup.daemon.actions import Actions
from trueup.daemon.status import RouterStatus
from trueup.web.visitor import Form

SPANS: Mapping[str, tuple[str, timedelta | None]] = {
    "1h": ("1 hour", timedelta(hours=1)),
    "4h": ("4 hours", timedelta(hours=4)),
    "1d": ("1 day", timedelta(days=1)),
    "3d": ("3 days", timedelta(days=3)),
    "7d": ("7 days", timedelta(days=7)),
    "": ("until somebody resumes it", None),
    "at": ("until a date and time", None),
}

LONGEST_WHY = 500


class Refused(Exception):
    """A form that cannot be done as it is; says what would be right."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One action: its words, what it means for the routers, whether it fits a router's state, how it is done."""

    label: str
    question: str
    means: str
    do: Callable[[Actions, str, str, Form], Awaitable[str]]
    fits: Callable[[RouterStatus], bool] = lambda _: True
    strong: bool = False
    needs_why: bool = False


async def _suspend(actions: Actions, router: str, who: str, form: Form) -> str:
    why = form.get("why", "").strip()
    if not why or len(why) > LONGEST_WHY or not why.isprintable():
        raise Refused(f"Say why, in one line of at most {LONGEST_WHY} characters.")
    return await actions.suspend(router, who, why, until_of(form, datetime.now(UTC)))


ACTIONS: Mapping[str, Asked] = {
    "reconcile": Asked(
        "Reconcile now",
        "Reconcile {0} now?",
        "trueup looks at the router at once instead of at its next turn. Menus that are enforced, and changes that are "
        "merged, are written to it as far as windows allow.",
        lambda actions, router, who, _: actions.reconcile(router, who),
    ),
    "suspend": Asked(
        "Suspend",
        "Suspend {0}?",
        "Nothing is written to the router meanwhile: neither merged changes nor reverts. It is still looked at, and "
        "drift is still told.",
        _suspend,
        lambda router: router.suspended is None,
        needs_why=True,
    ),
    "resume": Asked(
        "Resume",
        "Resume {0}?",
        "Merged changes that have waited are written to the router again, and so are reverts where its menus are "
        "enforced. A fight is over, until it begins anew.",
        lambda actions, router, who, _: actions.resume(router, who),
        lambda router: router.suspended is not None or bool(router.fights),
    ),
    "confirm": Asked(
        "Confirm",
        "Keep what was applied to {0}?",
        "The net is taken away: the router no longer takes the change back by itself.",
        lambda actions, router, who, _: actions.confirm(router, who),
        lambda router: router.waiting is not None,
    ),
    "roll-back": Asked(
        "Roll back",
        "Take back what was applied to {0}?",
        "The router goes back at once to what it was before the change that waits to be confirmed.",
        lambda actions, router, who, _: actions.roll_back(router, who),
        lambda router: router.waiting is not None,
        strong=True,
    ),
}

RETRY = Asked(
    "Retry",
    "Try rollout {0} again?",
    "It goes on from the wave that failed: the routers of that wave are written to first, and the next wave starts "
    "only when they are healthy.",
    lambda actions, _, who, __: actions.retry(who),
)


def offered(router: RouterStatus) -> dict[str, Asked]:
    """The actions that fit the router as it is."""
    return {name: asked for name, asked in ACTIONS.items() if asked.fits(router)}


def until_of(form: Form, now: datetime) -> datetime | None:
    """The end that a form asks for, None for no end; raises Refused."""
    chosen = form.get("until", "")
    if chosen not in SPANS:
        raise Refused("Choose until when.")
    if chosen != "at":
        length = SPANS[chosen][1]
        return now + length if length else None
    try:
        end = datetime.fromisoformat(form.get("at", "")).replace(tzinfo=UTC)
    except ValueError:
        raise Refused("Give the date and time until when, in UTC.") from None
    if not now < end < now + timedelta(days=366):
        raise Refused("The date and time must be in the future, and within a year.")
    return end
