"""Safe mode: what floats while it is held is undone by the router when its holder is lost."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from trueup.device import Console, ConsoleTarget, Line, Lost, Refused
from trueup.errors import Problem, RouterError

SHOWN = 5
"""Edits of others that are told one by one."""


class Hold(Protocol):
    """Safe mode on one router, by whatever way it is held."""

    async def take(self) -> None:
        """Begin to hold; raises RouterError, also where somebody else holds it."""

    async def held(self) -> bool:
        """Whether the hold that was taken is still there and still ours; raises RouterError where nobody tells."""

    async def release(self) -> None:
        """Keep what was changed; raises RouterError."""

    async def unroll(self) -> None:
        """Undo what was changed; raises RouterError."""


class ApiHold:
    """Safe mode over the API, from 7.18 on; any session may end it, so a new connection can too."""

    def __init__(self, line: Line, username: str) -> None:
        self._line, self._username = line, username
        self._taken = False
        self.holder = ""

    async def take(self) -> None:
        self.holder, self._taken = "", False
        try:
            await self._line.session.talk(["/safe-mode/take", "=on-error=abort"])
        except Refused:  # refused things have been seen to be done all the same
            self._taken = await self._ours()
            raise
        except Lost as error:
            self._taken = error.sent
            raise
        self._taken = True
        self.holder = await self._holder()
        if not self.holder:
            raise RouterError(Problem("safe mode was taken but is not held", self._line.session.where, "try again"))

    async def held(self) -> bool:
        now = await self._holder()
        if self._taken and not self.holder and now.partition(" ")[0] == self._username:
            self.holder = now  # nobody else can hold it: a take that another's hold refuses is refused, not lost
        return bool(now) and now == self.holder

    async def release(self) -> None:
        await self._line.session.talk(["/safe-mode/release"])

    async def unroll(self) -> None:
        await self._line.session.talk(["/safe-mode/unroll"])

    async def _ours(self) -> bool:
        """Whether this very session holds it."""
        rows = (await self._line.session.talk(["/safe-mode/print", "=.proplist=enabled,current"])).rows
        return bool(rows) and (rows[0].get("enabled"), rows[0].get("current")) == ("true", "true")

    async def _holder(self) -> str:
        """Who holds it now, as the router says it; "" for nobody."""
        reply = await self._line.session.talk(["/safe-mode/print", "=.proplist=enabled,user,owner"])
        row = reply.rows[0] if reply.rows else {}
        return f"{row.get('user', '')} {row.get('owner', '')}".strip() if row.get("enabled") == "true" else ""


class ConsoleHold:
    """Safe mode in a console over SSH, held while the API applies, for releases before 7.18."""

    def __init__(self, target: ConsoleTarget) -> None:
        self._target = target
        self._console: Console | None = None

    async def take(self) -> None:
        await self._close()
        self._console = Console(self._target)
        try:
            await self._console.open()
            await self._console.take()
        except RouterError:
            await self._close()
            raise

    async def held(self) -> bool:
        return self._console is not None and await self._console.held()

    async def release(self) -> None:
        if self._console is not None:
            await self._console.release()
        await self._close()

    async def unroll(self) -> None:
        if self._console is not None:
            await self._console.unroll()
        await self._close()

    async def _close(self) -> None:
        if self._console is not None:
            await self._console.close()
        self._console = None


async def floating(line: Line, username: str, made: int | None) -> tuple[str, ...]:
    """Edits of others that an unroll would undo as well; `made` is how many actions we made ourselves at most.

    Our user's actions beyond those are of another session; the router does not tell which they are. Where a net may
    have acted in our user's name, `made` is None, and of our user's actions nothing is told.
    """
    try:
        reply = await line.session.talk(["/system/history/print", "=.proplist=action,by,time,floating-undo"])
    except Refused:
        return ()
    rows = [row for row in reply.rows if row.get("floating-undo") == "true"]
    theirs = [row for row in rows if row.get("by") != username]
    told = [f"{row.get('action', '')} by {row.get('by') or 'unknown'} at {row.get('time', '')}" for row in theirs]
    count = 0 if made is None else Counter(row.get("by") for row in rows)[username] - made
    more = [f"{len(told) - SHOWN} more by others"] if len(told) > SHOWN else []
    same = [f"{count} more by {username} in another session"] if count > 0 else []
    return (*told[:SHOWN], *more, *same)
