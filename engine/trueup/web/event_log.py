"""The last things that happened, for the page's log."""

from __future__ import annotations

from collections import deque

from trueup.daemon.events import Bus, Event

KEPT = 500


class EventLog:
    """The newest events first; what only refreshes the page is left out."""

    def __init__(self, bus: Bus) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT)
        bus.listen(self._note)

    def recent(self, router: str = "", most: int = KEPT) -> list[Event]:
        """Of one router where it is named, else all."""
        found = (event for event in self._events if not router or event.router == router)
        return [event for event, _ in zip(found, range(most), strict=False)]

    def _note(self, event: Event) -> None:
        if event.kind != "status":
            self._events.appendleft(event)
