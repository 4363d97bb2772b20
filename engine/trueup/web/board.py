"""What the page needs of the daemon, and what all of its views share."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from trueup.audit import Audit
from trueup.daemon.actions import Actions
from trueup.daemon.events import Bus
from trueup.daemon.status import FleetStatus
from trueup.web.attempts import Attempts
from trueup.web.event_log import EventLog
from trueup.web.history import History
from trueup.web.names import Names
from trueup.web.sessions import Sessions
from trueup.web.users import Users
from trueup_schemas.operate import Web, Window


class Board(Protocol):
    """What the daemon shows: its fleet as it is now, the windows in force, and what happens."""

    @property
    def bus(self) -> Bus: ...

    def fleet(self) -> FleetStatus:
        """The fleet as it is now; called for every view, so it must not take long."""

    def windows(self) -> Sequence[Window]:
        """The windows that the commit in force declares."""


@dataclass(slots=True)
class Context:
    """What the views share. `open`: whoever is on this machine may look without a login."""

    board: Board
    actions: Actions
    users: Users
    settings: Web
    audit: Audit | None
    names: Names
    open: bool
    tls: bool
    history: History
    log: EventLog
    sessions: Sessions = field(default_factory=Sessions)
    attempts: Attempts = field(default_factory=Attempts)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def now(self) -> datetime:
        return datetime.now(UTC)
