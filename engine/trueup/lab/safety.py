"""Safe mode: one session holds it, and what anyone changes meanwhile is undone when that session is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from trueup.lab.history import History
from trueup.lab.timeline import Due, Timeline
from trueup.lab.trap import Trap, failure, no_match

SAFE_MODE = "/safe-mode"
SINCE = (7, 18)
"""The menu is in the command trees from 7.18 on, and in none up to 7.17.1 (tikoci/restraml)."""

ON_ERROR = ("abort", "ask", "release", "unroll")
"""The words of `take on-error=` (deep inspection of 7.21.4, tikoci/restraml)."""

AFTER_CLOSE = 2.0
"""Seconds from the end of a session to the undoing (about 2.15 measured, tik4net)."""

AFTER_CUT = 540.0
"""Seconds until a session whose peer went silent counts as lost (9 minutes, MikroTik documentation)."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds safe mode: a session's number (0: no session's), its user, and what it came by.

    `told` is called when the hold ends, whoever ends it; not when it overflows or the router restarts.
    """

    session: int
    user: str
    owner: str
    told: Callable[[], None] = field(default=lambda: None, compare=False)


class SafeMode:
    """The router's one safe mode; consoles take it in every version. Whoever uses it holds the machine's lock."""

    def __init__(self, history: History, timeline: Timeline) -> None:
        self._history = history
        self._timeline = timeline
        self._holder: Holder | None = None
        self._coming: Due | None = None

    @property
    def holder(self) -> Holder | None:
        """Who holds it; no one any more once the history had no room for all that floats."""
        return self._holder if self._history.floats else None

    def take(self, by: Holder, on_error: str) -> None:
        """Begin to hold; where another session holds it, `on_error` says what becomes of that."""
        if on_error not in ON_ERROR:
            raise no_match("on-error")
        held = self.holder
        if held is not None and held.session == by.session:
            raise failure("Safe Mode is already taken by this session")
        if held is not None:
            if on_error in ("abort", "ask"):
                whom = "current user in another session" if held.user == by.user else "another user"
                raise Trap(f"Safe Mode is taken by {whom}.")
            self.end(undo=on_error == "unroll")
        self._call_off()
        self._holder, self._history.floats = by, True

    def end(self, undo: bool) -> None:
        """Hold no more; what floats is undone or kept. Any session may; raises where nobody holds."""
        held = self.holder
        if held is None:
            raise Trap("Safe Mode has not been taken. Action aborted.")
        self._call_off()
        self._holder = None
        if undo:
            self._history.unroll()
        else:
            self._history.settle()
        held.told()

    def lost(self, session: int, cut: bool) -> None:
        """A session has ended: what it held is undone a moment later, or much later where the line was `cut` before."""
        held = self.holder
        if held is not None and held.session == session and self._coming is None:
            self._coming = self._timeline.after(AFTER_CUT if cut else AFTER_CLOSE, self._undo)

    def found(self, session: int) -> None:
        """A session that was cut is heard of again, in time."""
        held = self.holder
        if held is not None and held.session == session:
            self._call_off()

    def _undo(self) -> None:
        self._coming = None
        if self.holder is not None:
            self.end(undo=True)

    def _call_off(self) -> None:
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None
