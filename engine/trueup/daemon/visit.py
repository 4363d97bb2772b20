"""One look at one router: read it, tell drift from what is declared, write what may be written, say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from trueup.audit import Audit
from trueup.audit.personal import held_by, redactor
from trueup.daemon.fights import Fights
from trueup.daemon.remains import take_back, undoing
from trueup.daemon.reverts import seen_again, taken_back
from trueup.daemon.situation import DECLARED, DRIFT, Situation, Visited
from trueup.daemon.status import Drift, RouterStatus, State
from trueup.device import connect
from trueup.diff.history import Author, Authors
from trueup.diff.ignore import managed
from trueup.errors import AuditError, Problem, RouterError, TrueupError
from trueup.fleet.author import authors
from trueup.fleet.consent import guarded, hindered, locked_out, netless
from trueup.fleet.health import count_sessions
from trueup.fleet.nets import Asked
from trueup.fleet.reach import target_of
from trueup.fleet.router import RouterRun
from trueup.fleet.run import Failure, FleetRun, Stop
from trueup.fleet.snapshot import snapshot_mark, snapshot_to_document
from trueup.fleet.windows import stop_at_edges
from trueup.plan import Plan
from trueup.plan.digest import plan_hash
from trueup.secrets import Stores
from trueup.show import Line, Show

SHOWN = 200
"""Lines of a plan that the status holds."""

SUSPENDABLE = (State.CONVERGED, State.DRIFTED, State.PENDING)
"""States that say less than that somebody has suspended the router."""

OVERTAKEN = "another commit is meant for it since this look began"

BUSY = "another trueup is at work on this router"


class Visit:
    """One router's turn; `make` never raises for what the router or its files do."""

    def __init__(self, situation: Situation, before: RouterStatus, stores: Stores, audit: Audit) -> None:
        self._situation, self._before, self._stores, self._audit = situation, before, stores, audit
        self._now = datetime.now(UTC)
        self._stop = Stop()
        self._say: Callable[[str], None] = lambda _: None
        self._begin: Callable[[], bool] = lambda: True
        self._read: RouterRun | None = None

    def watched(self, stop: Stop, say: Callable[[str], None], begin: Callable[[], bool]) -> None:
        """Have writing end when `stop` is asked, what goes on told, and `begin` asked before the first write whether
        it may still be."""
        self._stop, self._say, self._begin = Stop(above=stop), say, begin

    async def make(self) -> Visited:
        """Look, and write where that may be."""
        found = await self._try()
        found = replace(found, status=replace(found.status, reason=self._clean(found)))
        if found.status.suspended is not None and found.status.state in SUSPENDABLE:
            return replace(found, status=replace(found.status, state=State.SUSPENDED))
        return found

    def _clean(self, found: Visited) -> str:
        """The reason without personal data and secrets: a router may repeat in its errors whatever it holds."""
        if not found.status.reason:
            return ""
        report, read = found.report, self._read
        plans = [found.plan, *((report.plan, report.left) if report is not None else ())]
        held = held_by(read.live, read.catalogue) if read is not None and report is not None else ()
        return redactor((plan for plan in plans if plan is not None), held)(found.status.reason)

    async def _try(self) -> Visited:
        try:
            with self._audit.hold(self._situation.router.name) as free:
                if not free:
                    return self._fail(State.PENDING, BUSY)
                situation = self._situation
                if await take_back(situation.revision.network, situation.router, self._stores, self._audit):
                    self._say("what a run did that died was taken back")
                return await self._look()
        except TrueupError as error:
            return self._fail(_state_of(error), self._told(error.problems))

    async def _look(self) -> Visited:
        situation, revision = self._situation, self._situation.revision
        run = FleetRun(
            revision.network,
            (situation.router,),
            self._stores,
            self._audit,
            lambda _, doing, done, count: self._say(f"{doing} {done} of {count}" if count else doing),
            self._stop,
            compiler=revision.compiler,
            beside=revision.network.routers,
            override=situation.opening.override,
        )
        async with run:
            await run.plan()
            if run.failures:
                return self._failure(run.failures[0])
            return await self._decide(run, run.runs[0])

    async def _decide(self, run: FleetRun, router: RouterRun) -> Visited:
        self._read = router
        menus = tuple(dict.fromkeys(change.menu for change in router.plan.changes))
        if not menus:
            return self._shot(await self._nothing(run, router), router)
        causes = {menu: self._situation.cause(menu, router.owned) for menu in menus}
        seen = self._seen(router, causes, await self._authors(router, causes))
        wanted = [menu for menu in menus if self._situation.writes(menu, causes[menu], seen.fights)]
        reason = self._held(causes, wanted, seen.fights)
        if not reason:
            if len(wanted) < len(menus):
                await router.leave(set(menus) - set(wanted))
            reason = self._told(self._objections(router.plan))
        if not reason:
            return self._shot(await self._write(run, router, seen, wanted), router)
        return self._shot(replace(seen, status=replace(seen.status, reason=reason)), router)

    async def _nothing(self, run: FleetRun, router: RouterRun) -> Visited:
        """The router is as declared; that the rows are ours is recorded where the record does not say so yet."""
        if self._situation.coming != frozenset() and not self._waiting():
            root, resolve = self._situation.revision.network.root, self._stores.resolve
            async with connect(target_of(self._situation.router, root, resolve)) as session:
                why = await undoing(session)
            if why:
                return self._fail(State.PENDING, why)
        modes = {self._situation.router.reconcile.mode_of(menu) for menu in router.compiled.desired.tables}
        owned, situation = router.owned, self._situation
        new = owned is None or situation.coming != frozenset() or bool(situation.brought(owned.commit))
        if new and modes != {"observe"} and self._situation.begun and not self._situation.suspended:
            await run.apply()
        waiting = self._waiting()
        state = State.WAITING if waiting else State.CONVERGED
        status = replace(self._status(router, state), waiting=waiting, converged=self._now)
        fights = seen_again(self._situation, router, (), self._now)
        return Visited(status, plan=router.plan, fights=fights)

    async def _write(self, run: FleetRun, router: RouterRun, seen: Visited, wanted: Collection[str]) -> Visited:
        sessions = await count_sessions(router.session)
        if not self._begin():
            return replace(seen, status=replace(seen.status, reason=OVERTAKEN))
        opening, stop = self._situation.opening, partial(self._stop.ask, "the window has closed")
        call_off = stop_at_edges((opening,), stop)
        try:
            (report,) = await run.apply()
        finally:
            call_off()
        found = replace(seen, plan=router.plan, report=report, sessions=sessions)
        if run.failures:  # what was done could not be recorded
            return replace(self._failure(run.failures[-1]), report=report)
        if report.converged:
            fights = taken_back(self._situation, router, report.plan, seen.status.drift, seen.fights, self._now)
            return replace(found, status=self._written(router, seen.status, wanted), pending=False, fights=fights)
        left = report.left if report.left is not None else router.plan
        reason = f"taken back: {report.error}" if report.taken_back else report.error
        state = State.PENDING if self._stop.asked else State.FAILED
        status = replace(seen.status, state=state, reason=reason, plan=_lines(left))
        return replace(found, status=status, failed=not self._stop.asked, pending=True)

    def _written(self, router: RouterRun, status: RouterStatus, wanted: Collection[str]) -> RouterStatus:
        """The status once these menus were written and read back."""
        rest = tuple(drift for drift in status.drift if drift.menu not in wanted)
        waiting, applied = self._waiting(), router.compiled.desired.commit
        state = _state(rest) if rest else State.WAITING if waiting else State.CONVERGED
        status = replace(status, state=state, drift=rest, waiting=waiting, applied=applied)
        return status if rest else replace(status, plan=(), converged=self._now)

    def _held(self, causes: Mapping[str, str], wanted: Collection[str], fights: Fights) -> str:
        """Why nothing is written now, "" where something may be."""
        situation = self._situation
        if situation.suspended is not None:
            return f"suspended by {situation.suspended.who}: {situation.suspended.why}"
        if not wanted:
            return _why_left(situation, causes, fights)
        if not situation.opening.writable:
            return f"outside its window{': ' if situation.opening.window else ''}{situation.opening.window}"
        return ""

    def _objections(self, plan: Plan) -> Iterator[Problem]:
        hash = plan_hash(plan)
        yield from hindered((plan,))
        if not self._situation.approved(hash, True):
            remedy = f"declare what keeps it, or agree to it: trueup approve {hash} --lock-out"
            yield from locked_out((plan,), remedy)
        if not self._situation.approved(hash, False):
            yield from guarded((plan,), (), f"if that is what you want: trueup approve {hash}")
        yield from netless((plan,), Asked())

    def _seen(self, router: RouterRun, causes: Mapping[str, str], found: Authors) -> Visited:
        plan, mode_of = router.plan, self._situation.router.reconcile.mode_of
        drift = tuple(self._drift(plan, menu, cause, found) for menu, cause in causes.items())
        pending = any(cause == DECLARED and mode_of(menu) != "observe" for menu, cause in causes.items())
        marks = {menu: _mark(plan, menu) for menu, cause in causes.items() if cause == DRIFT}
        fights = seen_again(self._situation, router, drift, self._now)
        told = tuple(each for menu in causes if (each := fights.fighting(menu)) is not None)
        state = State.FIGHTING if told else _state(drift)
        status = replace(self._status(router, state), drift=drift, plan=_lines(plan), fights=told)
        return Visited(status, False, pending, plan, marks=marks, fights=fights)

    def _drift(self, plan: Plan, menu: str, cause: str, found: Authors) -> Drift:
        count = sum(change.menu == menu for change in plan.changes)
        if cause == DECLARED:
            return Drift(menu, cause, count)
        before = next((each for each in self._before.drift if each.menu == menu and each.cause == DRIFT), None)
        author = found.of(menu)
        if not author.known and before is not None:
            author = Author(before.author, before.when)
        return Drift(menu, cause, count, author.by, author.when, before.proposal if before else "")

    async def _authors(self, router: RouterRun, causes: Mapping[str, str]) -> Authors:
        """Who made the drift; asked only where there is some."""
        if DRIFT not in causes.values():
            return Authors({}, {})
        user = self._situation.router.connect.username if self._situation.router.connect else ""
        try:
            return await authors(router.session, router.plan, user)
        except RouterError:
            return Authors({}, {})

    def _shot(self, found: Visited, router: RouterRun) -> Visited:
        """What came of the look, with the router's snapshot where it is another one than the last."""
        live = managed(router.compiled.desired, router.live, router.catalogue)
        mark = snapshot_mark(live)
        if mark == self._situation.mark:
            return found
        return replace(found, mark=mark, snapshot=snapshot_to_document(live, router.catalogue, router.keys))

    def _status(self, router: RouterRun, state: State) -> RouterStatus:
        declared, facts = self._situation.router, router.live.facts
        return replace(
            self._blank(),
            host=facts.host or router.plan.host,
            version=facts.version,
            state=state,
            seen=self._now,
            applied=router.owned.commit if router.owned is not None else "",
            labels=declared.labels,
            failures=0,
            backoff=None,
            waiting=None,
            reason="",
            drift=(),
            plan=(),
            fights=(),
        )

    def _blank(self) -> RouterStatus:
        """The status as it was, with what is known without the router."""
        situation = self._situation
        return replace(
            self._before,
            site=situation.router.site,
            labels=situation.router.labels,
            mode=situation.router.reconcile.mode or "observe",
            target=situation.revision.commit,
            tried=self._now,
            suspended=situation.suspended,
            opening=situation.opening,
        )

    def _failure(self, failure: Failure) -> Visited:
        return self._fail(_state_of(failure.error), self._told(failure.problems))

    def _fail(self, state: State, reason: str) -> Visited:
        return Visited(
            replace(self._blank(), state=state, reason=reason, failures=self._before.failures + 1), failed=True
        )

    def _told(self, problems: Iterable[Problem]) -> str:
        """The first few of them; the router is named by whoever shows its status."""
        name = self._situation.router.name
        found = [str(replace(each, where=None) if each.where == name else each) for each in problems]
        if len(found) == 1:
            return found[0]
        return "; ".join(found[:3]) + (f"; {len(found) - 3} more" if len(found) > 3 else "")

    def _waiting(self) -> datetime | None:
        """Until when what was applied waits to be confirmed, None where nothing does."""
        found = self._audit.read_kept(self._situation.router.name, "waiting")
        if found is None or found.get("state") != "waiting":
            return None
        until = datetime.fromisoformat(str(found.get("until")))
        return until if until > self._now else None


def _state_of(error: TrueupError | None) -> State:
    """What a router is in whose turn ended so; that nothing can be recorded says nothing against the router."""
    if isinstance(error, RouterError):
        return State.UNREACHABLE
    return State.PENDING if error is None or isinstance(error, AuditError) else State.FAILED


def _state(drift: Collection[Drift]) -> State:
    return State.DRIFTED if any(each.cause == DRIFT for each in drift) else State.PENDING


def _why_left(situation: Situation, menus: Mapping[str, str], fights: Fights) -> str:
    """Why none of these differences is closed."""
    if any(fights.fighting(menu) for menu in menus):
        return "a fight: the same drift came back after every revert; see who makes it, then `trueup resume`"
    if all(situation.router.reconcile.mode_of(menu) == "observe" for menu in menus):
        return "observed only"
    if DECLARED in menus.values() and not situation.begun:
        return "waits for its wave"
    return "drift is proposed for adoption, not reverted"


def _mark(plan: Plan, menu: str) -> str:
    """What tells one drift in a menu from another: the changes that would close it, by digests."""
    stages = (tuple(change for change in stage if change.menu == menu) for stage in plan.stages)
    return plan_hash(replace(plan, stages=tuple(stage for stage in stages if stage)))


def _lines(plan: Plan) -> tuple[Line, ...]:
    lines = tuple(Show().body(plan))
    return lines if len(lines) <= SHOWN else (*lines[:SHOWN], Line(0, "", f"and {len(lines) - SHOWN} more lines"))
