"""Which events one target is told of: those it asked for, the same thing once in a while, and once that it is over."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection

from trueup.daemon.events import Event

BACK = "back"
"""The kind of event that says that a trouble is over: all of its router's, or those of the key, or of the kind and the
router, that follow `back ` in its own key."""

TROUBLES = frozenset(("drift", "fight", "failed", "unreachable", "stopped", "invalid", "remote", "audit"))

REMEMBERED = 10_000
"""Things that are remembered as told; the oldest are forgotten first, and told again at worst."""


class Notices:
    """Decides for one target; `repeat` is in seconds."""

    def __init__(self, events: Collection[str], repeat: float) -> None:
        self.events, self.repeat = frozenset(events), repeat
        self._told: OrderedDict[str, float] = OrderedDict()
        self._open: dict[str, Event] = {}

    def wanted(self, event: Event, now: float) -> bool:
        """Whether the target is to be told of this; then the same thing again is not told for a while."""
        if event.kind == BACK:
            over = self._over(event)
            return BACK in self.events and (over or not TROUBLES & self.events)
        if event.kind not in self.events:
            return False
        key = event.key or f"{event.kind} {event.router}"
        told = self._told.get(key)
        if event.kind in TROUBLES:
            self._open[key] = event
        if told is not None and now - told < self.repeat:
            return False
        self._told[key] = now
        self._told.move_to_end(key)
        while len(self._told) > REMEMBERED:
            forgotten, _ = self._told.popitem(last=False)
            self._open.pop(forgotten, None)
        return True

    def _over(self, event: Event) -> bool:
        """Whether a trouble that was told is over with this; it is told at once when it comes again."""
        about = event.key.removeprefix(f"{BACK} ")
        keys = [
            key
            for key, told in self._open.items()
            if about in (key, f"{told.kind} {told.router}") or told.router == event.router == about
        ]
        for key in keys:
            del self._open[key]
            self._told.pop(key, None)
        return bool(keys)
