"""Changes of rows that can be taken back; each holds its row, which a later undo finds under its new id too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trueup.lab import phrase, references
from trueup.lab.derive import settle
from trueup.lab.history import Action
from trueup.lab.machine import Machine
from trueup.lab.menu import Menu
from trueup.lab.table import Row

Values = Mapping[str, str | None]
"""Properties that changed; None is one that was not there."""


@dataclass(frozen=True, slots=True)
class OfRow:
    """A row of a menu of a machine that something was done to."""

    machine: Machine
    menu: Menu
    row: Row

    @property
    def policy(self) -> str:
        return "policy" if self.menu.path.startswith("/user") else "write"

    def insert(self, before: Row | None) -> None:
        """Bring the row (back): before another that is still there, else to the end, with an id of its own."""
        self.row.id = self.machine.new_id(self.menu)
        self.place(before)

    def place(self, before: Row | None) -> None:
        """Put the row before another, else to the end."""
        rows = self.menu.table.rows
        rows.insert(next((at for at, row in enumerate(rows) if row is before), len(rows)), self.row)
        settle(self.machine, self.menu.path)

    def take_out(self) -> bool:
        """Take the row out of its place; False where it is gone already."""
        rows = self.menu.table.rows
        at = next((at for at, row in enumerate(rows) if row is self.row), None)
        if at is not None:
            del rows[at]
        return at is not None

    def drop(self) -> None:
        """Remove the row; what refers to it keeps a dead id."""
        if self.take_out():
            references.orphan(self.machine, self.menu, self.row)
            settle(self.machine, self.menu.path)

    def change(self, values: Values) -> None:
        """Give the row values; a new name is carried to what refers to it."""
        if not any(row is self.row for row in self.menu.table):
            return
        before = dict(self.row.values)
        for name, value in values.items():
            if value is None:
                self.row.values.pop(name, None)
            else:
                self.row.values[name] = value
        references.follow(self.machine, self.menu, before, self.row)
        settle(self.machine, self.menu.path)


@dataclass(frozen=True, slots=True)
class Added(OfRow):
    """A row was added before another, or at the end."""

    before: Row | None

    @property
    def told(self) -> str:
        return f"{phrase.thing(self.menu, self.row)} added"

    def undo(self) -> None:
        self.drop()

    def redo(self) -> None:
        self.insert(self.before)

    def undoing(self, open: bool) -> str:
        return phrase.command(self.menu, "remove", self.row)

    def redoing(self, open: bool) -> str:
        return phrase.adding(self.menu, self.row, self.before, open)


@dataclass(frozen=True, slots=True)
class Removed(OfRow):
    """A row was removed that stood before another, or at the end."""

    before: Row | None

    @property
    def told(self) -> str:
        return f"{phrase.thing(self.menu, self.row)} removed"

    def undo(self) -> None:
        self.insert(self.before)

    def redo(self) -> None:
        self.drop()

    def undoing(self, open: bool) -> str:
        return phrase.adding(self.menu, self.row, self.before, open)

    def redoing(self, open: bool) -> str:
        return phrase.command(self.menu, "remove", self.row)


@dataclass(frozen=True, slots=True)
class Changed(OfRow):
    """Values of a row were changed; both hold the same properties."""

    old: Values
    new: Values

    @property
    def told(self) -> str:
        return f"{phrase.thing(self.menu, self.row)} changed"

    def undo(self) -> None:
        self.change(self.old)

    def redo(self) -> None:
        self.change(self.new)

    def undoing(self, open: bool) -> str:
        return phrase.command(self.menu, "set", self.row, phrase.arguments(self.menu, self.old, open))

    def redoing(self, open: bool) -> str:
        return phrase.command(self.menu, "set", self.row, phrase.arguments(self.menu, self.new, open))


@dataclass(frozen=True, slots=True)
class Moved(OfRow):
    """A row that stood before one row was moved before another; None is the end."""

    old: Row | None
    new: Row | None

    @property
    def told(self) -> str:
        return f"{phrase.thing(self.menu, self.row)} moved"

    def undo(self) -> None:
        if self.take_out():
            self.place(self.old)

    def redo(self) -> None:
        if self.take_out():
            self.place(self.new)

    def undoing(self, open: bool) -> str:
        return phrase.moving(self.menu, self.row, self.old)

    def redoing(self, open: bool) -> str:
        return phrase.moving(self.menu, self.row, self.new)


def record(machine: Machine, user: str, action: Action) -> None:
    """Enter an action that has been done into the history."""
    machine.history.record(machine.clock(), user, action)


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Values, Values]:
    """The properties that changed, as they were and as they are."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def following(rows: Sequence[Row], at: int) -> Row | None:
    """The next row that is not the router's own; those come and go by themselves."""
    return next((rows[n] for n in range(at + 1, len(rows)) if not rows[n].marked("dynamic")), None)
