"""What a fleet's status says, as figures for Prometheus: each is what it is at the moment it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from trueup.daemon.status import FleetStatus, RouterStatus, State

ROLLOUT = ("running", "stopped", "done", "superseded")
PARTS = ("waiting", "writing", "settling", "healthy", "failed", "rolling back", "rolled back", "held")
CAUSES = ("drift", "declared")


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that the daemon offers: its name as Prometheus stores it, its kind, what it means, its labels."""

    name: str
    kind: str
    help: str
    labels: tuple[str, ...] = ()


Reading = tuple[str, tuple[str, ...], float]
"""A metric's name, the values of its labels, and the figure."""

GAUGES = (
    Metric("trueup_routers", "gauge", "Routers in each state.", ("state",)),
    Metric("trueup_router_changes", "gauge", "Rows that differ, by drift or by what is declared.", ("router", "cause")),
    Metric(
        "trueup_router_convergence_age_seconds", "gauge", "Since it was last as declared, or the start.", ("router",)
    ),
    Metric(
        "trueup_router_last_converged_timestamp_seconds", "gauge", "When it was last as declared, or 0.", ("router",)
    ),
    Metric("trueup_router_last_seen_timestamp_seconds", "gauge", "When it was last read, or 0.", ("router",)),
    Metric("trueup_router_failures", "gauge", "Failures in a row.", ("router",)),
    Metric(
        "trueup_router_suspended", "gauge", "1 where nothing may be written until somebody resumes it.", ("router",)
    ),
    Metric("trueup_router_fights", "gauge", "Menus whose drift came back after every revert.", ("router",)),
    Metric("trueup_router_window_open", "gauge", "1 where a window lets the daemon write now.", ("router",)),
    Metric("trueup_router_waiting", "gauge", "1 where a change is taken back unless it is confirmed.", ("router",)),
    Metric("trueup_oldest_reconcile_age_seconds", "gauge", "Since the router longest ago looked at was looked at."),
    Metric("trueup_interval_seconds", "gauge", "How often each router is to be looked at."),
    Metric("trueup_last_round_seconds", "gauge", "How long the last whole round over the fleet took."),
    Metric("trueup_rollout_state", "gauge", "1 for the state that the last rollout is in.", ("state",)),
    Metric("trueup_rollout_wave", "gauge", "The wave that the last rollout is at, from 1; 0 without one."),
    Metric("trueup_rollout_waves", "gauge", "The waves of the last rollout."),
    Metric("trueup_rollout_routers", "gauge", "Routers of the last rollout by how far they are.", ("state",)),
    Metric("trueup_troubles", "gauge", "What is wrong besides routers: the remote, a merge, the audit."),
    Metric("trueup_revision_in_force", "gauge", "1 where a valid revision is in force."),
    Metric("trueup_revision_refused", "gauge", "1 where the remote has a revision that is refused."),
    Metric("trueup_revision_info", "gauge", "The commit in force.", ("commit",)),
    Metric("trueup_remote_last_fetch_timestamp_seconds", "gauge", "When the remote was last asked, or 0."),
    Metric("trueup_status_timestamp_seconds", "gauge", "When the daemon last told its status, or 0."),
)


def readings(status: FleetStatus, now: datetime) -> Iterator[Reading]:
    """Every figure of GAUGES, of each router and state."""
    counts = status.counts()
    for state in State:
        yield "trueup_routers", (state.value,), counts.get(state.value, 0)
    start = status.started or now
    for router in status.routers.values():
        yield from _router(router, start, now)
    looks = [(now - (router.tried or start)).total_seconds() for router in status.routers.values()]
    yield "trueup_oldest_reconcile_age_seconds", (), max(looks, default=0.0)
    yield "trueup_interval_seconds", (), status.interval
    yield "trueup_last_round_seconds", (), status.round_seconds
    yield from _rollout(status)
    yield "trueup_troubles", (), len(status.troubles)
    yield "trueup_revision_in_force", (), bool(status.commit)
    yield "trueup_revision_refused", (), bool(status.head) and status.head != status.commit
    if status.commit:
        yield "trueup_revision_info", (status.commit,), 1
    yield "trueup_remote_last_fetch_timestamp_seconds", (), _stamp(status.fetched)
    yield "trueup_status_timestamp_seconds", (), _stamp(status.updated)


def _router(router: RouterStatus, start: datetime, now: datetime) -> Iterator[Reading]:
    name = (router.name,)
    for cause in CAUSES:
        changes = sum(each.changes for each in router.drift if each.cause == cause)
        yield "trueup_router_changes", (router.name, cause), changes
    age = max((now - (router.converged or start)).total_seconds(), 0.0)
    yield "trueup_router_convergence_age_seconds", name, age
    yield "trueup_router_last_converged_timestamp_seconds", name, _stamp(router.converged)
    yield "trueup_router_last_seen_timestamp_seconds", name, _stamp(router.seen)
    yield "trueup_router_failures", name, router.failures
    yield "trueup_router_suspended", name, router.suspended is not None
    yield "trueup_router_fights", name, len(router.fights)
    yield "trueup_router_window_open", name, router.opening.open
    yield "trueup_router_waiting", name, router.waiting is not None


def _rollout(status: FleetStatus) -> Iterator[Reading]:
    found = status.rollout or (status.past[0] if status.past else None)
    for state in ROLLOUT:
        yield "trueup_rollout_state", (state,), found is not None and found.state == state
    yield "trueup_rollout_wave", (), min(found.at + 1, len(found.waves)) if found else 0
    yield "trueup_rollout_waves", (), len(found.waves) if found else 0
    for part in PARTS:
        count = sum(router.state == part for router in found.routers.values()) if found else 0
        yield "trueup_rollout_routers", (part,), count


def _stamp(when: datetime | None) -> float:
    return when.timestamp() if when else 0.0
