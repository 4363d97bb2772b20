"""Rollouts as the daemon keeps them in the audit repository, for whoever looks from elsewhere."""

from __future__ import annotations

from typing import Any

from trueup.audit import Audit
from trueup.errors import AuditError, Problem
from trueup.fleet.rollout import RolloutStatus, rollout_from_document

FOLDER = "rollouts"
CURRENT, TARGETS = f"{FOLDER}/current.json", f"{FOLDER}/targets.json"
"""The rollout that has not been followed by another, as `rollout`; the commits that routers are at."""


def current_rollout(audit: Audit) -> RolloutStatus | None:
    """The rollout that is on or has stopped, None where none is; raises AuditError."""
    return _read((audit.documents.read(CURRENT) or {}).get("rollout"), CURRENT)


def past_rollouts(audit: Audit, number: int) -> tuple[RolloutStatus, ...]:
    """The newest rollouts that have ended, as many as asked for; raises AuditError."""
    names = [name for name in audit.documents.names(FOLDER) if f"{FOLDER}/{name}.json" not in (CURRENT, TARGETS)]
    paths = [f"{FOLDER}/{name}.json" for name in sorted(names, reverse=True)[:number]]
    return tuple(found for path in paths if (found := _read(audit.documents.read(path), path)) is not None)


def _read(document: Any, path: str) -> RolloutStatus | None:
    if not document:
        return None
    try:
        return rollout_from_document(document)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        text = f"this is no rollout: {error!r}"
        raise AuditError(Problem(text, path, "restore the file with git in the audit repository")) from None
