"""The hash that names what a plan would do, for those who agree to exactly that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from trueup.plan.document import stages_to_document
from trueup.plan.plan import Plan

LENGTH = 12
"""Hex digits that are enough to tell one plan from others of a network, and few enough to be typed."""

WHY = ("reason", "source", "sources")
"""Why a change is made and where it was declared does not matter to what it does."""


def plan_hash(plan: Plan) -> str:
    """12 hex digits of the SHA-256 of what a plan does to which router; the same for the same plan made again."""
    stages = [[_bare(change) for change in stage] for stage in stages_to_document(plan.stages)]
    return _digest({"router": plan.router, "serial": plan.serial, "version": plan.version, "stages": stages})


def common(plan: Plan, other: Plan) -> int:
    """How many of a plan's changes are in another plan for the same router as well."""
    there = [_bare(change) for stage in stages_to_document(other.stages) for change in stage]
    return sum(_bare(change) in there for stage in stages_to_document(plan.stages) for change in stage)


def run_hash(plans: Iterable[Plan]) -> str:
    """One hash for all of a run's plans that do something; of a single plan its own."""
    return joined_hash(plan_hash(plan) for plan in plans if not plan.empty)


def joined_hash(hashes: Iterable[str]) -> str:
    """The run's hash of its plans' hashes."""
    found = sorted(hashes)
    return found[0] if len(found) == 1 else _digest(found)


def _bare(change: dict[str, Any]) -> dict[str, Any]:
    return {part: value for part, value in change.items() if part not in WHY}


def _digest(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
