"""Merged commits on their way to the routers: which commit each should be at, and how far the rollout has come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from trueup.audit import Audit
from trueup.daemon.board import Board
from trueup.daemon.earlier import brought_earlier
from trueup.daemon.events import Event
from trueup.daemon.revision import Revision, Revisions
from trueup.daemon.rollout_records import PAST, Known, RolloutRecords, unfinished
from trueup.daemon.situation import DECLARED, Visited
from trueup.daemon.status import RolloutRouter, RolloutStatus, RouterStatus, State
from trueup.errors import DeclarationError
from trueup.fleet.rollout import (
    FAILED,
    HEALTHY,
    HELD,
    ROLLED_BACK,
    ROLLING_BACK,
    SETTLING,
    WAITING,
    WRITING,
    advance,
    begin,
    judged,
    ready,
    resume,
    retry,
    settled,
    supersede,
    with_router,
)
from trueup.fleet.waves import before, waves
from trueup.load.remote import Head
from trueup.load.router import Router
from trueup_schemas.operate import Rollout

IDLE = "nothing to do"
"""What is said of a router that nothing was written to."""

NEWS = "Rollout as of now"


@dataclass(frozen=True, slots=True)
class Target:
    """The commit that a router is compared with, the menus that a rollout changes there, and whether it may now."""

    revision: Revision
    coming: frozenset[str] | None = frozenset()
    begun: bool = True


class Rollouts:
    """Brings routers from commit to commit; everything that a restart needs is in the audit repository."""

    def __init__(self, audit: Audit, revisions: Revisions, board: Board) -> None:
        self.audit, self._revisions, self._board = audit, revisions, board
        self._records = RolloutRecords(audit)
        self._news = NEWS
        self.force: Revision
        known = self._records.read()
        self.newest, self._at, self._past = known.force, known.at, known.past
        self.current = resume(known.current, datetime.now(UTC)) if known.current is not None else None
        self._board.change(past=self._past, rollout=self.current)
        for text in known.troubles:
            self._board.bus.tell(Event("audit", text, level="error"))

    @property
    def _settings(self) -> Rollout:
        return self.force.network.settings.rollout

    def enforce(self, revision: Revision, head: Head) -> None:
        """Put a commit in force: routers that it changes something on get it wave by wave."""
        self.force, self.newest = revision, revision.commit
        if self.current is not None and self.current.after == revision.commit:
            return
        now = datetime.now(UTC)
        if self.current is not None:
            self._at |= _arrived(self.current)
            self._end(supersede(self.current, now))
        known = {router.name for router in revision.network.routers}
        self._at = {name: commit for name, commit in self._at.items() if name in known}
        self._at |= self._earlier(known - self._at.keys(), revision)
        coming = [router for router in revision.network.routers if self._changes(router, revision)]
        differs = {router.name for router in revision.network.routers if self._menus(router, revision)}
        self._at |= dict.fromkeys(known - differs, revision.commit)
        if coming:
            self._begin(coming, head, now)
        self._news = f"Put {revision.commit[:12]} in force"

    def _begin(self, coming: Sequence[Router], head: Head, now: datetime) -> None:
        late = self._board.worst(State.SUSPENDED, State.UNREACHABLE)
        planned = waves(self._settings, coming, late)
        has = {router.name: self._at.get(router.name, "") for router in coming}
        needs = {router.name: before(router, coming) for router in coming}
        ident = f"{now:%Y%m%dT%H%M%S}-{head.commit[:8]}"
        made = begin(ident, "", head.commit, head.author, head.subject, planned, now, has=has, needs=needs)
        self._show(made)
        self._tell("rollout", f"{head.subject} by {head.author}: {_count(coming)} in {_count(planned, 'wave')}", "info")

    def at(self, router: str) -> str:
        """The commit that a router has come to, "" where none is known."""
        part = self.current.routers.get(router) if self.current is not None else None
        return part.before if part is not None else self._at.get(router, "")

    def target(self, router: str) -> Target:
        """What a router is compared with now."""
        current, part = self.current, None
        if current is not None:
            part = current.routers.get(router)
        if current is None or part is None:
            return Target(self.force, self._coming(router, self._at.get(router, ""), self.force.commit))
        if part.state in (HEALTHY, SETTLING):
            return Target(self.force)
        coming, old = self._coming(router, part.before, current.after), self._load(part.before)
        if ready(current, router) or part.begun is not None:
            return Target(self.force, coming, part.state in (WAITING, HELD, WRITING))
        if old is None:
            return Target(self.force, None, False)
        return Target(old, coming) if part.state == ROLLING_BACK else Target(old)

    def brought(self, router: str, commit: str, target: str) -> frozenset[str]:
        """The menus that still hold something of a commit that a router was begun to be brought to, and not to the end.

        It was rolled back, say, or another one came before it was done: what is left of it is nobody's drift.
        """
        if commit == target or commit not in unfinished((self.current, *self._past)):
            return frozenset()
        return self._coming(router, commit, target) or frozenset()

    def part(self, router: str) -> tuple[str, RolloutRouter] | None:
        """A router's part in the rollout that is on, with which one that is."""
        part = self.current.routers.get(router) if self.current is not None else None
        return (self.current.id, part) if self.current is not None and part is not None else None

    async def prepare(self, router: str) -> None:
        """Load what `target` needs, which takes its time, outside of the loop."""
        part = self.part(router)
        if part is not None and part[1].before:
            with contextlib.suppress(DeclarationError):
                await asyncio.to_thread(self._revisions.get, part[1].before)

    def writing(self, router: str, commit: str) -> None:
        """Take note that a router is being brought to a commit."""
        if self.current is not None and commit == self.current.after:
            self._part(router, WRITING, "")

    def visited(self, router: str, found: Visited) -> None:
        """Take note of what came of a router's turn, which may have begun before the commit in force was."""
        done, commit = not (found.failed or found.pending), found.status.target
        current = self.current
        part = current.routers.get(router) if current is not None else None
        if current is None or part is None:
            if done and commit == self.force.commit and not found.menus(DECLARED):
                self._at[router] = commit
        elif done and commit == part.before and part.state == ROLLING_BACK:
            self._part(router, ROLLED_BACK, part.text)
        elif commit == current.after and (part.state == WRITING or ready(current, router)):
            self._brought(router, found, done=done)

    def _brought(self, router: str, found: Visited, *, done: bool) -> None:
        if done:
            self._part(router, SETTLING, "" if found.wrote else IDLE)
        elif found.status.state == State.FAILED:
            self._part(router, FAILED, found.status.reason)
        else:
            self._part(router, HELD, found.status.reason, _expected(found.status))

    def settling(self, now: datetime) -> list[str]:
        """The routers whose health is to be judged now; those that nothing was written to at once."""
        if self.current is None or self.current.state != "running":
            return []
        idle = [name for name, part in self.current.routers.items() if part.state == SETTLING and part.text == IDLE]
        return [*idle, *(name for name in settled(self.current, self._settings, now) if name not in idle)]

    def judged(
        self, router: str, reasons: Sequence[str], now: datetime, asked: tuple[str, RolloutRouter] | None
    ) -> None:
        """Take note of a router's health: what is still wrong with it, nothing where it is healthy.

        `asked` is what its `part` was when it was asked: an answer about anything else comes too late.
        """
        if self.current is not None and asked is not None and self.part(router) == asked:
            self._show(judged(self.current, router, reasons, self._settings, now))
            text = f"not healthy yet: {reasons[0]}" if reasons else "healthy"
            self._board.bus.tell(Event("status", text, router))

    def move(self, now: datetime) -> tuple[str, ...]:
        """Go on to the next wave, stop, or end, where it is time; the routers to be looked at because of it."""
        current = self.current
        if current is None or current.state != "running":
            return ()
        moved = advance(current, self._settings, now)
        if (moved.state, moved.at) == (current.state, current.at):
            self._show(moved)
            return ()
        self._show(moved)
        wave = f"wave {moved.at + 1} of {len(moved.waves)}"
        if moved.state == "done":
            self._tell("rollout", f"done: {moved.subject} is on {_count(moved.routers)}", "info")
            self._at |= _arrived(moved)
            self._end(moved)
        elif moved.state == "stopped":
            self._tell("stopped", f"stopped at {wave}: {moved.reason}; {moved.remedy}")
        else:
            self._tell("rollout", f"{wave}: {_count(moved.waves[moved.at])}", "info")
        self._news = f"Rollout {moved.id}: {moved.state}, {wave}"
        return tuple(moved.routers)

    def retry(self) -> bool:
        """Try a rollout that stopped again; False where none has."""
        if self.current is None or self.current.state != "stopped":
            return False
        self._show(retry(self.current, datetime.now(UTC)))
        self._news = f"Rollout {self.current.id}: tried again"
        return True

    def clock_set(self, now: datetime) -> None:
        """The clock was set, or the machine slept: nobody's patience is measured by that time."""
        if self.current is not None:
            self._show(resume(self.current, now))

    def save(self) -> None:
        """Keep everything in the audit where it differs from what is there; raises AuditError."""
        if self._records.save(Known(self.newest, self._at, self.current, self._past), self._news):
            self._news = NEWS

    def _earlier(self, names: Collection[str], revision: Revision) -> dict[str, str]:
        """The commits that routers were at before the daemon knew them, "" where that is not known."""
        found = brought_earlier(self.audit, names)
        known = {
            name: commit for name, commit in found.items() if self._coming(name, commit, revision.commit) is not None
        }
        return dict.fromkeys(names, "") | known

    def _changes(self, router: Router, revision: Revision) -> bool:
        """Whether a commit brings a router something that the daemon may write there."""
        return any(router.reconcile.mode_of(menu) != "observe" for menu in self._menus(router, revision))

    def _menus(self, router: Router, revision: Revision) -> set[str]:
        """The menus in which a commit declares something else of a router than the one that the router is at."""
        changed = self._coming(router.name, self._at.get(router.name, ""), revision.commit)
        menus = revision.digests[router.name] if changed is None else changed
        return {menu for menu in menus if menu.startswith("/")}

    def _coming(self, router: str, before: str, after: str) -> frozenset[str] | None:
        """The menus in which a router's declaration differs between two commits, None where that is not known."""
        return self._revisions.changed(router, before, after) if before else None

    def _load(self, commit: str) -> Revision | None:
        """A commit that a router is at, None where there is none or it can no longer be read."""
        try:
            return self._revisions.get(commit) if commit else None
        except DeclarationError:
            return None

    def _part(self, router: str, state: str, text: str, until: datetime | None = None) -> None:
        if self.current is None:
            return
        after = with_router(self.current, router, state, text, datetime.now(UTC), until)
        if after != self.current:
            self._show(after)
            self._board.bus.tell(Event("status", f"rollout: {state} {text}".rstrip(), router))

    def _show(self, rollout: RolloutStatus | None) -> None:
        self.current = rollout
        self._board.change(rollout=rollout)

    def _end(self, rollout: RolloutStatus) -> None:
        self._past = (rollout, *self._past)[:PAST]
        self._board.change(past=self._past)
        self._show(None)

    def _tell(self, kind: str, text: str, level: str = "error") -> None:
        commit = self.current.after if self.current is not None else ""
        self._board.bus.tell(Event(kind, text, commit=commit, level=level))


def _expected(status: RouterStatus) -> datetime | None:
    """When a router that is held may be written to again, where that is known."""
    if status.suspended is not None:
        return status.suspended.until
    return None if status.opening.writable else status.opening.changes


def _arrived(rollout: RolloutStatus) -> dict[str, str]:
    """The commit that each router of a rollout was brought to; one that it did not come to keeps what it had."""
    return {
        name: rollout.after if part.state in (HEALTHY, SETTLING) else part.before
        for name, part in rollout.routers.items()
    }


def _count(things: Collection[object], noun: str = "router") -> str:
    return f"{len(things)} {noun}{'s' * (len(things) != 1)}"
