"""Merged commits on their way to the routers: which commit each router should be at, and how far the rollout has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from trueup.audit import Audit
from trueup.daemon.board import Board
from trueup.daemon.events import Event
from trueup.daemon.revision import Revision, Revisions
from trueup.daemon.situation import Visited
from trueup.daemon.status import RolloutStatus, State
from trueup.errors import DeclarationError
from trueup.fleet.rollout import (
    advance,
    begin,
    ready,
    retry,
    rollout_from_document,
    rollout_to_document,
    supersede,
    targets,
    with_router,
)
from trueup.fleet.waves import waves
from trueup.load.remote import Head
from trueup.load.router import Router

CURRENT, TARGETS = "rollouts/current.json", "rollouts/targets.json"
FORMAT_VERSION = "1.0"
PAST = 20
"""Rollouts that have ended and are still told of."""


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
        self.current: RolloutStatus | None = None
        self._past: tuple[RolloutStatus, ...] = ()
        self._at: dict[str, str] = {}
        self._kept: dict[str, Any] = {}
        self.force: Revision
        self._read()

    def enforce(self, revision: Revision, head: Head) -> None:
        """Put a commit in force: routers that it changes something on get it wave by wave. Raises AuditError."""
        self.force = revision
        if self.current is not None and self.current.after == revision.commit:
            return
        now = datetime.now(UTC)
        if self.current is not None and self.current.state in ("running", "stopped"):
            self._end(supersede(self.current, now))
        coming = [router for router in revision.network.routers if self._changes(router, revision)]
        names = {router.name for router in coming}
        before = next((self._at[name] for name in names if self._at.get(name)), "")
        known = {router.name for router in revision.network.routers}
        self._at = {name: commit for name, commit in self._at.items() if name in known}
        self._at |= {name: revision.commit for name in known - names}
        self.current = None
        if coming:
            planned = waves(revision.network.settings.rollout, coming)
            ident = f"{now:%Y%m%dT%H%M%S}-{revision.commit[:8]}"
            self._show(begin(ident, before, revision.commit, head.author, head.subject, planned, now))
            text = f"{head.subject} by {head.author}: {len(coming)} routers in {len(planned)} waves"
            self._tell("rollout", text, "info")
        self.save(f"Put {revision.commit[:12]} in force")

    @property
    def newest(self) -> str:
        """The commit that was in force last, "" where the daemon has never run here."""
        if self.current is not None:
            return self.current.after
        return next(iter(self._at.values()), "")

    def target(self, router: str) -> Target:
        """What a router is compared with now."""
        current, at = self.current, self._old(router)
        part = current.routers.get(router) if current is not None else None
        if current is None or part is None or part.state == "healthy":
            return Target(self.force)
        coming = self._revisions.changed(router, at.commit, current.after) if at is not None else None
        if targets(current).get(router) == current.after:
            return Target(self.force, coming, ready(current, router))
        if at is None:
            return Target(self.force, None, False)
        if part.state == "failed":
            return Target(at, coming)
        return Target(at)

    def visited(self, router: str, found: Visited) -> None:
        """Take note of what came of a router's turn."""
        current = self.current
        part = current.routers.get(router) if current is not None else None
        if current is None or part is None or current.state not in ("running", "stopped"):
            return
        done = found.status.state in (State.CONVERGED, State.WAITING) or (found.wrote and not found.menus("declared"))
        if targets(current).get(router) != current.after:
            if part.state == "failed" and done:
                self._part(router, "rolled back", part.text)
            return
        if part.state not in ("waiting", "writing", "held"):
            return
        if not ready(current, router):
            return
        if done:
            self._part(router, "settling", "" if found.wrote else "nothing to do")
        elif found.report is not None:
            self._part(router, "failed", found.status.reason)
        else:
            self._part(router, "held", found.status.reason)

    def settling(self, now: datetime) -> list[str]:
        """The routers whose health is to be judged now."""
        if self.current is None or self.current.state != "running":
            return []
        settle = timedelta(seconds=self.force.network.settings.rollout.settle)
        return [
            name
            for name, part in self.current.routers.items()
            if part.state == "settling" and (part.text == "nothing to do" or now - (part.since or now) >= settle)
        ]

    def judged(self, router: str, reasons: tuple[str, ...], now: datetime) -> None:
        """Take note of a router's health: what is still wrong with it, nothing where it is healthy."""
        part = self.current.routers.get(router) if self.current is not None else None
        if part is None or part.state != "settling":
            return
        patience = timedelta(seconds=self.force.network.settings.rollout.patience)
        if not reasons:
            assert self.current is not None
            self._at[router] = self.current.after
            self._part(router, "healthy", "")
        elif now - (part.since or now) >= patience:
            self._part(router, "failed", "; ".join(reasons))
        else:
            self._board.bus.tell(Event("status", f"not healthy yet: {reasons[0]}", router))

    def move(self, now: datetime) -> tuple[str, ...]:
        """Go on to the next wave, stop, or end, where it is time; the routers that are to be looked at because of it."""
        current = self.current
        if current is None or current.state != "running":
            return ()
        moved = advance(current, self.force.network.settings.rollout, now)
        if moved == current:
            return ()
        self._show(moved)
        if moved.state == "done":
            self._tell("rollout", f"done: {moved.subject} is on all {len(moved.routers)} routers", "info")
            self._end(moved)
            self.current = None
            self._board.change(rollout=None)
        elif moved.state == "stopped":
            self._tell("stopped", f"stopped at wave {moved.at + 1} of {len(moved.waves)}: {moved.reason}; {moved.remedy}")
        elif moved.at != current.at:
            names = moved.waves[moved.at]
            self._tell("rollout", f"wave {moved.at + 1} of {len(moved.waves)}: {len(names)} routers", "info")
        self.save(f"Rollout {moved.id}: {moved.state}, wave {moved.at + 1} of {len(moved.waves)}")
        return tuple(moved.routers)

    def retry(self) -> bool:
        """Try a rollout that stopped again; False where none has."""
        if self.current is None or self.current.state != "stopped":
            return False
        self._show(retry(self.current, datetime.now(UTC)))
        self.save(f"Rollout {self.current.id}: tried again")
        return True

    def save(self, message: str) -> None:
        """Keep everything in the audit where it differs from what is there; raises AuditError."""
        current = rollout_to_document(self.current) if self.current is not None else {}
        documents: dict[str, Any] = {
            CURRENT: {"format-version": FORMAT_VERSION, "rollout": current},
            TARGETS: {"format-version": FORMAT_VERSION, "routers": dict(sorted(self._at.items()))},
        }
        documents |= {f"rollouts/{each.id}.json": rollout_to_document(each) for each in self._past}
        new = {path: document for path, document in documents.items() if self._kept.get(path) != document}
        if new:
            self.audit.documents.keep(new, message, "trueup")
            self._kept |= new

    def _read(self) -> None:
        kept = self.audit.documents.read(CURRENT) or {}
        if kept.get("rollout"):
            self._show(rollout_from_document(kept["rollout"]))
        self._at = dict((self.audit.documents.read(TARGETS) or {}).get("routers", {}))
        names = sorted(self.audit.documents.names("rollouts"), reverse=True)
        ended = [self.audit.documents.read(f"rollouts/{n}.json") or {} for n in names if n not in ("current", "targets")]
        self._past = tuple(rollout_from_document(each) for each in ended[:PAST])
        self._board.change(past=self._past)

    def _changes(self, router: Router, revision: Revision) -> bool:
        """Whether a commit brings a router something that the daemon may write there."""
        old = self._old(router.name)
        changed = self._revisions.changed(router.name, old.commit, revision.commit) if old is not None else None
        menus = revision.digests[router.name] if changed is None else changed
        return any(router.reconcile.mode_of(menu) != "observe" for menu in menus if menu.startswith("/"))

    def _old(self, router: str) -> Revision | None:
        """The commit that a router was last brought to, None where none is known or it can no longer be read."""
        commit = self._at.get(router, "")
        try:
            return self._revisions.get(commit) if commit else None
        except DeclarationError:
            return None

    def _part(self, router: str, state: str, text: str) -> None:
        assert self.current is not None
        before = self.current.routers[router]
        if (before.state, before.text) != (state, text):
            self._show(with_router(self.current, router, state, text, datetime.now(UTC)))
            self._board.bus.tell(Event("status", f"rollout: {state} {text}".rstrip(), router))

    def _show(self, rollout: RolloutStatus) -> None:
        self.current = rollout
        self._board.change(rollout=rollout)

    def _end(self, rollout: RolloutStatus) -> None:
        ended = rollout if rollout.ended else replace(rollout, ended=datetime.now(UTC))
        self._past = (ended, *self._past)[:PAST]
        self._board.change(past=self._past)

    def _tell(self, kind: str, text: str, level: str = "error") -> None:
        commit = self.current.after if self.current is not None else ""
        self._board.bus.tell(Event(kind, text, commit=commit, level=level))

