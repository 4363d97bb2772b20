"""The fleet's status as the daemon leaves it for the terminal, and what the audit knows beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from trueup.audit import Audit, RunRecord
from trueup.audit.repository import WAITING
from trueup.daemon.status import FORMAT_VERSION, FleetStatus, RouterStatus, State
from trueup.daemon.status_document import status_from_document
from trueup.errors import AuditError, PlanError, Problem
from trueup.fleet.suspension import suspension

FILE = ".trueup/status.json"
"""Below the network's folder."""

STALE = timedelta(seconds=150)
"""A daemon that runs writes the file at least once a minute."""

LOOKED_THROUGH = 200
"""Runs of the audit that are looked through for how a router's last one ended."""

LARGEST = 64 * 1024 * 1024

REMEDY = "the daemon writes it anew when something changes; does it run, for this folder?"


def read_status(root: Path) -> FleetStatus | None:
    """The status of the network at `root` as the daemon last wrote it; None where none ever has.

    Raises PlanError where the file cannot be read or is none.
    """
    path = root / FILE
    try:
        if path.stat().st_size > LARGEST:
            raise PlanError(Problem("the fleet's status is too large to be one", str(path), REMEDY))
        document = json.loads(path.read_text(encoding="utf-8"))
        return _from_document(document)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PlanError(Problem(f"the fleet's status cannot be read: {error.strerror}", str(path), REMEDY)) from None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise PlanError(Problem("this is no status of a fleet", str(path), REMEDY)) from None


def stale(status: FleetStatus, now: datetime) -> bool:
    """Whether the daemon that wrote this does not run any more."""
    return status.updated is None or now - status.updated > STALE


def with_audit(
    status: FleetStatus | None, name: str, routers: Iterable[RouterStatus], audit: Audit | None
) -> FleetStatus:
    """The status with what the audit knows by now: who has suspended what, what waits, how last runs ended.

    `routers` are the declared ones, told of where the daemon has not. What the audit cannot tell is left out.
    """
    now = datetime.now(UTC)
    known = dict(status.routers) if status is not None else {}
    found: dict[str, RouterStatus] = {}
    for router in routers:
        told = known.get(router.name)
        found[router.name] = told if told is not None else router
    for router in known.values():
        found.setdefault(router.name, router)
    if audit is not None:
        ended = _last_runs(audit) if status is None else {}
        found = {name: _overlaid(router, audit, ended.get(name, ""), now) for name, router in found.items()}
    return replace(status or FleetStatus(name), routers=found)


def _from_document(document: Mapping[str, Any]) -> FleetStatus:
    version = str(document.get("format-version", ""))
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise ValueError(version)
    return status_from_document(document)


def _overlaid(router: RouterStatus, audit: Audit, ended: str, now: datetime) -> RouterStatus:
    """A router's status with what the audit says of it now."""
    try:
        held = suspension(audit, router.name, now)
        waiting = audit.read_kept(router.name, WAITING) or {}
    except AuditError as error:
        return replace(router, state=State.FAILED, reason=str(error))
    router = replace(router, suspended=held)
    if held is not None and router.state in (State.CONVERGED, State.UNKNOWN):
        return replace(router, state=State.SUSPENDED, reason=held.told)
    if held is None and router.state == State.SUSPENDED:
        return replace(router, state=State.UNKNOWN, reason="resumed, and not looked at since")
    if router.state != State.UNKNOWN or not ended:
        return router
    if ended == WAITING and waiting.get("state") == WAITING:
        return replace(router, state=State.WAITING, reason=f"taken back at {waiting.get('until')} unless confirmed")
    if ended in ("failed", "unknown", "undone", "kept"):
        return replace(router, state=State.FAILED, reason=f"last run {ended}; see `trueup log {router.name}`")
    return replace(router, reason=f"last run {ended}; not looked at since")


def _last_runs(audit: Audit) -> dict[str, str]:
    """How each router's part of its last run ended."""
    found: dict[str, str] = {}
    records: Iterable[RunRecord] = islice(audit.runs(), LOOKED_THROUGH)
    for record in records:
        for name, router in record.routers.items():
            found.setdefault(name, router.outcome)
    return found
