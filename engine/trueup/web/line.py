"""One connection to the page: no more of them than the daemon can spare, and none that keeps it waiting."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from trueup.web.names import is_loopback

LINES = 500
"""Connections at once; one more is closed unanswered."""

OF_ONE = 100
"""Connections of one address; a proxy on this machine may have them all."""

PATIENCE = 15.0
"""Seconds in which a request's head must be there."""


class Line(H11Protocol):
    """uvicorn's connection, which by itself waits for a request for ever."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > LINES or self._many():
            transport.abort()
        self._watch()

    def _many(self) -> bool:
        """Whether the peer has more connections than one may have."""
        host = self.client[0] if self.client else ""
        if is_loopback(host):
            return False
        others = (each.client for each in self.connections if isinstance(each, H11Protocol))
        return sum(other is not None and other[0] == host for other in others) > OF_ONE

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def _watch(self) -> None:
        """Give the peer some time as long as it owes us a request."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._waiting is None and not self.transport.is_closing():
            self._waiting = self.loop.call_later(PATIENCE, self._give_up)

    def _give_up(self) -> None:
        self._waiting = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
