"""What can go wrong once a session stands: refusals, whose outcome is known, and losses, whose outcome may not be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from trueup.errors import Problem, RouterError


class Trap(NamedTuple):
    """One `!trap` in the router's own words; `category` is None where the router gave none."""

    message: str
    category: int | None = None


class Refused(RouterError):
    """The router answered a command with `!trap`; the session goes on."""

    def __init__(self, traps: Iterable[Trap], where: str) -> None:
        self.traps = tuple(traps)
        super().__init__(Problem("; ".join(trap.message for trap in self.traps) or "refused without a reason", where))

    @property
    def absent(self) -> bool:
        """Whether the router does not have that menu or command."""
        return any(trap.message.startswith("no such command") for trap in self.traps)


class Lost(RouterError):
    """No answer came. `sent` tells whether the command may have been carried out: if it was sent, that is unknown."""

    def __init__(self, reason: str, where: str, *, sent: bool, remedy: str = "") -> None:
        self.sent = sent
        super().__init__(Problem(reason, where, remedy))


class TimedOut(Lost):
    """One command's deadline passed and it was told to stop; the session goes on, the outcome is unknown."""
