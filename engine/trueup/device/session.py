"""A logged-in session: commands in, replies out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trueup.device.faults import Refused
from trueup.device.mux import Each, Mux, Reply
from trueup.device.words import Hidden

DEADLINE = 60.0
"""Seconds for one command: a busy router has been seen to stall for 30."""


SHORTEST = 8
"""Characters of a secret that is looked for in errors of other commands than the one that it was sent with: a shorter
one may be a word of theirs, and leaving it out would tell it."""


class Session:
    """One connection to one router; commands may run at the same time, eight of them in flight."""

    def __init__(self, router: str, host: str, mux: Mux, ends: tuple[str, str] = ("", "")) -> None:
        self.router, self.host, self._mux = router, host, mux
        self._hidden: set[str] = set()
        self.ends = ends
        """Our own address and the router's, as our end sees them."""

    @property
    def where(self) -> str:
        """The router and its host, for errors."""
        return f"{self.router} ({self.host})"

    def conceal(self, texts: Iterable[str]) -> None:
        """Have no error repeat these texts from now on, unless they are so short that any sentence holds them."""
        self._hidden.update(text for text in texts if len(text) >= SHORTEST)

    async def talk(self, words: Sequence[str], deadline: float | None = None) -> Reply:
        """Send one command and return its reply; raises Refused, or Lost where no whole reply came.

        `deadline` is seconds, DEADLINE unless told. No error ever repeats a Hidden word of this command or of one
        before, even where the router does.
        """
        hidden = [word.value for word in words if isinstance(word, Hidden) and word.value]
        self.conceal(hidden)
        try:
            return await self._mux.talk(words, DEADLINE if deadline is None else deadline)
        except Refused as refused:
            known = self._hidden.union(hidden)
            if not any(text in trap.message for text in known for trap in refused.traps):
                raise
            clean = [trap._replace(message=_hide(trap.message, known)) for trap in refused.traps]
            raise Refused(clean, str(refused.problems[0].where)) from None

    async def follow(self, words: Sequence[str], each: Each) -> None:
        """Send a command that goes on telling, and pass on each of its rows, until the router ends it or we are
        cancelled; raises Refused or Lost."""
        await self._mux.follow(words, each)

    async def settle(self) -> None:
        """Wait until commands that timed out have come to their end on the router."""
        await self._mux.settle()

    async def close(self) -> None:
        await self._mux.close()


def _hide(message: str, hidden: Iterable[str]) -> str:
    for text in sorted(hidden, key=len, reverse=True):
        message = message.replace(text, "(hidden)")
    return message
