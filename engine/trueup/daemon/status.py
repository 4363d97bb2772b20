"""What the daemon knows of its fleet, as data: for the page, the terminal, metrics and notifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trueup.fleet.rollout import RolloutRouter as RolloutRouter
from trueup.fleet.rollout import RolloutStatus as RolloutStatus
from trueup.fleet.suspension import Suspension as Suspension
from trueup.fleet.windows import Opening as Opening
from trueup.show import Line

FORMAT_VERSION = "1.0"


class State(StrEnum):
    """What a router is in, the one to look at first first."""

    FIGHTING = "fighting"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    DRIFTED = "drifted"
    PENDING = "pending"
    """Merged changes wait: for their wave, a window, an approval, or because the mode only observes."""
    WAITING = "waiting"
    """What was applied is taken back unless somebody confirms it."""
    SUSPENDED = "suspended"
    CONVERGED = "converged"
    UNKNOWN = "unknown"
    """Not looked at yet."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs on a router in one menu: `cause` is drift, or declared where a merge has not reached it yet.

    `author` is the user that made it by the router's own history, "unknown" where that tells no more; `proposal` is
    the address or branch of the adoption that was proposed.
    """

    menu: str
    cause: str
    changes: int
    author: str = ""
    when: str = ""
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Fight:
    """A drift that came back after every revert: both sides, how often, since when."""

    menu: str
    theirs: str
    ours: str
    times: int
    since: datetime


@dataclass(frozen=True, slots=True)
class RouterStatus:
    """One router. Times are UTC, None where it has not happened.

    `target` is the commit it should be at, `applied` the one that it was last brought to. `plan` is what a plan shows
    now, without personal data, empty where nothing differs. `reason` says why the state is what it is, for people.
    `backoff` is when it is tried again after a failure.
    """

    name: str
    site: str = ""
    labels: tuple[str, ...] = ()
    host: str = ""
    version: str = ""
    mode: str = "observe"
    state: State = State.UNKNOWN
    reason: str = ""
    since: datetime | None = None
    seen: datetime | None = None
    tried: datetime | None = None
    converged: datetime | None = None
    target: str = ""
    applied: str = ""
    drift: tuple[Drift, ...] = ()
    plan: tuple[Line, ...] = ()
    fights: tuple[Fight, ...] = ()
    suspended: Suspension | None = None
    opening: Opening = field(default_factory=Opening)
    waiting: datetime | None = None
    backoff: datetime | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """The fleet at one moment: how many routers in each state, and the seconds since the one longest ago converged."""

    when: datetime
    states: Mapping[str, int]
    oldest: float


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """The whole fleet. `commit` is in force; `head` is what the remote has, other than `commit` where that is refused.

    `troubles` are what is wrong besides routers: the remote, a merge that does not validate, the audit, each with its
    remedy. `round_seconds` is how long the last whole round took.
    """

    network: str
    commit: str = ""
    head: str = ""
    subject: str = ""
    author: str = ""
    fetched: datetime | None = None
    started: datetime | None = None
    updated: datetime | None = None
    interval: float = 0.0
    round_seconds: float = 0.0
    troubles: tuple[str, ...] = ()
    routers: Mapping[str, RouterStatus] = field(default_factory=dict)
    rollout: RolloutStatus | None = None
    past: tuple[RolloutStatus, ...] = ()
    samples: tuple[Sample, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many routers are in each state, those that none is in left out."""
        found = {state.value: 0 for state in State}
        for router in self.routers.values():
            found[router.state] += 1
        return {state: count for state, count in found.items() if count}
