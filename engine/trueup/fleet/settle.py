"""What an apply has left on a router: confirmed, taken back, or recovered after a crash; each recorded."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from trueup.apply import ApiHold, Armed, ArmedUndo, Attempt, outcomes, read_journal
from trueup.apply.armed import SCHEDULER, SCRIPT
from trueup.audit import Audit
from trueup.audit.repository import BEFORE, WAITING
from trueup.compile import Compiler
from trueup.device import Line, Refused, connect
from trueup.diff import Keys
from trueup.diff.owned import Owned, owned_from_document, owned_to_document
from trueup.errors import PlanError, Problem
from trueup.fleet.journals import journal_path, run_of
from trueup.fleet.reach import target_of
from trueup.fleet.router import RouterRun
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.plan import Outcome, Report
from trueup.plan.document import plan_from_document
from trueup.plan.net import GUARD, UNDO
from trueup.row import Live, Row, Table
from trueup.secrets import Stores

PATIENCE = 120.0
"""Seconds that an inverse script may run."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a router still holds of an apply: names of scripts and guards, who holds safe mode, and the journal here."""

    scripts: tuple[str, ...]
    guards: tuple[str, ...]
    holder: str
    journal: Mapping[str, Any] | None

    @property
    def nothing(self) -> bool:
        return not (self.scripts or self.guards or self.journal)


@dataclass
class Settler:
    """Settles one router's unfinished business over one connection."""

    network: Network
    router: Router
    stores: Stores
    audit: Audit

    def __post_init__(self) -> None:
        self._line = Line(lambda: connect(target_of(self.router, self.network.root, self.stores.resolve)), self._name)

    @property
    def _name(self) -> str:
        return self.router.name

    async def confirm(self) -> str:
        """Let what waits stay as it is, and say so; raises RouterError, PlanError where nothing waits, AuditError."""
        self.audit.refuse_busy(self._name)
        async with _Open(self._line):
            for undo in self._undos(await self._waiting()):
                await undo.disarm()
        self.audit.decide(self._name, self._folder(), "confirmed")
        return "confirmed: it stays as it is"

    async def rollback(self) -> str:
        """Have the router take back what waits, now; raises like `confirm`."""
        self.audit.refuse_busy(self._name)
        async with _Open(self._line):
            await self._fire(await self._waiting())
        await self._record("undone")
        return "taken back"

    async def look(self) -> Left:
        """What is left, without a change; raises RouterError, PlanError."""
        journal = read_journal(journal_path(self.network.root, self._name))
        async with _Open(self._line):
            names = {*await self._named(SCHEDULER, UNDO), *await self._named(SCRIPT, UNDO)}
            guards = await self._named(SCHEDULER, GUARD)
            return Left(tuple(sorted(names)), tuple(guards), await self._holder(), journal)

    async def recover(self, left: Left, *, undo: bool) -> Report | None:
        """End what a crash has left, taken back or kept; the report of the run, where its journal tells it."""
        self.audit.refuse_busy(self._name)
        user = self.router.connect.username if self.router.connect else ""
        async with _Open(self._line):
            if left.journal is not None and left.holder and left.holder == left.journal.get("holder"):
                hold = ApiHold(self._line, user)
                with suppress(Refused):  # the router may have noticed by itself meanwhile
                    await (hold.unroll() if undo else hold.release())
            if undo:
                await self._fire(left.scripts)
            else:
                for each in self._undos(left.scripts):
                    await each.disarm()
            for name in left.guards:
                await Armed(self._line, name, "").disarm()
        report = await self._record("undone" if undo else "kept", left.journal)
        journal_path(self.network.root, self._name).unlink(missing_ok=True)
        return report

    async def _record(self, word: str, journal: Mapping[str, Any] | None = None) -> Report | None:
        """Read the router back and record what is; with a journal, what came of each change of its run."""
        document = self.audit.read_owned(self._name)
        if word == "undone" and journal is None:
            document = self.audit.read_kept(self._name, BEFORE) or document
        owned = owned_from_document(document) if document is not None else None
        keys = Keys(self.stores.resolve, self.stores.public_key, self.stores.digester())
        run = RouterRun(Compiler(self.network), self.router, owned, keys, (self.router,))
        try:
            left = await run.prepare()
            report = self._report(run, left, journal) if journal else None
            found: Owned | None = run.record_after(None)
        finally:
            await run.close()
        if found is not None:
            self.audit.write_owned(self._name, owned_to_document(found))
        folder = run_of(journal, report.plan).folder if journal and report else self._folder()
        if word == "undone" and report is not None and remains(report):
            word = "kept"
        if word == "kept" and left.empty:
            word = "done"
        self.audit.decide(self._name, folder, word, report)
        return report

    def _report(self, run: RouterRun, left: Any, journal: Mapping[str, Any]) -> Report:
        plan = plan_from_document(journal["plan"])
        tables = {m: Table(m, tuple(Row({}, id=id) for id in ids)) for m, ids in journal["ids"].items()}
        attempts = [Attempt(sent=True, void=True) for _ in plan.changes]
        before = Live(run.live.facts, tables)
        results = outcomes(plan, attempts, before, run.live, run.catalogue, run.keys)
        return Report(plan, results, left, "the run broke off and was recovered")

    def _undos(self, names: tuple[str, ...] | list[str]) -> list[ArmedUndo]:
        return [ArmedUndo(self._line, name.removeprefix(f"{UNDO}-"), "") for name in names]

    async def _fire(self, names: tuple[str, ...] | list[str]) -> None:
        for undo in self._undos(names):
            await undo.fire()
            await undo.ended(PATIENCE)

    async def _named(self, menu: str, kind: str) -> list[str]:
        rows = (await self._line.session.talk([f"{menu}/print", "=.proplist=name"])).rows
        return [row["name"] for row in rows if row.get("name", "").startswith(f"{kind}-")]

    async def _holder(self) -> str:
        """Who holds safe mode, "" for nobody, and before 7.18, which does not tell."""
        try:
            rows = (await self._line.session.talk(["/safe-mode/print", "=.proplist=enabled,user,owner"])).rows
        except Refused:
            return ""
        row = rows[0] if rows else {}
        return f"{row.get('user', '')} {row.get('owner', '')}".strip() if row.get("enabled") == "true" else ""

    def _recorded(self) -> Mapping[str, Any]:
        """What the audit says to be waiting, empty where nothing is."""
        found = self.audit.read_kept(self._name, WAITING)
        return found if found is not None and found.get("state") == WAITING else {}

    def _folder(self) -> str:
        return str(self._recorded().get("run", ""))

    async def _waiting(self) -> list[str]:
        """The name of the script that waits; raises PlanError where none does, or only one of a run that broke off."""
        names = await self._named(SCHEDULER, UNDO)
        if not names:
            await self._refuse_nothing()
        due = f"{UNDO}-{self._recorded().get('plan', '')}"
        if due not in names:
            text = f"{names[0]} does not wait to be confirmed: its run has not ended, here or on another machine"
            raise PlanError(Problem(text, self._name, "wait for its end; where it broke off, see `trueup recover`"))
        return [due]

    async def _refuse_nothing(self) -> None:
        """Say that nothing waits; where the audit says that something did, its time was over, which is recorded."""
        waiting = self._recorded()
        if not waiting:
            raise PlanError(Problem("nothing waits to be confirmed", self._name, "see `trueup log`"))
        await self._record("undone")
        text = f"its time was over at {waiting.get('until')}: the router has taken the change back by itself"
        raise PlanError(Problem(text, self._name, "plan and apply again"))


def remains(report: Report) -> bool:
    """Whether some of what a run did is still there."""
    return any(result.outcome == Outcome.DONE for result in report.results)


class _Open:
    """A line that is open while the context lasts."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def __aenter__(self) -> None:
        await self._line.open()

    async def __aexit__(self, *_: object) -> None:
        await self._line.close()
