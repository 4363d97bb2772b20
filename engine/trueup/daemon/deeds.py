"""What people have the daemon do: from the page at once, from the terminal through requests in the audit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from trueup.audit import Audit
from trueup.daemon.events import Event
from trueup.daemon.keeper import Keeper
from trueup.errors import AuditError, PlanError, Problem, TrueupError
from trueup.fleet import suspension
from trueup.fleet.requests import CONFIRM, RECONCILE, RETRY, ROLL_BACK, Request, answer, expired, pending
from trueup.fleet.settle import Settler
from trueup.load.router import Router

PATIENCE, STEP = 60.0, 0.2
"""Seconds to wait for a router that is being looked at or written to, and between two tries."""


class Deeds:
    """Implements `Actions`: each deed is recorded in the audit in the name of whoever asked for it."""

    def __init__(self, keeper: Keeper, make_peace: Callable[[str], bool]) -> None:
        self._keeper, self._make_peace = keeper, make_peace

    async def reconcile(self, router: str, who: str) -> str:
        """Look at a router now instead of at its time."""
        return self._recorded(RECONCILE, router, who, self._reconcile(router, who))

    async def suspend(self, router: str, who: str, why: str, until: datetime | None) -> str:
        """Write nothing to a router until then, or until it is resumed."""
        self._router(router)
        made = suspension.suspend(self._audit(who), (router,), who, why, until)
        self._keeper.turns.hurry(router)
        self._told(router, who, "suspend")
        return made.told

    async def resume(self, router: str, who: str) -> str:
        """Write to a router again; ends a fight too."""
        self._router(router)
        names = suspension.resume(self._audit(who), (router,), who)
        fought = self._make_peace(router)
        if not names and not fought:
            raise PlanError(Problem("it is not suspended, and there is no fight", router, "see `trueup status`"))
        self._keeper.turns.hurry(router)
        self._told(router, who, "resume")
        return "it is written to again"

    async def confirm(self, router: str, who: str) -> str:
        """Keep what waits to be confirmed."""
        told = await self._settle(router, who, Settler.confirm)
        self._keeper.turns.hurry(router)
        self._told(router, who, "confirm")
        return told

    async def roll_back(self, router: str, who: str) -> str:
        """Have what waits to be confirmed taken back now."""
        told = await self._settle(router, who, Settler.rollback)
        self._keeper.turns.hurry(router)
        self._told(router, who, "roll back")
        return told

    async def retry(self, who: str) -> str:
        """Try a rollout that stopped again, from its failed wave on."""
        return self._recorded(RETRY, "", who, self._retry(who))

    def requests(self) -> None:
        """Begin what was asked for in the audit and is not answered yet; raises AuditError."""
        for request in pending(self._keeper.audit):
            name = f"request {request.kind} {request.router}"
            self._keeper.errands.run(name, partial(self._answer, request))

    async def _answer(self, request: Request) -> None:
        try:
            if expired(request, datetime.now(UTC)):
                text = "not done: it was asked for too long ago"
            else:
                text = await self._do(request)
        except TrueupError as error:
            text = f"not done: {error}"
        answer(self._keeper.audit, request, text)

    async def _do(self, request: Request) -> str:
        """Do what a request asks for, which itself is the record of it."""
        if request.kind == RETRY:
            return self._retry(request.who)
        if request.kind == RECONCILE:
            return self._reconcile(request.router, request.who)
        deed = {CONFIRM: self.confirm, ROLL_BACK: self.roll_back}[request.kind]
        return await deed(request.router, request.who)

    def _reconcile(self, router: str, who: str) -> str:
        self._router(router)
        self._keeper.turns.hurry(router)
        self._told(router, who, "look at it now")
        return "it is looked at now"

    def _retry(self, who: str) -> str:
        if not self._keeper.rollouts.retry():
            raise PlanError(Problem("no rollout has stopped", remedy="see `trueup status`"))
        self._keeper.rollouts.save()  # before anybody is told that it goes on
        for router in self._keeper.force.network.routers:
            self._keeper.turns.hurry(router.name)
        self._told("", who, "try the rollout again")
        return "the rollout goes on"

    def _recorded(self, kind: str, router: str, who: str, text: str) -> str:
        """What came of a deed that leaves no record of its own, once it is on record like one from a terminal."""
        answer(self._keeper.audit, Request(kind, router, who, "", datetime.now(UTC)), text, who)
        return text

    def _router(self, name: str) -> Router:
        router = self._keeper.force.router(name)
        if router is None:
            raise PlanError(Problem("there is no such router in what is in force", name, "see `trueup status`"))
        return router

    async def _settle(self, name: str, who: str, work: Callable[[Settler], Awaitable[str]]) -> str:
        """Settle a router that waits, once nobody looks at it any more; the next look waits for this."""
        router, audit = self._router(name), self._audit(who)
        for _ in range(round(PATIENCE / STEP)):
            with audit.hold(name) as free:
                if free:
                    return await work(Settler(self._keeper.force.network, router, self._keeper.stores, audit))
            await asyncio.sleep(STEP)
        raise AuditError(Problem("a run is at work on this router", name, "wait for its end, then ask again"))

    def _audit(self, who: str) -> Audit:
        return self._keeper.audit.acting(who)

    def _told(self, router: str, who: str, what: str) -> None:
        self._keeper.bus.tell(Event("action", f"{who}: {what}", router, key=f"{what} {router} {who}"))
