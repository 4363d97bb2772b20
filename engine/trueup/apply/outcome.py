"""What became of every change, told from the answers and from reading back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trueup.apply.write import Attempt
from trueup.diff import Keys, Shape
from trueup.diff.owned import SAME_BOOT, boot_time
from trueup.plan import (
    Add,
    Change,
    Created,
    Move,
    Outcome,
    PersonalValue,
    Plan,
    PlanValue,
    Remove,
    Result,
    SecretValue,
    Set,
    Target,
)
from trueup.row import Live, Row, Secret, Table
from trueup_schemas.catalogue import Catalogue


def outcomes(
    plan: Plan, attempts: Sequence[Attempt], before: Live, after: Live | None, catalogue: Catalogue, keys: Keys
) -> tuple[Result, ...]:
    """Each change's outcome. What no answer confirmed, or a net may have taken back, is decided by the rows that were
    there `before` and `after`.

    Without a read-back (None) it is unknown, and so is a value that cannot be read.
    """
    back = _ReadBack(plan, attempts, before, after, catalogue, keys) if after is not None else None
    return tuple(
        Result(_outcome(change, attempt, back), attempt.error, attempt.id)
        for change, attempt in zip(plan.changes, attempts, strict=True)
    )


def _outcome(change: Change, attempt: Attempt, back: _ReadBack | None) -> Outcome:
    if not attempt.sent:
        return Outcome.NOT_DONE
    if attempt.confirmed and not attempt.void:
        return Outcome.DONE
    if back is None:
        return Outcome.UNKNOWN
    if (attempt.void or back.restarted) and back.restored(change.menu) and not back.blind(change):
        found = Outcome.NOT_DONE
    else:
        found = back.outcome(change)
    return Outcome.UNDONE if attempt.void and found == Outcome.NOT_DONE else found


class _ReadBack:
    """The router after the run, compared with what it was."""

    def __init__(
        self, plan: Plan, attempts: Sequence[Attempt], before: Live, after: Live, catalogue: Catalogue, keys: Keys
    ) -> None:
        self.after, self.catalogue, self.keys, self.attempts = after, catalogue, keys, attempts
        self.changes = plan.changes
        told = [(c.menu, attempt.id) for c, attempt in zip(plan.changes, attempts, strict=True) if not attempt.void]
        known = set(told)
        known |= {(menu, row.id) for menu, table in before.tables.items() for row in table}
        self.new = {menu: [row for row in table if (menu, row.id) not in known] for menu, table in after.tables.items()}
        self.before = before
        self._restored: dict[str, bool] = {}

    def restored(self, menu: str) -> bool:
        """Whether a menu holds just what it held before, `.id`s aside: what comes back is a new row."""
        if menu not in self._restored:
            shape = Shape(self.catalogue.menu(menu))
            there = [
                self.content(shape, live.tables[menu]) for live in (self.before, self.after) if menu in live.tables
            ]
            self._restored[menu] = len(there) == 2 and there[0] == there[1]
        return self._restored[menu]

    def blind(self, change: Change) -> bool:
        """Whether a change sets what leaves no trace, so that equal rows prove nothing."""
        if not isinstance(change, Set):
            return False
        id = self.id(change.target)
        row = next((row for row in self.rows(change.menu) if row.id == id), None)
        return row is not None and bool(self.split(change.menu, row, change.values)[1])

    def content(self, shape: Shape, table: Table) -> Sequence[object]:
        rows = [tuple(sorted(self.plain(shape, row).items())) for row in table if row.fixed != "dynamic"]
        return rows if shape.menu.ordered else sorted(rows)

    def plain(self, shape: Shape, row: Row) -> dict[str, str]:
        """What was declared or set of a row, secrets by their digests; what cannot be read is left out."""
        digest = self.keys.digest
        return {
            name: digest(value.reveal()) if isinstance(value, Secret) else shape.value(row, name)
            for name, value in row.values.items()
            if name in shape.menu.properties and not shape.menu.properties[name].read_only
        }

    @property
    def restarted(self) -> bool:
        """Whether the router has started anew since, so that an `.id` may be another row's."""
        return abs(boot_time(self.before.facts) - boot_time(self.after.facts)) > SAME_BOOT

    def outcome(self, change: Change) -> Outcome:
        if self.restarted and self.catalogue.menu(change.menu).kind != "singleton":
            return Outcome.UNKNOWN
        if isinstance(change, Set):
            return self.set(change)
        if isinstance(change, Add):
            done = self.added(change)
        elif isinstance(change, Remove):
            done = all(row.id != change.target.id for row in self.rows(change.menu)) and not self.came_back(change)
        else:
            done = self.moved(change)
        return Outcome.DONE if done else Outcome.NOT_DONE

    def set(self, change: Set) -> Outcome:
        id = self.id(change.target)
        row = next((row for row in self.rows(change.menu) if row.id == id), None)
        if row is None:
            return Outcome.NOT_DONE
        seen, unseen = self.split(change.menu, row, change.values)
        shape = Shape(self.catalogue.menu(change.menu))
        after = self.later(change)
        if not all(self._holds(shape, row, n, v) or self._any(shape, row, n, after) for n, v in seen.items()):
            return Outcome.NOT_DONE
        return Outcome.UNKNOWN if unseen else Outcome.DONE

    def later(self, change: Set) -> list[Mapping[str, PlanValue]]:
        """What later changes that were sent give the same row: a swap goes over a value that does not stay."""
        pairs = zip(self.changes, self.attempts, strict=True)
        sets = [c for c, attempt in pairs if attempt.sent and isinstance(c, Set) and c.menu == change.menu]
        same = [c for c in sets if c is change or self.id(c.target) == self.id(change.target)]
        return [each.values for each in same[same.index(change) + 1 :]] if change in same else []

    def _any(self, shape: Shape, row: Row, name: str, values: Sequence[Mapping[str, PlanValue]]) -> bool:
        return any(name in each and self._holds(shape, row, name, each[name]) for each in values)

    def added(self, change: Add) -> bool:
        """Whether a new row holds what was added; each new row counts once."""
        new = self.new.get(change.menu, [])
        for row in new:
            if self.holds(change.menu, row, self.split(change.menu, row, change.values)[0]):
                new.remove(row)
                return True
        return False

    def came_back(self, change: Remove) -> bool:
        """Whether a new row holds what the removed one held; each new row counts once."""
        shape = Shape(self.catalogue.menu(change.menu))
        rows = self.before.tables[change.menu].rows if change.menu in self.before.tables else ()
        gone = next((self.plain(shape, row) for row in rows if row.id == change.target.id), None)
        new = self.new.get(change.menu, [])
        found = next((row for row in new if self.plain(shape, row) == gone), None)
        if found is not None:
            new.remove(found)
        return found is not None

    def split(
        self, menu: str, row: Row, values: Mapping[str, PlanValue]
    ) -> tuple[dict[str, PlanValue], dict[str, PlanValue]]:
        """Values that can be read back, and those that leave no trace."""
        seen: dict[str, PlanValue] = {}
        unseen: dict[str, PlanValue] = {}
        for name, value in values.items():
            there = row.values.get(name)
            hidden = isinstance(there, Secret) and there.masked
            blind = hidden or self.catalogue.menu(menu).properties[name].write_only
            (unseen if blind else seen)[name] = value
        return seen, unseen

    def holds(self, menu: str, row: Row, values: Mapping[str, PlanValue]) -> bool:
        shape = Shape(self.catalogue.menu(menu))
        return all(self._holds(shape, row, name, value) for name, value in values.items())

    def _holds(self, shape: Shape, row: Row, name: str, value: PlanValue) -> bool:
        if isinstance(value, SecretValue):
            there = self.keys.planned(shape.menu.properties[name], row.values.get(name), row)
            return isinstance(there, SecretValue) and there.digest == value.digest
        if isinstance(value, PersonalValue) and value.text is None:  # of a saved plan, which has digests alone
            there = self.keys.planned(shape.menu.properties[name], row.values.get(name), row)
            return isinstance(there, PersonalValue) and there.digest == value.digest
        text = value.text if isinstance(value, PersonalValue) else value
        return shape.value(row, name) == (shape.defaults.get(name, "") if text is None else text)

    def moved(self, change: Move) -> bool:
        """Whether the rows stand where they were to go: nothing that came after them can have put others between."""
        ids = [row.id for row in self.rows(change.menu)]
        block = [self.id(target) for target in change.targets]
        end = len(ids)
        if change.before is not None:
            before = self.id(change.before)
            end = ids.index(before) if before in ids else 0
        return ids[max(end - len(block), 0) : end] == block

    def rows(self, menu: str) -> tuple[Row, ...]:
        return self.after.tables[menu].rows if menu in self.after.tables else ()

    def id(self, target: Target | None) -> str:
        if target is None:
            return ""
        return self.attempts[target.n].id if isinstance(target, Created) else target.id
