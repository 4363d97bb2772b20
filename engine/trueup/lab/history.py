"""What `/system/history` keeps: the last actions, what undoes them, and which of them safe mode would undo."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol

KEPT = 100
"""Actions that the history holds (MikroTik documentation, Configuration Management)."""


class Action(Protocol):
    """One change of one row, which can be taken back and done again."""

    @property
    def told(self) -> str:
        """What the history calls it, such as `filter rule added`."""

    @property
    def policy(self) -> str:
        """What one must be allowed to, to take it back."""

    def undo(self) -> None:
        """Take it back."""

    def redo(self) -> None:
        """Do it again."""

    def undoing(self, open: bool) -> str:
        """The command that takes it back; secrets are asterisks unless they are open."""

    def redoing(self, open: bool) -> str:
        """The command that does it again."""


@dataclass(slots=True)
class Entry:
    """An action, who did it and when; a `floating` one is undone when safe mode is unrolled."""

    number: int
    when: float
    user: str
    action: Action
    floating: bool


class History:
    """The actions since the start; whoever uses it holds the machine's lock.

    While it `floats`, safe mode is held and new actions float. Old actions make room for new ones; when a floating one
    has to, there is no room to hold them all: then all are kept and nothing floats any more.
    """

    def __init__(self) -> None:
        self.done: deque[Entry] = deque()
        self.undone: deque[Entry] = deque()
        self.floats = False
        self._numbers = 0

    def record(self, when: float, user: str, action: Action) -> None:
        """An action has been done; what was undone before can no longer be done again."""
        self._numbers += 1
        self.undone.clear()
        self._keep(Entry(self._numbers, when, user, action, self.floats))

    def undo(self) -> None:
        """Take back the last action that is done."""
        entry = self.done.pop()
        entry.action.undo()
        entry.floating = False
        self.undone.appendleft(entry)

    def redo(self) -> None:
        """Do again what was undone last."""
        entry = self.undone.popleft()
        entry.action.redo()
        entry.floating = self.floats
        self._keep(entry)

    def unroll(self) -> None:
        """Take back all that floats, the newest first; none of it can be done again."""
        self.undone.clear()
        while self.done and self.done[-1].floating:
            self.done.pop().action.undo()
        self.settle()

    def settle(self) -> None:
        """Keep what floats; from here on nothing does."""
        self.floats = False
        for entry in self.done:
            entry.floating = False

    def _keep(self, entry: Entry) -> None:
        self.done.append(entry)
        if len(self.done) > KEPT and self.done.popleft().floating:
            self.settle()
