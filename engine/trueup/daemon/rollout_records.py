"""What a restart needs of rollouts, kept in the audit repository: the commit in force, which router is at which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trueup.audit import Audit
from trueup.errors import AuditError, Problem
from trueup.fleet.kept_rollouts import CURRENT, FOLDER, TARGETS, current_rollout, past_rollouts
from trueup.fleet.rollout import RolloutStatus, rollout_to_document

FORMAT_VERSION = "1.0"

PAST = 20
"""Rollouts that have ended and are still told of."""

RESTORE = "restore the file with git in the audit repository"


@dataclass
class Known:
    """What is remembered: `force` is the commit that was in force, `at` the one that each router was brought to."""

    force: str = ""
    at: dict[str, str] = field(default_factory=dict)
    current: RolloutStatus | None = None
    past: tuple[RolloutStatus, ...] = ()
    troubles: tuple[str, ...] = ()


class RolloutRecords:
    """Reads once, and writes what has changed since; a rollout that has not is not even looked at."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._saved: dict[str, RolloutStatus | None] = {}
        self._targets: Mapping[str, Any] = {}

    def read(self) -> Known:
        """Raises AuditError where nobody can tell what routers are at; a rollout that is none is begun anew."""
        try:
            document = self._audit.documents.read(TARGETS) or {}
            at = {str(name): str(commit) for name, commit in document.get("routers", {}).items()}
        except AttributeError:
            raise AuditError(Problem("this does not say what routers are at", TARGETS, RESTORE)) from None
        troubles = []
        try:
            current = current_rollout(self._audit)
        except AuditError as error:
            troubles.append(f"{error}; it begins anew")
            current = None
        try:
            past = past_rollouts(self._audit, PAST)
        except AuditError as error:
            troubles.append(f"{error}; no rollout that has ended is told of")
            past = ()
        self._saved = {self._path(each): each for each in past}
        force = str(document.get("commit", "")) or (current.after if current is not None else "")
        return Known(force, at, current, past, tuple(troubles))

    def save(self, known: Known, news: str) -> bool:
        """Keep everything where it differs from what is there; whether it did. Raises AuditError."""
        documents: dict[str, Any] = {}
        if CURRENT not in self._saved or self._saved[CURRENT] is not known.current:
            current = rollout_to_document(known.current) if known.current is not None else {}
            documents[CURRENT] = {"format-version": FORMAT_VERSION, "rollout": current}
        targets = {"format-version": FORMAT_VERSION, "commit": known.force, "routers": dict(sorted(known.at.items()))}
        if targets != self._targets:
            documents[TARGETS] = targets
        ended = {self._path(each): each for each in known.past}
        documents |= {
            path: rollout_to_document(each) for path, each in ended.items() if self._saved.get(path) is not each
        }
        if not documents:
            return False
        self._audit.documents.keep(documents, news, self._audit.who)
        self._saved = {**ended, CURRENT: known.current}
        self._targets = targets
        return True

    @staticmethod
    def _path(rollout: RolloutStatus) -> str:
        return f"{FOLDER}/{rollout.id}.json"


def unfinished(rollouts: Sequence[RolloutStatus | None]) -> frozenset[str]:
    """The commits that were on their way to routers and did not come to all of them."""
    return frozenset(each.after for each in rollouts if each is not None and each.state != "done")
