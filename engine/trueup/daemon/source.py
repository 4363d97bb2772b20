"""Which commit of the network is in force: the newest of the remote's branch that is without problems."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from trueup.daemon.board import Board
from trueup.daemon.events import Event
from trueup.daemon.revision import Revision, Revisions
from trueup.errors import DeclarationError, Problem, RemoteError, TrueupError
from trueup.load.remote import Head, Remote

TOLD = 3
"""Problems of a commit that are told with it."""


class Source:
    """Asks the remote, and refuses what does not validate; the last good commit then stays in force."""

    def __init__(self, root: Path, remote: Remote, revisions: Revisions, board: Board) -> None:
        self.remote = remote
        self._root, self._revisions, self._board = root, revisions, board
        self._refused = ""

    async def ask(self, force: str) -> tuple[Revision, Head] | None:
        """The commit that is to be in force instead of `force`, None where there is no other."""
        head = await self._fetch()
        if head is None:
            return None
        self._board.change(head=head.commit)
        if head.commit == force:
            self._board.trouble("invalid", "")
            self._refused = ""
        if head.commit in (force, self._refused):
            return None
        return await self._judge(head)

    async def first(self, wanted: str) -> tuple[Revision, Head]:
        """The commit to begin with: the remote's, else `wanted`, in force when the daemon ended.

        Raises TrueupError where neither can be read.
        """
        found = await self.ask("")
        if found is not None:
            return found
        if not wanted:
            trouble = "; ".join(self._board.fleet().troubles)
            raise RemoteError(Problem(f"there is no commit to begin with: {trouble}", str(self._root)))
        revision = await asyncio.to_thread(self._revisions.get, wanted)
        return revision, await asyncio.to_thread(self.remote.head, wanted)

    async def _fetch(self) -> Head | None:
        try:
            head = await asyncio.to_thread(self.remote.fetch)
        except RemoteError as error:
            if self._board.trouble("remote", str(error)):
                self._board.bus.tell(Event("remote", str(error), level="error"))
            return None
        self._board.trouble("remote", "")
        self._board.change(fetched=datetime.now(UTC))
        return head

    async def _judge(self, head: Head) -> tuple[Revision, Head] | None:
        try:
            revision = await asyncio.to_thread(self._revisions.get, head.commit)
        except TrueupError as error:
            self._refuse(head, error)
            return None
        self._refused = ""
        self._board.trouble("invalid", "")
        if head.rewritten:
            text = f"the history of {self.remote.branch} was rewritten; {head.commit[:12]} is in force now"
            self._board.bus.tell(Event("revision", text, commit=head.commit, level="warning", key=head.commit))
        return revision, head

    def _refuse(self, head: Head, error: TrueupError) -> None:
        self._refused = head.commit
        shown = [str(problem) for problem in error.problems[:TOLD]]
        more = f"; {len(error.problems) - TOLD} more" if len(error.problems) > TOLD else ""
        kind = "does not validate" if isinstance(error, DeclarationError) else "cannot be used"
        text = f"{head.commit[:12]} ({head.subject}) {kind}, so it is not in force: {'; '.join(shown)}{more}"
        self._board.trouble("invalid", text)
        self._board.bus.tell(Event("invalid", text, commit=head.commit, level="error", key=head.commit))
