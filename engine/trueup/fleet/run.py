"""Many routers in one run: each on its own connection, and one that fails stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from trueup.apply import Journal
from trueup.apply import Stop as Stop  # those who start runs end them
from trueup.audit import Audit, Run
from trueup.audit.personal import held_by, redactor
from trueup.audit.repository import BEFORE, WAITING
from trueup.compile import Compiler
from trueup.diff import Keys
from trueup.diff.owned import Owned, owned_from_document, owned_to_document
from trueup.errors import AuditError, Problem, TrueupError
from trueup.fleet.journals import begin_journal
from trueup.fleet.nets import Asked
from trueup.fleet.router import RouterRun
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.plan import Note, Outcome, Plan, Report, Result
from trueup.secrets import Stores

AT_ONCE = 20
"""Routers that are connected to, or written to, at the same time."""

Watch = Callable[[str, str, int, int], None]
"""Told what is being done: the router, the words for it, and how many of how many changes are done."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """A router that could not be planned; "" where the end of the run could not be recorded."""

    router: str
    problems: tuple[Problem, ...]
    error: TrueupError | None = None


@dataclass
class FleetRun:
    """One run over some of a network's routers. Use as an async context; connections close at its end.

    `compiler` is one that other runs over the network share; `beside` are further routers of the same plan, elsewhere;
    `override` is why the run may write outside a window.
    """

    network: Network
    routers: Sequence[Router]
    stores: Stores
    audit: Audit | None
    watch: Watch
    stop: Stop = field(default_factory=Stop)
    asked: Asked = field(default_factory=Asked)
    compiler: Compiler | None = None
    beside: Sequence[Router] = ()
    override: str = ""
    failures: list[Failure] = field(default_factory=list)
    runs: list[RouterRun] = field(default_factory=list)
    _journals: list[Journal] = field(default_factory=list)

    async def __aenter__(self) -> FleetRun:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(run.close() for run in self.runs))
        if self.audit is not None:
            self.audit.release()

    @property
    def plans(self) -> list[Plan]:
        return [run.plan for run in self.runs]

    async def plan(self) -> None:
        """Plan every router; those that cannot be planned go to `failures`."""
        keys = Keys(self.stores.resolve, self.stores.public_key, self.stores.digester())
        compiler = self.compiler or Compiler(self.network)
        await self._each(self.routers, lambda router: self._prepare(router, compiler, keys))
        order = {router.name: index for index, router in enumerate(self.routers)}
        self.runs.sort(key=lambda run: order[run.router.name])
        self.failures.sort(key=lambda failure: order[failure.router])

    async def recheck(self) -> None:
        """Read every router with changes again; one that has changed meanwhile goes to `failures`, out of the run."""
        await self._each([run for run in self.runs if not run.plan.empty], self._recheck)

    async def apply(self) -> list[Report]:
        """Carry out every plan, recorded before the first write and after the last, empty ones too."""
        if self.audit is None:
            raise AuditError(Problem("there is no audit repository to record in", remedy="see `trueup init`"))
        busy = [run for run in self.runs if not run.plan.empty]
        record = Run.begin(self.network.commit, [run.plan for run in busy], self.override)
        if busy:
            for run in busy:
                self.audit.write_owned(run.router.name, owned_to_document(run.record_before()))
            self.audit.start(record)
        reports: dict[str, Report] = {}
        try:
            await self._each(busy, lambda run: self._write(run, record, reports))
        finally:
            found = [reports.get(run.router.name) or _unknown(run.plan) for run in busy]
            self._finish(self.audit, record, found)
        return found

    @property
    def held(self) -> Iterator[str]:
        """Personal data and secrets that the routers of this run hold, and may repeat in their errors."""
        return (text for run in self.runs for text in held_by(run.live, run.catalogue))

    def _finish(self, audit: Audit, record: Run, reports: Sequence[Report]) -> None:
        """Record what came of the run; where that fails it is a failure of its own, since the routers are written."""
        told = {report.plan.router: report for report in reports}
        for run in self.runs:
            owned = run.record_after(told.get(run.router.name))
            if owned is not None:
                audit.write_owned(run.router.name, owned_to_document(owned))
            report = told.get(run.router.name)
            if report is not None and report.waiting:
                audit.write_kept(run.router.name, BEFORE, owned_to_document(run.before))
        try:
            failed = any(report.error or any(result.error for result in report.results) for report in reports)
            audit.finish(record, reports, redactor((), self.held) if failed else str)
        except AuditError as error:
            self.failures.append(Failure("", error.problems))
            return
        for journal in self._journals:
            journal.remove()

    async def _prepare(self, router: Router, compiler: Compiler, keys: Keys) -> None:
        self.watch(router.name, "reading", 0, 0)
        name, chosen = router.name, (*self.routers, *self.beside)
        run = RouterRun(compiler, router, self._owned(name), keys, chosen, self.asked, self._drilled(name))
        try:
            plan = await run.prepare()
            if plan.empty and self._waits(name):
                text = f"what was applied last is taken back soon unless confirmed: trueup confirm {name}"
                run.plan = replace(plan, notes=(*plan.notes, Note(text)))
            self.runs.append(run)
            if plan.empty:
                await run.close()
        except BaseException:
            await run.close()
            raise

    async def _recheck(self, run: RouterRun) -> None:
        self.watch(run.router.name, "reading again", 0, 0)
        try:
            await run.recheck()
        except TrueupError:
            self.runs.remove(run)
            await run.close()
            raise

    async def _write(self, run: RouterRun, record: Run, reports: dict[str, Report]) -> None:
        name, count, done = run.router.name, len(run.plan.changes), 0
        journal = begin_journal(self.network.root, record, run.plan, run.live)
        self._journals.append(journal)

        def tick() -> None:
            nonlocal done
            done += 1
            self.watch(name, "writing", done, count)

        reports[name] = await run.write(self.stop, tick, lambda doing: self.watch(name, doing, done, count), journal)

    def _drilled(self, router: str) -> dict[str, Any] | None:
        return self.audit.read_kept(router, "drill") if self.audit else None

    def _waits(self, router: str) -> bool | None:
        """Whether a plan waits to be confirmed: False where its time is over, None where none does."""
        waiting = self.audit.read_kept(router, WAITING) if self.audit else None
        if waiting is None or waiting.get("state") != WAITING:
            return None
        return datetime.now(UTC) < datetime.fromisoformat(str(waiting.get("until")))

    def _owned(self, router: str) -> Owned | None:
        if self.audit is None:
            return None
        document = self.audit.read_owned(router)
        if self._waits(router) is False:
            document = self.audit.read_kept(router, BEFORE) or document
        return owned_from_document(document) if document is not None else None

    async def _each(self, items: Sequence[T], work: Callable[[T], Awaitable[None]]) -> None:
        """Do the work for every item, some at once; a router's own error goes to `failures`."""
        places = asyncio.Semaphore(AT_ONCE)

        async def one(item: T) -> None:
            async with places:
                try:
                    await work(item)
                except TrueupError as error:
                    self.failures.append(Failure(_name(item), error.problems, error))

        ended = await asyncio.gather(*(one(item) for item in items), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error


def _unknown(plan: Plan) -> Report:
    """The report of a router whose run broke off by a fault of ours."""
    return Report(plan, tuple(Result(Outcome.UNKNOWN) for _ in plan.changes), None, "its run broke off")


def _name(item: object) -> str:
    return item.router.name if isinstance(item, RouterRun) else getattr(item, "name", "")
