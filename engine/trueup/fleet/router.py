"""One router's run: connect, read, plan; then write, read again, and tell what came of it. One connection for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from trueup.apply import Attempt, Stop, outcomes, write
from trueup.compile import Compiled, Compiler
from trueup.device import Session, Target, check_identity, connect, read
from trueup.diff import Difference, Keys, Owned, difference
from trueup.diff.owned import why_void
from trueup.diff.reads import menus_to_read
from trueup.diff.record import attempted, settled, written
from trueup.errors import PlanError, Problem, RouterError, TrueupError
from trueup.fleet.peers import peer_notes
from trueup.fleet.reach import target_of
from trueup.fleet.way_in import keep_way_in
from trueup.load.router import Router
from trueup.order import order_with_needs
from trueup.plan import Change, Existing, Plan, Report
from trueup.row import Live
from trueup_schemas.catalogue import Catalogue


class RouterRun:
    """One router from the first connection to the last read.

    `prepare` makes `plan`; `write` carries it out. `record_before` is what to keep before the first write,
    `record_after` once `write` has read the router back.
    """

    def __init__(
        self, compiler: Compiler, router: Router, owned: Owned | None, keys: Keys, chosen: Sequence[Router]
    ) -> None:
        self.compiler, self.router, self.owned, self.keys, self.chosen = compiler, router, owned, keys, chosen
        self._stack = AsyncExitStack()
        self._session: Session | None = None
        self.compiled: Compiled
        self.catalogue: Catalogue
        self.live: Live
        self.difference: Difference
        self.plan: Plan

    async def prepare(self) -> Plan:
        """Connect, read and plan; raises TrueupError. The connection stays open until `close`."""
        self._session = await self._stack.enter_async_context(connect(self._target()))
        version = self.router.version
        if version is None:
            version = (await read(self._session, ())).facts.version
        self.compiled = self.compiler.compile(self.router, version)
        self.catalogue = self.compiler.network.catalogue(self.router, version)
        await self._read_and_plan()
        return self.plan

    async def recheck(self) -> None:
        """Read again and refuse when the plan no longer fits: somebody may have taken their time to agree to it."""
        before = self.plan
        await self._read_and_plan()
        told = [(plan.stages, plan.fingerprint, plan.lockout) for plan in (before, self.plan)]
        if told[0] != told[1]:
            raise PlanError(Problem("the router has changed since the plan was made", self.router.name, "plan again"))

    async def write(self, stop: Stop, tick: Callable[[], None]) -> Report:
        """Carry the plan out, read the router back and compare again; never raises for what the router does.

        `stop` ends it early; what ends this router's writing stops no other's.
        """
        if self._session is None:
            raise PlanError(Problem("this run has no plan yet", self.router.name))
        plan, before, stop = self.plan, self.live, Stop(above=stop)
        attempts = await write(self._session, plan, self.catalogue, self.keys.resolve, stop, tick)
        done = [
            (c, _row_id(c, attempt)) for c, attempt in zip(plan.changes, attempts, strict=True) if attempt.confirmed
        ]
        self.owned = written(self.record_before(), self.difference, done, self.keys)
        after, left, error = await self._read_back()
        if not all(attempt.confirmed for attempt in attempts):
            error = "; ".join(filter(None, (stop.reason, error)))
        elif left is not None and not left.empty:
            error = "the router is still not as declared"
        return Report(plan, outcomes(plan, attempts, before, after, self.catalogue, self.keys), left, error)

    async def close(self) -> None:
        await self._stack.aclose()

    def record_before(self) -> Owned:
        """The record for before the first write: what was ours, and the coming adds as attempted."""
        return attempted(self.difference, self._held(), self.live.facts, self.compiled.desired.commit, self.keys)

    def record_after(self, report: Report | None) -> Owned | None:
        """The record once the router was read back (None: nothing was written); None where it could not be."""
        if report is not None and report.left is None:
            return None
        return settled(self.difference, self._held(), self.live.facts, self.compiled.desired.commit, self.keys)

    def _held(self) -> Owned | None:
        owned = self.owned
        return None if owned is None or why_void(owned, self.live.facts, self.keys.digest) else owned

    async def _read_and_plan(self) -> None:
        if self._session is None:
            return
        router, desired = self.router, self.compiled.desired
        self.live = await read(self._session, menus_to_read(desired, self.owned, self.catalogue))
        check_identity(self.live.facts, router.version or "", router.model or "", router.serial or "", router.name)
        self.difference = difference(desired, self.live, self.owned, self.catalogue, self.keys)
        plan, needs = order_with_needs(self.difference, desired, self.live, self.catalogue, self.keys)
        plan = await keep_way_in(self._session, router, self.catalogue, self.live.tables, plan, needs)
        notes = () if plan.empty else peer_notes(self.compiled, self.chosen)
        self.plan = replace(plan, notes=(*plan.notes, *notes))

    async def _read_back(self) -> tuple[Live | None, Plan | None, str]:
        """What the router is now and the difference that is left, over a new connection where the old one is lost."""
        try:
            await self._read_and_plan()
        except RouterError:
            try:
                await self._reconnect()
                await self._read_and_plan()
            except TrueupError as error:
                return None, None, f"could not be read back: {error}"
        except TrueupError as error:
            return self.live, None, f"could not be compared after writing: {error}"
        return self.live, self.plan, ""

    async def _reconnect(self) -> None:
        await self.close()
        self._session = await self._stack.enter_async_context(connect(self._target()))

    def _target(self) -> Target:
        return target_of(self.router, self.compiler.network.root, self.keys.resolve)


def _row_id(change: Change, attempt: Attempt) -> str:
    """The `.id` of the row that a change was about, "" for a singleton's and for several."""
    target = getattr(change, "target", None)
    return target.id if isinstance(target, Existing) else attempt.id
