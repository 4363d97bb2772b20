"""Whether a saved plan still fits, and what has changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from deepdiff import DeepDiff

from trueup.plan.document import plan_to_document
from trueup.plan.plan import Plan

PLACES = ("source", "sources")
"""Where a change was declared does not matter to whether it still fits."""


def what_changed(saved: Plan, fresh: Plan) -> tuple[str, ...]:
    """Why a saved plan is stale, in words; () where the router and its declaration are as they were."""
    reasons = [
        f"{what} was {then or '(none)'}, now {now or '(none)'}"
        for what, then, now in (
            ("the router's serial", saved.serial, fresh.serial),
            ("its version", saved.version, fresh.version),
        )
        if then != now
    ]
    reasons += _differences(_changes(saved), _changes(fresh))
    if not reasons and saved.fingerprint != fresh.fingerprint:
        reasons.append("rows that the plan touches, refers to or stands beside have changed")
    return tuple(reasons)


def _changes(plan: Plan) -> dict[str, Any]:
    """The plan's changes by what they do to which row; their places in files left out."""
    document = plan_to_document(plan)
    found: dict[str, Any] = {}
    alike: Counter[str] = Counter()
    for change in (change for stage in document["stages"] for change in stage):
        rows = change.get("rows") or [change.get("row")]
        name = " ".join(str(value) for row in rows for value in row.values() if isinstance(value, str))
        key = f"{change['kind']} {change['menu']} {name}".rstrip()
        alike[key] += 1
        told = key if alike[key] == 1 else f"{key} ({alike[key]})"
        found[told] = {part: value for part, value in change.items() if part not in PLACES}
    return found


def _differences(saved: dict[str, Any], fresh: dict[str, Any]) -> Iterator[str]:
    # Without a threshold, plans that have little in common would differ as a whole, and not by their changes.
    found = DeepDiff(saved, fresh, view="tree", threshold_to_diff_deeper=0)
    affected: dict[str, str] = {}
    for kind, items in found.items():
        for item in items:
            key = item.path(output_format="list")[0]
            whole = len(item.path(output_format="list")) == 1
            affected.setdefault(key, kind if whole else "changed")
    words = {"dictionary_item_added": "is needed now", "dictionary_item_removed": "is no longer needed"}
    for key, kind in affected.items():
        yield f"{key} {words.get(kind, 'is different now')}"
