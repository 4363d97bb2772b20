"""How the page says things: states, ages, marks of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from trueup.daemon.status import State

STATES: Mapping[str, tuple[str, str]] = {
    State.FIGHTING: ("Fighting", "drift came back after every revert"),
    State.FAILED: ("Failed", "the last run went wrong"),
    State.UNREACHABLE: ("Unreachable", "no connection to the router"),
    State.DRIFTED: ("Drifted", "changed by hand since it was last brought to git"),
    State.PENDING: ("Pending", "merged changes wait"),
    State.WAITING: ("To be confirmed", "taken back unless somebody confirms"),
    State.SUSPENDED: ("Suspended", "nothing is written until it is resumed"),
    State.CONVERGED: ("As declared", "what git says"),
    State.UNKNOWN: ("Not looked at", "no round has come to it yet"),
}
"""Each state's name and what it means, in the order of State."""

NEEDING = (State.FIGHTING, State.FAILED, State.UNREACHABLE, State.WAITING)
"""States in which a router needs a person."""

PARTS: Mapping[str, str] = {
    "waiting": "unknown",
    "writing": "pending",
    "settling": "waiting",
    "healthy": "converged",
    "failed": "failed",
    "rolling back": "failed",
    "rolled back": "suspended",
    "held": "suspended",
}
"""The look of a router's part in a rollout, by the state that looks the same."""

OUTCOMES: Mapping[str, str] = {
    "done": "converged",
    "confirmed": "converged",
    "failed": "failed",
    "unknown": "failed",
    "undone": "drifted",
    "kept": "drifted",
    "waiting": "waiting",
    "not ended": "pending",
}

ROLLOUTS: Mapping[str, str] = {
    "running": "pending",
    "stopped": "failed",
    "done": "converged",
    "superseded": "suspended",
}

LEVELS: Mapping[str, str] = {"error": "failed", "warning": "drifted", "info": "unknown"}

MARKS: Mapping[str, tuple[str, str]] = {
    "+": ("add", "added"),
    "~": ("change", "changed"),
    "-": ("remove", "removed"),
    ">": ("move", "moved"),
    "!": ("note", "note"),
    "": ("context", ""),
}
"""A plan's marks: the class of the line, and what a screen reader says."""

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def span(seconds: float) -> str:
    """`45 s`, `3 min`, `2 h 10 min`, `5 d`: the largest unit that fits, and a second one where the first is small."""
    whole = max(0, int(seconds))
    index = next((index for index, (size, _) in enumerate(_UNITS) if whole >= size), len(_UNITS) - 1)
    (size, unit), rest = _UNITS[index], whole % _UNITS[index][0]
    told = f"{whole // size} {unit}"
    if whole // size < 3 and index + 1 < len(_UNITS):
        smaller, name = _UNITS[index + 1]
        told += f" {rest // smaller} {name}" if rest // smaller else ""
    return told


def age(when: datetime | None, now: datetime) -> str:
    """`3 min ago`, or `in 2 h` where it is yet to come; "never" without a time."""
    if when is None:
        return "never"
    passed = (now - when).total_seconds()
    if abs(passed) < 1:
        return "now"
    return f"{span(passed)} ago" if passed > 0 else f"in {span(-passed)}"


def lasting(when: datetime, now: datetime) -> str:
    """`for 3 min`: how long something has been so."""
    return f"for {span((now - when).total_seconds())}"


def moment(when: datetime | None) -> str:
    """The time in full, UTC."""
    return f"{when:%Y-%m-%d %H:%M:%S} UTC" if when else ""


def short(commit: str) -> str:
    """A commit as people say it."""
    return commit[:7]


def count(number: int, noun: str) -> str:
    """`1 router`, `3 routers`."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
