"""One run as the audit keeps it: who, when, from which commit, what for each router, and what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from trueup.errors import AuditError
from trueup.plan import Outcome, Plan, Report

FORMAT_VERSION = "1.0"
RUNNING = "not ended"
"""What is said of a run until its end is recorded: it still goes on, or it was killed."""


WORST = ("unknown", "failed", "undone", "kept", "waiting")
"""What a router's part may come to besides `done` and `confirmed`, the worst first; `kept`: a part of it is done."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run over the routers that `plans` change; `override` is why it may write outside a window, "" within all."""

    id: str
    started: datetime
    commit: str
    plans: tuple[Plan, ...]
    override: str = ""

    @classmethod
    def begin(cls, commit: str, plans: Iterable[Plan], override: str = "") -> Run:
        """A run that starts now; `commit` is the network's, "" where its files are not committed."""
        return cls(secrets.token_hex(4), datetime.now(UTC), commit, tuple(plans), override)

    @property
    def folder(self) -> str:
        """Where its record is, below the audit repository."""
        return f"{self.started:runs/%Y/%m/%Y%m%dT%H%M%S.%fZ}-{self.id}"


@dataclass(frozen=True, slots=True)
class RouterRecord:
    """What a run meant to do to one router, in rows, and what came of it.

    `lockout` is what the plan said of the manager's way in, "" where it did not bear on it: `cut` and `may be cut` were
    applied because the operator allowed it.
    """

    add: int = 0
    change: int = 0
    move: int = 0
    remove: int = 0
    outcome: str = RUNNING
    lockout: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as run.json tells it; times are UTC, `ended` is None until its end is recorded."""

    id: str
    folder: str
    who: str
    commit: str
    started: datetime
    ended: datetime | None = None
    outcome: str = RUNNING
    routers: Mapping[str, RouterRecord] = field(default_factory=dict)
    override: str = ""

    def total(self, kind: str) -> int:
        """How many rows the run meant to add, change, move or remove on all routers."""
        return sum(getattr(router, kind) for router in self.routers.values())


def started_record(run: Run, who: str) -> RunRecord:
    """The record of a run that is about to write."""
    routers = {plan.router: _counts(plan, RUNNING) for plan in run.plans}
    return RunRecord(run.id, run.folder, who, run.commit, run.started, routers=routers, override=run.override)


def ended_record(run: Run, who: str, reports: Iterable[Report]) -> RunRecord:
    """The record of a run that has ended; a router without a report is one of which nothing is known."""
    found = {report.plan.router: report for report in reports}
    routers = {plan.router: _counts(plan, outcome(found.get(plan.router))) for plan in run.plans}
    whole = _whole(routers.values())
    ended = datetime.now(UTC)
    return RunRecord(run.id, run.folder, who, run.commit, run.started, ended, whole, routers, run.override)


def decided(record: RunRecord, router: str, word: str) -> RunRecord:
    """The record with another outcome for one router; it has ended once every router's part has."""
    routers = {**record.routers, router: replace(record.routers.get(router, RouterRecord()), outcome=word)}
    if any(each.outcome == RUNNING for each in routers.values()):
        return replace(record, routers=routers)
    return replace(record, routers=routers, ended=record.ended or datetime.now(UTC), outcome=_whole(routers.values()))


def outcome(report: Report | None) -> str:
    """One word for a router: done, waiting to be confirmed, undone, failed, or unknown where a change's outcome is."""
    if report is None or any(result.outcome == Outcome.UNKNOWN for result in report.results):
        return "unknown"
    if report.converged:
        return "waiting" if report.waiting else "done"
    return "undone" if report.taken_back else "failed"


def _whole(routers: Iterable[RouterRecord]) -> str:
    """One word for a run: the worst of its routers', done where all are, waiting where some still may be undone."""
    words = {router.outcome for router in routers}
    return next((word for word in WORST if word in words), "done")


def _counts(plan: Plan, word: str) -> RouterRecord:
    counts = (plan.count("add"), plan.count("change"), plan.count("move"), plan.count("remove"))
    return RouterRecord(*counts, word, plan.lockout.verdict if plan.lockout else "")


def record_to_document(record: RunRecord) -> dict[str, Any]:
    """run.json's data."""
    return {
        "format-version": FORMAT_VERSION,
        "id": record.id,
        "who": record.who,
        "commit": record.commit,
        "started": record.started.isoformat(timespec="seconds"),
        "ended": record.ended.isoformat(timespec="seconds") if record.ended else None,
        "outcome": record.outcome,
        **({"override": record.override} if record.override else {}),
        "routers": {
            name: {kind: getattr(router, kind) for kind in RouterRecord.__slots__}
            for name, router in sorted(record.routers.items())
        },
    }


def record_from_document(document: Mapping[str, Any], folder: str) -> RunRecord:
    """The record of run.json's data; AuditError where it is none, or of another major format version."""
    version = str(document.get("format-version", ""))
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise AuditError(
            f"{folder}/run.json has format-version {version or '(none)'}; this trueup reads {FORMAT_VERSION}"
        )
    try:
        ended = document["ended"]
        known = RouterRecord.__slots__
        return RunRecord(
            id=document["id"],
            folder=folder,
            who=document["who"],
            commit=document["commit"],
            started=datetime.fromisoformat(document["started"]),
            ended=datetime.fromisoformat(ended) if ended else None,
            outcome=document["outcome"],
            override=str(document.get("override", "")),
            routers={
                name: RouterRecord(**{kind: value for kind, value in router.items() if kind in known})
                for name, router in document["routers"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AuditError(f"{folder}/run.json is no run record: {error!r}") from None
