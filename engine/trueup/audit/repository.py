"""The audit repository: what was done to which router, by whom, and which rows are ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from trueup.audit.kept import WRITING, Kept
from trueup.audit.layout import Document, dump, kept_file, load, router_of, run_file
from trueup.audit.ledger import Ledger, Writer
from trueup.audit.personal import Redact, clean_plan, clean_report, redactor
from trueup.audit.place import create_repository, unfit
from trueup.audit.run import (
    FORMAT_VERSION,
    Run,
    RunRecord,
    decided,
    ended_record,
    record_from_document,
    record_to_document,
    started_record,
)
from trueup.audit.summary import write_summary
from trueup.errors import AuditError, Problem
from trueup.plan import Report
from trueup.plan.digest import plan_hash
from trueup.plan.document import plan_to_document, report_to_document

OWNED = "owned"
"""The file that tells which rows of a router are ours."""

WAITING = "waiting"
"""The file, beside owned.json, about a plan that its router takes back unless it is confirmed; and its first state."""

BEFORE = "before"
"""The file, beside owned.json, with what was ours before a plan that waits to be confirmed."""

MAKE = "make one with `trueup init`, or with `git init` in a folder of its own, and name it as `audit` in trueup.yaml"


class Audit(Kept):
    """A git repository of its own. Records are commits, one when a run starts to write and one when it ends.

    Ownership written with `write_owned` is committed with the run's next step, never by itself. From `start` to
    `finish`, or `release`, no other run may start to write to the same routers. One object serves one run at a time;
    `acting` gives another one.
    """

    def __init__(self, ledger: Ledger, who: str = "") -> None:
        super().__init__(ledger, who)
        self._seen: dict[str, bytes | None] = {}
        self._coming: dict[str, str] = {}
        self._started: set[str] = set()

    @classmethod
    def open(cls, path: Path, network: Path | None = None) -> Audit:
        """For recording: raises AuditError where a record could not be written there now, or must not be."""
        reason = unfit(path, network)
        if reason:
            raise AuditError(Problem(reason, str(path), MAKE))
        audit = cls(Ledger(path))
        with audit._ledger.writing():
            return audit

    @classmethod
    def find(cls, path: Path) -> Audit | None:
        """For reading; None where there is no audit repository."""
        return None if unfit(path, None) else cls(Ledger(path))

    @classmethod
    def create(cls, path: Path, name: str) -> Audit:
        """A new audit repository, with a first commit that says what it is; raises AuditError where one cannot be."""
        create_repository(path, name)
        return cls(Ledger(path))

    def acting(self, who: str) -> Audit:
        """The same repository for another run, and in the name of whoever asked for it."""
        return Audit(self._ledger, who)

    def read_owned(self, router: str) -> Document | None:
        """The document that says which rows of the router are ours, None where there is none."""
        name = kept_file(router, OWNED)
        text = self._coming.get(name)
        if text is None:
            text = self._ledger.read(name)
            self._seen[name] = _digest(text)
        return None if text is None else load(text, name)

    def write_owned(self, router: str, document: Mapping[str, Any]) -> None:
        """Keep the document for the run's next step, `start` or `finish`, which commits it."""
        self._coming[kept_file(router, OWNED)] = dump(document)

    def amend(self, router: str, document: Mapping[str, Any], message: str) -> None:
        """Commit ownership outside of any run. Raises AuditError, as where a run is writing to the router."""
        self.write_owned(router, document)
        with ExitStack() as claims:
            self._claim(router, claims)
            with self._ledger.writing() as writer:
                self._refuse_overtaken()
                writer.commit(self._coming, message, self.who)
        self._settle()

    def decide(self, router: str, folder: str, word: str, report: Report | None = None) -> None:
        """Record what became of a router's part of a run that has ended without it, with ownership as written.

        `folder` is the run's, "" where no run is known. Raises AuditError, as where a run is writing to the router.
        """
        files: dict[str, str] = {}
        text = self._ledger.read(f"{folder}/run.json") if folder else None
        if text is not None:
            record = decided(record_from_document(load(text, f"{folder}/run.json"), folder), router, word)
            files[f"{folder}/run.json"] = dump(record_to_document(record))
            if report is not None:
                known = redactor(each for each in (report.plan, report.left) if each)
                clean = report_to_document(clean_report(report, known))
                files[f"{folder}/{run_file(report.plan, 'report')}"] = dump(clean)
        waiting = self.read_kept(router, WAITING)
        if waiting is not None and waiting.get("state") == WAITING:
            files[kept_file(router, WAITING)] = dump({**waiting, "state": word})
        with ExitStack() as claims:
            self._claim(router, claims)
            with self._ledger.writing() as writer:
                self._refuse_overtaken()
                writer.commit(files | self._coming, f"{word.capitalize()}: {router}", self.who)
        self._settle()

    def write_kept(self, router: str, name: str, document: Mapping[str, Any]) -> None:
        """Keep a document about a router for the run's next step, which commits it."""
        self._coming[kept_file(router, name)] = dump(document)

    def start(self, run: Run) -> None:
        """Record that the run is about to write. Raises AuditError, and then nothing may be written to a router."""
        record = started_record(run, self.who)
        known = redactor(run.plans)
        plans = [clean_plan(plan, known) for plan in run.plans]
        files = {f"{run.folder}/{run_file(plan, 'plan')}": dump(plan_to_document(plan)) for plan in plans}
        files |= {f"{run.folder}/run.json": dump(record_to_document(record))}
        files |= {f"{run.folder}/summary.md": write_summary(record, plans, ())}
        with ExitStack() as claims:
            self._refuse_overtaken()
            for plan in run.plans:
                self._claim(plan.router, claims)
            for plan in run.plans:
                self._ledger.mark(plan.router, WRITING)
            with self._ledger.writing() as writer:
                self._refuse_overtaken()
                writer.commit(files | self._coming, f"Start run {run.id}: {_routers(run)}", record.who)
            self._claims |= dict.fromkeys((plan.router for plan in run.plans), claims.pop_all())
        self._settle()
        self._started.add(run.id)

    def finish(self, run: Run, reports: Sequence[Report], redact: Redact = str) -> None:
        """Record what came of the run, and whose rows are whose now; a run that wrote nothing leaves no record.

        `redact` takes out of free text what must not be kept, besides the personal data that the plans hold.
        """
        files: dict[str, str] = {}
        message, who = "Nothing to do; ownership as of now", self.who
        if run.id in self._started or reports:
            known = redactor((*run.plans, *(report.left for report in reports if report.left)))
            clean = [clean_report(report, lambda text: redact(known(text))) for report in reports]
            plans = [clean_plan(plan, known) for plan in run.plans]
            record = ended_record(run, who, clean)
            files = {f"{run.folder}/{run_file(r.plan, 'report')}": dump(report_to_document(r)) for r in clean}
            files |= {f"{run.folder}/run.json": dump(record_to_document(record))}
            files |= {f"{run.folder}/summary.md": write_summary(record, plans, clean)}
            files |= {kept_file(r.plan.router, WAITING): _waiting(run, r) for r in clean if r.waiting}
            message = f"End run {run.id}: {record.outcome}"
        with self._ledger.writing(ending=True) as writer, ExitStack() as claims:
            self._leave_to_others(writer, claims)
            writer.commit(files | self._coming, message, who)
        self._settle()
        self.release()

    def runs(self, known: Mapping[str, RunRecord] | None = None) -> Iterator[RunRecord]:
        """Every run, newest first, read as they are asked for; raises AuditError on a record that is none.

        One that is `known` by its folder is not read again.
        """
        for year in self._ledger.folders("runs"):
            for month in self._ledger.folders(f"runs/{year}"):
                for name in self._ledger.folders(f"runs/{year}/{month}"):
                    folder = f"runs/{year}/{month}/{name}"
                    if known and folder in known:
                        yield known[folder]
                        continue
                    text = self._ledger.read(f"{folder}/run.json")
                    if text is not None:
                        yield record_from_document(load(text, f"{folder}/run.json"), folder)

    def summary(self, record: RunRecord) -> str:
        """A run's summary.md."""
        return self._ledger.read(f"{record.folder}/summary.md") or ""

    def _refuse_overtaken(self) -> None:
        """Refuse to write over ownership that another run has recorded since ours was read."""
        for name in self._coming:
            if self._is_overtaken(name):
                text = "another run has recorded changes of this router since it was planned"
                raise AuditError(Problem(text, router_of(name), "plan again"))

    def _leave_to_others(self, writer: Writer, claims: ExitStack) -> None:
        """Leave the ownership of routers that we did not write to, and another run did or does, as that run has it."""
        for name in [name for name in self._coming if not self._has(router_of(name))]:
            if self._is_overtaken(name) or not claims.enter_context(writer.claim(router_of(name))):
                del self._coming[name]

    def _is_overtaken(self, name: str) -> bool:
        return name in self._seen and _digest(self._ledger.read(name)) != self._seen[name]

    def _settle(self) -> None:
        self._seen |= {name: _digest(text) for name, text in self._coming.items()}
        self._coming.clear()


def _digest(text: str | None) -> bytes | None:
    """What tells a text from another: those of hundreds of routers are many megabytes."""
    return None if text is None else hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _waiting(run: Run, report: Report) -> str:
    """What a router waits for to be confirmed, and what takes it back otherwise."""
    until = datetime.now(UTC) + timedelta(seconds=report.waiting)
    about = {"run": run.folder, "plan": plan_hash(report.plan), "until": until.isoformat(timespec="seconds")}
    return dump({"format-version": FORMAT_VERSION, "state": WAITING, **about})


def _routers(run: Run) -> str:
    names = [plan.router for plan in run.plans]
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} routers"
