"""One router's run: connect, read, plan; then write, read again, and tell what came of it. One connection for all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from trueup.apply import Attempt, Carrier, Journal, Stop, Writer, outcomes
from trueup.compile import Compiled, Compiler
from trueup.device import Line, Session, check_identity, connect, read
from trueup.diff import Difference, Keys, Owned, difference
from trueup.diff.owned import why_void
from trueup.diff.reads import menus_to_read
from trueup.diff.record import attempted, settled, unconfirmed, written
from trueup.errors import PlanError, Problem, RouterError, TrueupError
from trueup.fleet.assess import Assessor, Drawn
from trueup.fleet.drill import seen
from trueup.fleet.nets import Asked, put_up
from trueup.fleet.peers import peer_notes
from trueup.fleet.reach import console_of, target_of
from trueup.load.router import Router
from trueup.order import order_with_needs
from trueup.plan import Change, Existing, Outcome, Plan, Report
from trueup.plan.net import ours
from trueup.risk.guards import Limits
from trueup.row import Live, Resolver, Secret, Tables
from trueup_schemas.catalogue import Catalogue

DEFAULT = Asked()

BACK = 15.0
"""Seconds to come back for reading, where the connection was lost."""

NETS = {"/system/scheduler", "/system/script"}


class RouterRun:
    """One router from the first connection to the last read.

    `prepare` makes `plan`; `write` carries it out. `record_before` is what to keep before the first write,
    `record_after` once `write` has read the router back.
    """

    def __init__(
        self,
        compiler: Compiler,
        router: Router,
        owned: Owned | None,
        keys: Keys,
        chosen: Sequence[Router],
        asked: Asked = DEFAULT,
        drilled: dict[str, Any] | None = None,
    ) -> None:
        self.compiler, self.router, self.owned, self.keys, self.chosen = compiler, router, owned, keys, chosen
        self.asked, self.drilled = asked, drilled
        self._line = Line(_way_to(router, compiler.network.root, keys.resolve), router.name)
        self._left: frozenset[str] = frozenset()
        self.before: Owned
        self._waiting = False
        self.compiled: Compiled
        self.catalogue: Catalogue
        self.live: Live
        self.difference: Difference
        self.plan: Plan

    async def prepare(self) -> Plan:
        """Connect, read and plan; raises TrueupError. The connection stays open until `close`."""
        await self._line.open()
        version = self.router.version
        if version is None:
            version = (await read(self._line.session, ())).facts.version
        self.compiled = self.compiler.compile(self.router, version)
        self.catalogue = self.compiler.network.catalogue(self.router, version)
        await self._read_and_plan()
        return self.plan

    async def leave(self, menus: Collection[str]) -> Plan:
        """Plan anew from what was read, with these menus left as they are, and their ownership too."""
        self._left = frozenset(menus)
        await self._plan()
        return self.plan

    async def recheck(self) -> None:
        """Read again and refuse when the plan no longer fits: somebody may have taken their time to agree to it."""
        before = self.plan
        await self._read_and_plan()
        told = [(plan.stages, plan.fingerprint, plan.lockout) for plan in (before, self.plan)]
        if told[0] != told[1]:
            raise PlanError(Problem("the router has changed since the plan was made", self.router.name, "plan again"))

    async def write(self, stop: Stop, tick: Callable[[], None], say: Callable[[str], None], journal: Journal) -> Report:
        """Carry the plan out under its net, read the router back and compare again; never raises for what it does.

        `stop` ends it early; what ends this router's writing stops no other's.
        """
        plan, before, stop = self.plan, self.live, Stop(above=stop)
        writer = Writer(self._line, plan, self.catalogue, self.keys.resolve, stop, tick)
        console = console_of(self.router, self._line.session.host, self.keys.resolve)
        nets = put_up(plan, before, self.catalogue, self.router, self._line, console)
        carrier = Carrier(self._line, writer, nets, stop, journal, say)
        await carrier.run()
        attempts, self._waiting = writer.attempts, carrier.waiting
        done = [(c, _row_id(c, a)) for c, a in zip(plan.changes, attempts, strict=True) if a.confirmed and not a.void]
        self.owned = written(self.before, self.difference, done, self.keys)
        after, left, error = await self._read_back()
        results = outcomes(plan, attempts, before, after, self.catalogue, self.keys)
        notes = carrier.told
        if left is not None and left.empty and all(result.outcome == Outcome.DONE for result in results):
            notes = [*filter(None, (stop.reason,)), *notes]  # an answer was lost, and what it was about is done
        elif not all(attempt.confirmed and not attempt.void for attempt in attempts):
            error = "; ".join(filter(None, (stop.reason, error)))
        elif left is not None and not left.empty:
            error = "the router is still not as declared"
        return Report(plan, results, left, error, tuple(notes), nets.net.confirm if carrier.waiting else 0)

    @property
    def session(self) -> Session:
        """The open session; raises RouterError where there is none."""
        return self._line.session

    async def close(self) -> None:
        await self._line.close()

    def record_before(self) -> Owned:
        """The record for before the first write: what was ours, and the coming adds as attempted."""
        desired = self.compiled.desired
        self.before = attempted(self.difference, self._held(), self.live.facts, desired.commit, self.keys)
        return self.before

    def record_after(self, report: Report | None) -> Owned | None:
        """The record once the router was read back (None: nothing was written); None where it could not be."""
        if report is not None and report.left is None:
            return None
        record = settled(self.difference, self._held(), self.live.facts, self.compiled.desired.commit, self.keys)
        return unconfirmed(record, self.before) if self._waiting else record

    def _held(self) -> Owned | None:
        owned = self.owned
        return None if owned is None or why_void(owned, self.live.facts, self.keys.digest) else owned

    async def _read_and_plan(self) -> None:
        router, desired, session = self.router, self.compiled.desired, self._line.session
        live = await read(session, menus_to_read(desired, self.owned, self.catalogue))
        self.live = replace(live, tables=_without_nets(live.tables))
        session.conceal(value.reveal() for value in _secrets(live.tables) if not value.masked)
        check_identity(self.live.facts, router.version or "", router.model or "", router.serial or "", router.name)
        await self._plan()

    async def _plan(self) -> None:
        desired, session = self.compiled.desired, self._line.session
        found = difference(desired, self.live, self.owned, self.catalogue, self.keys)
        self.difference = replace(found, menus=tuple(menu for menu in found.menus if menu.path not in self._left))
        plan, needs = order_with_needs(self.difference, desired, self.live, self.catalogue, self.keys)
        if not plan.empty:
            drawn = Drawn(plan, needs, self.difference, desired, self.live, self._held())
            plan = await self._assessor().assess(session, drawn)
            plan = replace(plan, notes=(*plan.notes, *peer_notes(self.compiled, self.chosen)))
        self.plan = plan

    def _assessor(self) -> Assessor:
        said = self.compiler.network.settings.guards
        limits = Limits(said.remove_rows, said.remove_share)
        return Assessor(self.router, self.catalogue, self.keys, limits, self.asked, seen(self.drilled, self.live.facts))

    async def _read_back(self) -> tuple[Live | None, Plan | None, str]:
        """What the router is now and the difference that is left, over a new connection where the old one is lost."""
        try:
            await self._read_and_plan()
        except RouterError:
            try:
                await self._line.again(BACK)
                await self._read_and_plan()
            except TrueupError as error:
                return None, None, f"could not be read back: {error}"
        except TrueupError as error:
            return self.live, None, f"could not be compared after writing: {error}"
        return self.live, self.plan, ""


def _way_to(router: Router, root: Path, resolve: Resolver) -> Callable[[], AbstractAsyncContextManager[Session]]:
    """How to connect; it holds no run, so that what one has read goes away with it and not with the next collection."""
    return lambda: connect(target_of(router, root, resolve))


def _secrets(tables: Tables) -> Iterator[Secret]:
    values = (value for table in tables.values() for row in table for value in row.values.values())
    return (value for value in values if isinstance(value, Secret))


def _without_nets(tables: Tables) -> Tables:
    """The tables without the rows of nets, which come and go with an apply and are nobody's configuration."""
    found = dict(tables)
    for menu in NETS & tables.keys():
        rows = tuple(row for row in tables[menu] if not ours(row.text("name")))
        found[menu] = replace(tables[menu], rows=rows)
    return found


def _row_id(change: Change, attempt: Attempt) -> str:
    """The `.id` of the row that a change was about, "" for a singleton's and for several."""
    target = getattr(change, "target", None)
    return target.id if isinstance(target, Existing) else attempt.id
