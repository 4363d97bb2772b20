"""What became of every change, told from the answers and from reading back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from trueup.apply.write import Attempt
from trueup.plan import Add, Change, Existing, Outcome, Plan, Remove, Result, Set


def outcomes(plan: Plan, attempts: Sequence[Attempt], left: Plan | None) -> tuple[Result, ...]:
    """Each change's outcome. What no answer confirmed is decided by `left`, the difference that reading back found.

    A change that would still have to be made was not done; without a read-back it is unknown.
    """
    remaining = _Remaining(left) if left is not None else None
    return tuple(
        Result(_outcome(change, attempt, remaining), attempt.error, attempt.id)
        for change, attempt in zip(plan.changes, attempts, strict=True)
    )


def _outcome(change: Change, attempt: Attempt, remaining: _Remaining | None) -> Outcome:
    if attempt.confirmed:
        return Outcome.DONE
    if not attempt.sent:
        return Outcome.NOT_DONE
    if remaining is None:
        return Outcome.UNKNOWN
    return Outcome.NOT_DONE if remaining.holds(change) else Outcome.DONE


class _Remaining:
    """The changes that are still to be made."""

    def __init__(self, left: Plan) -> None:
        self.adds: Counter[str] = Counter()
        self.sets: dict[tuple[str, str], set[str]] = {}
        self.gone: set[tuple[str, str]] = set()
        for change in left.changes:
            if isinstance(change, Add):
                self.adds[_adding(change)] += 1
            elif isinstance(change, Set):
                self.sets.setdefault((change.menu, _id(change)), set()).update(change.values)
            elif isinstance(change, Remove):
                self.gone.add((change.menu, change.target.id))
            else:
                self.gone.update((change.menu, t.id) for t in change.targets if isinstance(t, Existing))

    def holds(self, change: Change) -> bool:
        if isinstance(change, Add):
            self.adds[_adding(change)] -= 1
            return self.adds[_adding(change)] >= 0
        if isinstance(change, Set):
            return bool(self.sets.get((change.menu, _id(change)), set()) & change.values.keys())
        if isinstance(change, Remove):
            return (change.menu, change.target.id) in self.gone
        return any((change.menu, t.id) in self.gone for t in change.targets if isinstance(t, Existing))


def _adding(change: Add) -> str:
    return f"{change.menu} {sorted((name, str(value)) for name, value in change.values.items())}"


def _id(change: Set) -> str:
    return change.target.id if isinstance(change.target, Existing) else ""
