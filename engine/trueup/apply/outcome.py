"""What became of every change, told from the answers and from reading back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from trueup.apply.write import Attempt
from trueup.plan import Add, Change, Created, Move, Outcome, Plan, PlanValue, Remove, Result, SecretValue, Set, Target
from trueup.row import Live, Secret
from trueup_schemas.catalogue import Catalogue


def outcomes(
    plan: Plan, attempts: Sequence[Attempt], left: Plan | None, live: Live, catalogue: Catalogue
) -> tuple[Result, ...]:
    """Each change's outcome. What no answer confirmed is decided by `live`, as read back, and what is `left` to do.

    Without a read-back (None) it is unknown, and so is a value that cannot be read.
    """
    back = _ReadBack(left, live, catalogue, attempts) if left is not None else None
    return tuple(
        Result(_outcome(change, attempt, back), attempt.error, attempt.id)
        for change, attempt in zip(plan.changes, attempts, strict=True)
    )


def _outcome(change: Change, attempt: Attempt, back: _ReadBack | None) -> Outcome:
    if attempt.confirmed:
        return Outcome.DONE
    if not attempt.sent:
        return Outcome.NOT_DONE
    return back.outcome(change) if back else Outcome.UNKNOWN


class _ReadBack:
    """The router after the run."""

    def __init__(self, left: Plan, live: Live, catalogue: Catalogue, attempts: Sequence[Attempt]) -> None:
        self.live, self.catalogue, self.attempts = live, catalogue, attempts
        self.adds = Counter(_adding(change) for change in left.changes if isinstance(change, Add))
        self.sets: dict[tuple[str, str], dict[str, PlanValue]] = {}
        for change in left.changes:
            if isinstance(change, Set):
                was = {name: change.old.get(name) for name in change.values}
                self.sets.setdefault((change.menu, self.id(change.target)), {}).update(was)

    def outcome(self, change: Change) -> Outcome:
        if isinstance(change, Set):
            return self.set(change)
        if isinstance(change, Add):
            self.adds[_adding(change)] -= 1
            done = self.adds[_adding(change)] < 0
        elif isinstance(change, Remove):
            done = change.target.id not in self.ids(change.menu)
        else:
            done = self.moved(change)
        return Outcome.DONE if done else Outcome.NOT_DONE

    def set(self, change: Set) -> Outcome:
        id = self.id(change.target)
        if id and id not in self.ids(change.menu):
            return Outcome.NOT_DONE
        there = self.sets.get((change.menu, id), {})
        missing = [name for name, value in change.values.items() if name in there and not _same(there[name], value)]
        if not missing:
            return Outcome.DONE
        return Outcome.UNKNOWN if any(self.unseen(change.menu, id, name) for name in missing) else Outcome.NOT_DONE

    def unseen(self, menu: str, id: str, name: str) -> bool:
        """Whether a value cannot be read back, so that a write of it leaves no trace."""
        if self.catalogue.menu(menu).properties[name].write_only:
            return True
        values = (row.values.get(name) for row in self.live.tables[menu] if row.id == id)
        return any(isinstance(value, Secret) and value.masked for value in values)

    def moved(self, change: Move) -> bool:
        """Whether the rows stand where they were to go: nothing that came after them can have put others between."""
        ids = self.ids(change.menu)
        block = [self.id(target) for target in change.targets]
        end = len(ids)
        if change.before is not None:
            before = self.id(change.before)
            end = ids.index(before) if before in ids else 0
        return ids[max(end - len(block), 0) : end] == block

    def ids(self, menu: str) -> list[str]:
        return [row.id for row in self.live.tables[menu]] if menu in self.live.tables else []

    def id(self, target: Target | None) -> str:
        if target is None:
            return ""
        return self.attempts[target.n].id if isinstance(target, Created) else target.id


def _same(there: PlanValue, value: PlanValue) -> bool:
    if isinstance(there, SecretValue) and isinstance(value, SecretValue):
        return there.digest == value.digest
    return there == value


def _adding(change: Add) -> str:
    return f"{change.menu} {sorted((name, str(value)) for name, value in change.values.items())}"
