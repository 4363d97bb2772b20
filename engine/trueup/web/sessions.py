"""Who is logged in: sessions that the server holds, and that end."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from trueup.web.users import User

IDLE = 30 * 60.0
"""Seconds without a request by its user after which a session ends."""

LONGEST = 12 * 3600.0
"""Seconds after which a session ends in any case."""

MOST = 1000
MOST_OF_ONE = 10
"""Sessions at once, of all and of one user; the oldest ends first."""


@dataclass(slots=True)
class Session:
    """One login. `mark` is of the password's hash: another password ends the session. `flash` is said once."""

    user: str
    mark: str
    began: float
    used: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    flash: str = ""

    def matches(self, token: str) -> bool:
        """Whether a form's token is this session's."""
        return hmac.compare_digest(token.encode(), self.csrf.encode())


class Sessions:
    """Sessions by a digest of their token, so that what is in memory logs nobody in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}

    def begin(self, user: User) -> str:
        """A new session's token."""
        self._sweep()
        own = [key for key, session in self._sessions.items() if session.user == user.name]
        for key in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
            del self._sessions[key]
        while len(self._sessions) >= MOST:
            del self._sessions[next(iter(self._sessions))]
        token, now = secrets.token_urlsafe(32), self._clock()
        self._sessions[_digest(token)] = Session(user.name, _digest(user.kept), now, now)
        return token

    def find(self, token: str, user_of: Callable[[str], User | None], *, touch: bool) -> tuple[Session, User] | None:
        """The session and its user, None where it has ended; `touch` where the user did something."""
        key = _digest(token)
        session = self._sessions.get(key)
        if session is None:
            return None
        user = user_of(session.user)
        if user is None or self._over(session) or not hmac.compare_digest(_digest(user.kept), session.mark):
            del self._sessions[key]
            return None
        if touch:
            session.used = self._clock()
        return session, user

    def end(self, token: str) -> None:
        """Log out."""
        self._sessions.pop(_digest(token), None)

    def _over(self, session: Session) -> bool:
        now = self._clock()
        return now - session.used > IDLE or now - session.began > LONGEST

    def _sweep(self) -> None:
        for key in [key for key, session in self._sessions.items() if self._over(session)]:
            del self._sessions[key]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
