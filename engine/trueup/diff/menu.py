"""The difference of one menu: which rows to add, set and remove."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.diff.compare import Differing, compare, returned
from trueup.diff.content import Keys
from trueup.diff.difference import MenuDifference, brief, existing, plan_values
from trueup.diff.neighbours import replacements
from trueup.diff.owned import OwnedRow
from trueup.errors import Problem
from trueup.plan import Add, Note, Remove, Set
from trueup.row import Row
from trueup_schemas.secret import SecretRef

OURS = "was ours, no longer declared"
BY_HAND = "edited by hand"
UNMANAGED = "not declared, in a scope with unmanaged: remove"


class MenuDiffer:
    """Fills in one menu's changes; `problems` and `notes` gather what stands in the way or should be known."""

    def __init__(self, menu: MenuDifference, keys: Keys) -> None:
        self.menu, self.shape, self.keys = menu, menu.shape, keys
        self.problems: list[Problem] = []
        self.notes: list[Note] = []

    def run(self) -> None:
        removed = self._no_longer_declared()
        pairs = replacements(self.menu, {id for id, reason in removed.items() if reason == OURS})
        self.menu.matching.live.update(pairs)
        for row in pairs.values():
            del removed[row.id]
        for index, row in enumerate(self.menu.declared):
            there = self.menu.matching.live.get(index)
            if there is None:
                self._add(index, row)
            else:
                self._set(index, row, there)
        for row in self.menu.live:
            if row.id in removed:
                row_brief = brief(self.shape, row, self.keys)
                target = existing(self.shape, row, self.keys)
                self.menu.removes[row.id] = Remove(self.menu.path, target, row_brief, removed[row.id])

    def _add(self, index: int, row: Row) -> None:
        if not self.shape.menu.addable:
            message = (
                f"{self.menu.path} has no row {' '.join(self.shape.key(row))} on the router, and rows cannot be added"
            )
            there = ", ".join(" ".join(self.shape.key(live)) for live in self.menu.live[:12])
            self.problems.append(Problem(message, row.source, f"it has {there}" if there else ""))
            return
        values = {n: v for n, v in row.values.items() if v is not None or self.shape.defaults.get(n)}
        planned = plan_values(self.shape, row, values, self.keys)
        self.menu.adds[index] = Add(self.menu.path, planned, brief(self.shape, row, self.keys), source=row.source)

    def _set(self, index: int, row: Row, there: Row) -> None:
        record = self.menu.matching.ours.get(there.id)
        differing = compare(self.shape, row, there, record, self.keys)
        self._note_left(differing, there, row)
        if not differing.values:
            return
        if there.fixed == "builtin":
            message = f"{self.menu.path} {' '.join(self.shape.key(row))} is builtin and refuses changes"
            self.problems.append(Problem(message, row.source, "remove the declaration"))
            return
        reason = BY_HAND if record is not None and self._is_as_recorded(row, record, differing) else ""
        self.menu.sets[index] = self._change(row, there, differing, reason)

    def _is_as_recorded(self, row: Row, record: OwnedRow, differing: Differing) -> bool:
        """Whether the declaration of what differs is what was last applied, so that somebody else changed the row."""
        for name in differing.values:
            value, digest = row.values.get(name), None
            if isinstance(value, SecretRef):
                property = self.shape.menu.properties[name]
                digest = self.keys.secret_digest(property, self.keys.secret(property, value, row))
            if record.secrets.get(name) != digest:
                return False
        return record.content == self.shape.declared_digest(row, self.keys.digest, record.ignore)

    def _change(self, row: Row, there: Row, differing: Differing, reason: str) -> Set:
        old = {name: there.values.get(name) for name in differing.values}
        return Set(
            menu=self.menu.path,
            target=None if self.shape.menu.kind == "singleton" else existing(self.shape, there, self.keys),
            values=plan_values(self.shape, row, differing.values, self.keys),
            old=plan_values(self.shape, there, old, self.keys),
            row=brief(self.shape, there if self.shape.menu.key else row, self.keys),
            source=row.source,
            sources={name: place for name in differing.values if (place := row.where(name)) is not None},
            reason=reason,
        )

    def _no_longer_declared(self) -> dict[str, str]:
        """Live rows that go, by `.id`, with the reason; rows that may not be removed are returned or noted."""
        matched = {row.id for row in self.menu.matching.live.values()}
        removed = {}
        for row in self.menu.live:
            if row.id in matched or row.id in self.menu.ignored or row.fixed == "dynamic":
                continue
            record = self.menu.matching.ours.get(row.id)
            if record is None:
                if not row.fixed and any(scope.remove and scope.holds(row) for scope in self.menu.scopes):
                    if row.id in self.menu.matching.perhaps:
                        self._note(f"{self._name(row)} may be a protected row that was edited by hand, and stays")
                    else:
                        removed[row.id] = UNMANAGED
            elif record.protect:
                self._note(f"{self._name(row)} is protected and stays, though it is no longer declared")
            elif row.fixed or not self.shape.menu.addable:
                self._return(row)
            else:
                removed[row.id] = OURS
        return removed

    def _return(self, row: Row) -> None:
        record = self.menu.matching.ours[row.id]
        differing = returned(self.shape, row, record, self.keys)
        self._note_left(differing, row, None)
        if differing.values:
            self.menu.returns[row.id] = self._change(Row(dict(row.values)), row, differing, OURS)

    def _note_left(self, differing: Differing, there: Row, row: Row | None) -> None:
        for name in differing.left:
            text = f"{self._name(there)} keeps {name}: it is no longer declared, but its default is not known"
            self._note(text, row)

    def _note(self, text: str, row: Row | None = None) -> None:
        self.notes.append(Note(text, self.menu.path, row.source if row else None))

    def _name(self, row: Row) -> str:
        """The row for a note: its `.id` where only personal data would tell it from others."""
        named = brief(self.shape, row, self.keys).values()
        shown = " ".join(value for value in named if isinstance(value, str))
        told = all(isinstance(value, str) for value in named)
        return shown if shown and told else f"row {row.id} {shown}".strip() if row.id else "the row"


def strangers(menu: MenuDifference, records: Iterator[str]) -> Iterator[str]:
    """Ids of undeclared rows that a record's `.id` points at, though the router has restarted since."""
    recorded = set(records)
    matched = {row.id for row in menu.matching.live.values()}
    for row in menu.live:
        known = row.id in matched or row.id in menu.matching.ours or row.id in menu.ignored
        if not row.fixed and row.id in recorded and not known:
            yield row.id
