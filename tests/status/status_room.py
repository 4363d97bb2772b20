"""A fleet's status with something of everything, for tests of whatever shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trueup.daemon.status import (
    Drift,
    Fight,
    FleetStatus,
    Opening,
    RolloutRouter,
    RolloutStatus,
    RouterStatus,
    State,
    Suspension,
)
from trueup.show import Line

NOW = datetime.now(UTC).replace(microsecond=0)
COMMIT, OLD = "c0ffee" + "0" * 34, "0ddba11" + "0" * 33


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def router(name: str, state: State = State.CONVERGED, **parts: object) -> RouterStatus:
    """One router of a site, seen a minute ago."""
    known = RouterStatus(
        name,
        site="harbour",
        host="10.20.0.1",
        version="7.24",
        state=state,
        since=ago(hours=2),
        seen=ago(minutes=1),
        tried=ago(minutes=1),
        converged=ago(minutes=1) if state == State.CONVERGED else ago(hours=3),
        target=COMMIT,
        applied=COMMIT,
    )
    return replace(known, **parts)


def fleet(*routers: RouterStatus, **parts: object) -> FleetStatus:
    """A fleet that a daemon has been looking after for a day."""
    known = FleetStatus(
        "example",
        commit=COMMIT,
        subject="Open the lobby's hotspot",
        author="Ann",
        fetched=ago(seconds=20),
        started=ago(days=1),
        updated=ago(seconds=2),
        interval=180.0,
        round_seconds=12.5,
        routers={each.name: each for each in routers},
    )
    return replace(known, **parts)


def drifted(name: str = "edge-2") -> RouterStatus:
    """A router that somebody edited by hand."""
    drift = Drift("/ip/firewall/filter", "drift", 2, author="bob", when="2026-11-02 13:04")
    plan = (Line(2, "", "/ip/firewall/filter   chain=input"), Line(4, "-", "drop   comment=by-hand"))
    return router(name, State.DRIFTED, drift=(drift,), plan=plan, reason="2 rows of /ip/firewall/filter, by bob")


def suspended(name: str = "edge-3") -> RouterStatus:
    held = Suspension("ann", "the hardware is being swapped", ago(hours=1), NOW + timedelta(hours=1))
    return router(name, State.SUSPENDED, suspended=held, reason=held.told)


def fighting(name: str = "edge-4") -> RouterStatus:
    fight = Fight("/ip/dns", "bob sets servers=9.9.9.9", "declared servers=10.0.0.1", 3, ago(hours=1))
    return router(name, State.FIGHTING, fights=(fight,), reason="/ip/dns comes back after every revert")


def unreachable(name: str = "edge-5") -> RouterStatus:
    return router(name, State.UNREACHABLE, failures=4, backoff=NOW + timedelta(minutes=2), reason="no answer")


def held_back(name: str = "edge-6") -> RouterStatus:
    opening = Opening(False, "night", NOW + timedelta(hours=6))
    drift = (Drift("/ip/pool", "declared", 3),)
    return router(name, State.PENDING, opening=opening, drift=drift, reason="outside of the window night")


def rollout(state: str = "running") -> RolloutStatus:
    """A rollout of three waves that is at its second."""
    waves = (("edge-1",), ("edge-2", "edge-3"), ("edge-4", "edge-5", "edge-6"))
    parts = {name: RolloutRouter() for wave in waves for name in wave}
    parts |= {"edge-1": RolloutRouter("healthy"), "edge-2": RolloutRouter("settling", "1 of 2 sessions is back")}
    subject = "Open the lobby's hotspot"
    return RolloutStatus("20261128-1a2b", OLD, COMMIT, "Ann", subject, ago(minutes=5), state, 1, waves, parts)


def everything() -> FleetStatus:
    """Routers in most states, a rollout, and a trouble."""
    made = fleet(router("edge-1"), drifted(), suspended(), fighting(), unreachable(), held_back())
    return replace(made, rollout=rollout(), troubles=("the remote cannot be fetched: no answer; look at the network",))
