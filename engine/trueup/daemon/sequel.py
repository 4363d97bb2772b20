"""What follows a look at a router: events, fights, proposals, snapshots; and what people have asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from trueup.audit.run import outcome
from trueup.daemon.deeds import Deeds
from trueup.daemon.events import Event
from trueup.daemon.fights import Fights
from trueup.daemon.fights_document import fights_from_document, fights_to_document
from trueup.daemon.keeper import Keeper
from trueup.daemon.proposals import Proposals
from trueup.daemon.rollouts import Target
from trueup.daemon.situation import DRIFT, Situation, Visited
from trueup.daemon.status import RouterStatus, State
from trueup.fleet.overrides import current_override, overridden
from trueup.fleet.rollout import SETTLING
from trueup.fleet.snapshot import SNAPSHOT, changed
from trueup.fleet.suspension import FIGHTS, suspension
from trueup.fleet.windows import opening
from trueup.load.router import Router
from trueup.plan import Outcome

MISSED = 2
"""Turns in a row that a router fails before it is told of: one lost packet is no news."""


class Sequel:
    """Keeps what is remembered of routers between their turns, and tells what has changed."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper, self._board, self._bus = keeper, keeper.board, keeper.bus
        self.deeds = Deeds(keeper, self.make_peace)
        self.sessions: dict[str, Mapping[str, int]] = {}
        self._fights: dict[str, Fights] = {}
        self._marks: dict[str, int | None] = {}
        self._proposals = Proposals(keeper, self.note)
        self._coming: dict[tuple[str, str] | str, Mapping[str, Any] | None] = {}

    def situation(self, target: Target, router: Router, now: datetime) -> Situation:
        """What is known of a router before its turn; raises AuditError."""
        self._settle(router.name)
        audit, newest = self._keeper.audit, self._keeper.force
        declared = newest.router(router.name) or router
        opened = opening(newest.network.settings.windows, declared, now)
        return Situation(
            target.revision,
            router,
            target.coming,
            target.begun,
            suspension(audit, router.name, now),
            overridden(opened, current_override(audit, router.name, now)),
            self.fights(router.name),
            partial(self._keeper.approved, router.name),
            self._marks.get(router.name),
            lambda commit: self._keeper.rollouts.brought(router.name, commit, target.revision.commit),
        )

    def fights(self, router: str) -> Fights:
        """What is remembered of the drift that was reverted on a router; raises AuditError."""
        if router not in self._fights:
            document = self._keeper.audit.read_kept(router, FIGHTS)
            self._fights[router] = fights_from_document(document) if document is not None else Fights()
        return self._fights[router]

    def make_peace(self, router: str) -> bool:
        """Forget a router's fights, so that its drift is reverted again; whether there was one. Raises AuditError."""
        fought = bool(self.fights(router).all)
        self._remember(router, Fights())
        return fought

    def follow(self, name: str, found: Visited) -> None:
        """Take note of a router's turn; raises AuditError."""
        before, status = self._board.router(name), found.status
        if self._keeper.force.router(name) is None:
            return  # it was taken out of git meanwhile
        if found.report is None and not self._settles(name):
            self.sessions.pop(name, None)  # those of long ago say nothing about what comes
        self._keeper.rollouts.visited(name, found)
        if not self._settle(name) and (not found.failed or found.marks):
            self._remember(name, found.fights)
        self._board.post(self._proposals.shown(name, status))
        self._tell(before, status, found)
        if found.snapshot is not None:
            self._marks[name] = found.mark
            if changed(self._keeper.audit.read_kept(name, SNAPSHOT), found.snapshot):
                self.note(name, SNAPSHOT, found.snapshot)
        if found.sessions:
            self.sessions[name] = found.sessions
        self._proposals.consider(name, found)
        if found.report is not None:
            done = sum(result.outcome == Outcome.DONE for result in found.report.results)
            self._keeper.metrics.ran(outcome(found.report), done)

    def keep_only(self, names: Collection[str]) -> None:
        """Forget routers that are no longer declared."""
        for each in (self.sessions, self._fights, self._marks):
            for name in set(each) - set(names):
                del each[name]
        self._proposals.keep_only(names)

    def note(self, router: str, name: str, document: Mapping[str, Any] | None) -> None:
        """Have a document about a router kept with the next others."""
        self._coming[router, name] = document

    def keep(self) -> None:
        """Write what has come together into the audit, in one commit; raises AuditError."""
        if self._coming:
            self._keeper.audit.keep_many(self._coming, _message(self._coming))
            self._coming = {}
        self._keeper.rollouts.save()

    def _settle(self, router: str) -> bool:
        """Forget a fight that somebody has settled in a terminal, which takes its document away; whether so."""
        kept = self._fights.get(router)
        if kept is None or not kept.all or (router, FIGHTS) in self._coming:
            return False
        settled = not self._keeper.audit.has_kept(router, FIGHTS)
        if settled:
            self._fights[router] = Fights()
        return settled

    def _settles(self, name: str) -> bool:
        """Whether a router's health is still to be judged against what it had before."""
        part = self._keeper.rollouts.part(name)
        return part is not None and part[1].state == SETTLING

    def _remember(self, name: str, fights: Fights) -> None:
        before = self.fights(name)
        if fights != before:
            self._fights[name] = fights
            self.note(name, FIGHTS, None if fights.empty else fights_to_document(fights))
        if len(fights.all) > len(before.all):
            self.keep()  # what somebody is told of can be ended only once it is on record

    def _tell(self, before: RouterStatus, status: RouterStatus, found: Visited) -> None:
        """Tell what is new about a router."""
        name, commit = status.name, status.target
        bad = (State.UNREACHABLE, State.FAILED)
        if status.state in bad and (before.failures == MISSED - 1 or found.report is not None):
            kind = "unreachable" if status.state == State.UNREACHABLE else "failed"
            self._bus.tell(Event(kind, status.reason, name, commit=commit, level="error"))
        if before.state in bad and status.state not in bad and before.failures >= MISSED:
            self._bus.tell(Event("back", f"answers again: {status.state}", name, commit=commit))
        if status.fights and not before.fights:
            text = "; ".join(f"{fight.menu}: {fight.theirs} against {fight.ours}" for fight in status.fights)
            self._bus.tell(Event("fight", text, name, commit=commit, level="error"))
        if found.wrote and found.report is not None:
            count = len(found.report.plan.changes)
            written = {change.menu for change in found.report.plan.changes}
            kind = "applied" if written.isdisjoint(found.marks) else "reverted"
            self._bus.tell(Event(kind, f"{count} change{'s' * (count != 1)} done, read back", name, commit=commit))
        new = {d.menu: d for d in status.drift if d.cause == DRIFT}
        known = {drift.menu for drift in before.drift if drift.cause == DRIFT}
        if fresh := [drift for menu, drift in new.items() if menu not in known]:
            text = "; ".join(f"{drift.menu}: {drift.changes} by {drift.author}" for drift in fresh)
            self._bus.tell(Event("drift", text, name, commit=commit, level="warning"))


def _message(coming: Collection[tuple[str, str] | str]) -> str:
    routers = sorted({key[0] for key in coming})
    return f"Routers as of now: {', '.join(routers[:3])}{f' and {len(routers) - 3} more' if len(routers) > 3 else ''}"
