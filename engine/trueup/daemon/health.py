"""Whether the daemon does its work, for whatever restarts it or sends requests to it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

STUCK = 120.0
"""Seconds after which a loop that has not turned counts as stuck; it turns every second or so."""

CHECKED = 10.0
"""Seconds for which it is known whether the audit can be written."""

ROOM = b"\0" * 65536


class Health:
    """Told by the loop that it turns; `live` and `ready` say "" or what is wrong."""

    def __init__(
        self, audit: Path, revision: Callable[[], str], stuck: float = STUCK, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`revision` tells the commit in force, "" where there is none yet."""
        self._audit, self._revision, self._stuck, self._now = audit, revision, stuck, now
        self._ticked = now()
        self._checked: tuple[float, str] | None = None

    def tick(self) -> None:
        """The loop has turned."""
        self._ticked = self._now()

    @property
    def age(self) -> float:
        """Seconds since the loop last turned."""
        return self._now() - self._ticked

    def live(self) -> str:
        return f"the loop has not turned for {self.age:.0f} s" if self.age > self._stuck else ""

    def ready(self) -> str:
        return self.live() or ("" if self._revision() else "no revision is in force yet") or self._unwritable()

    def _unwritable(self) -> str:
        """Why the audit cannot be written, "" where it can; a file that is gone at once is how it is found out."""
        now = self._now()
        if self._checked is None or now - self._checked[0] > CHECKED:
            trouble = ""
            try:
                with tempfile.TemporaryFile(dir=self._audit / ".git") as file:
                    file.write(ROOM)
            except OSError as error:
                trouble = f"the audit repository cannot be written: {error.strerror}"
            self._checked = now, trouble
        return self._checked[1]
