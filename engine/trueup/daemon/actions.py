"""What people can have the daemon do, from the page or the terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Actions(Protocol):
    """Each raises TrueupError where it cannot be done, and is recorded in the audit with `who`; returns what to say."""

    async def reconcile(self, router: str, who: str) -> str:
        """Look at a router now instead of at its time."""

    async def suspend(self, router: str, who: str, why: str, until: datetime | None) -> str:
        """Write nothing to a router until then, or until it is resumed."""

    async def resume(self, router: str, who: str) -> str:
        """Write to a router again; ends a fight too."""

    async def confirm(self, router: str, who: str) -> str:
        """Keep what waits to be confirmed."""

    async def roll_back(self, router: str, who: str) -> str:
        """Have what waits to be confirmed taken back now."""

    async def retry(self, who: str) -> str:
        """Try a rollout that stopped again, from its failed wave on."""
