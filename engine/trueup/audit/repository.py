"""The audit repository: what was done to which router, by whom, and which rows are ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import git
from git.exc import GitError

from trueup.audit.documents import Document, Documents, dump, load
from trueup.audit.ledger import MAIL, Ledger, Writer
from trueup.audit.personal import Redact, clean_plan, clean_report, redactor
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
from trueup.load.network import Network
from trueup.plan import Plan, Report
from trueup.plan.digest import plan_hash
from trueup.plan.document import plan_to_document, report_to_document

WAITING = "waiting"
"""The file, beside owned.json, about a plan that its router takes back unless it is confirmed; and its first state."""

BEFORE = "before"
"""The file, beside owned.json, with what was ours before a plan that waits to be confirmed."""

SAFE = re.compile(r"[^\W.][\w.-]*")
MAKE = "make one with `trueup init`, or with `git init` in a folder of its own, and name it as `audit` in trueup.yaml"

README = """\
# Audit of {name}

Written by trueup: what was done to which router, by whom, from which commit of the network.
`runs/` holds one folder for each run, with a summary.md to read; `routers/` tells which rows on a router are ours.
Secrets and personal data are not in here; keyed digests stand for them. Read it with `trueup log`.
"""


class Audit:
    """A git repository of its own. Records are commits, one when a run starts to write and one when it ends.

    Ownership written with `write_owned` is committed with the run's next step, never by itself. From `start` to
    `finish`, or `release`, no other run may start to write to the same routers.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.documents = Documents(ledger)
        self._seen: dict[str, str | None] = {}
        self._coming: dict[str, str] = {}
        self._started: set[str] = set()
        self._claims: dict[str, ExitStack] = {}

    @classmethod
    def open(cls, path: Path, network: Path | None = None) -> Audit:
        """For recording: raises AuditError where a record could not be written there now, or must not be."""
        reason = _unfit(path, network)
        if reason:
            raise AuditError(Problem(reason, str(path), MAKE))
        audit = cls(Ledger(path))
        with audit._ledger.writing():
            return audit

    @classmethod
    def find(cls, path: Path) -> Audit | None:
        """For reading; None where there is no audit repository."""
        return None if _unfit(path, None) else cls(Ledger(path))

    @classmethod
    def create(cls, path: Path, name: str) -> Audit:
        """A new audit repository, with a first commit that says what it is; raises AuditError where one cannot be."""
        try:
            if path.exists() and any(path.iterdir()):
                raise AuditError(Problem("the folder is not empty", str(path), "name another one"))
            with git.Repo.init(path, mkdir=True, initial_branch="main") as repository:
                (path / "README.md").write_text(README.format(name=name), encoding="utf-8")
                repository.index.add(["README.md"])
                actor = git.Actor("trueup", MAIL)
                repository.index.commit("Begin the audit", author=actor, committer=actor, skip_hooks=True)
        except (GitError, OSError) as error:
            raise AuditError(Problem(f"cannot be made: {error}", str(path), "name another folder")) from None
        return cls(Ledger(path))

    @property
    def path(self) -> Path:
        return self._ledger.path

    @property
    def who(self) -> str:
        """The person that records will name."""
        return self._ledger.who

    def read_owned(self, router: str) -> Document | None:
        """The document that says which rows of the router are ours, None where there is none."""
        name = _owned(router)
        text = self._coming.get(name)
        if text is None:
            text = self._seen[name] = self._ledger.read(name)
        return None if text is None else load(text, name)

    def write_owned(self, router: str, document: Mapping[str, Any]) -> None:
        """Keep the document for the run's next step, `start` or `finish`, which commits it."""
        self._coming[_owned(router)] = dump(document)

    def amend(self, router: str, document: Mapping[str, Any], message: str) -> None:
        """Commit ownership outside of any run. Raises AuditError, as where a run is writing to the router."""
        self.write_owned(router, document)
        who = self.who
        with self._ledger.writing() as writer, ExitStack() as claims:
            self._refuse_overtaken()
            self._claim(router, writer, claims)
            writer.commit(self._coming, message, who)
        self._settle()

    def read_kept(self, router: str, name: str) -> Document | None:
        """A document about a router, such as `drill`; None where there is none."""
        file = f"routers/{safe(router)}/{name}.json"
        text = self._ledger.read(file)
        return None if text is None else load(text, file)

    def keep(self, router: str, name: str, document: Mapping[str, Any], message: str, who: str = "") -> None:
        """Commit a document about a router, such as `drill`, in the name of `who`, else of whoever runs this."""
        self.documents.keep({f"routers/{safe(router)}/{name}.json": document}, message, who)

    def refuse_busy(self, router: str) -> None:
        """Raise AuditError where a run writes to the router just now."""
        with self._ledger.writing() as writer, ExitStack() as claims:
            self._claim(router, writer, claims)
            claims.pop_all().close()
            self._claims.pop(router, None)

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
                files[f"{folder}/{_file(report.plan, 'report')}"] = dump(clean)
        waiting = self.read_kept(router, WAITING)
        if waiting is not None and waiting.get("state") == WAITING:
            files[f"routers/{safe(router)}/{WAITING}.json"] = dump({**waiting, "state": word})
        with self._ledger.writing() as writer, ExitStack() as claims:
            self._refuse_overtaken()
            self._claim(router, writer, claims)
            writer.commit(files | self._coming, f"{word.capitalize()}: {router}", self.who)
        self._settle()

    def write_kept(self, router: str, name: str, document: Mapping[str, Any]) -> None:
        """Keep a document about a router for the run's next step, which commits it."""
        self._coming[f"routers/{safe(router)}/{name}.json"] = dump(document)

    def start(self, run: Run) -> None:
        """Record that the run is about to write. Raises AuditError, and then nothing may be written to a router."""
        record = started_record(run, self.who)
        known = redactor(run.plans)
        plans = [clean_plan(plan, known) for plan in run.plans]
        files = {f"{run.folder}/{_file(plan, 'plan')}": dump(plan_to_document(plan)) for plan in plans}
        files |= {f"{run.folder}/run.json": dump(record_to_document(record))}
        files |= {f"{run.folder}/summary.md": write_summary(record, plans, ())}
        with self._ledger.writing() as writer, ExitStack() as claims:
            self._refuse_overtaken()
            for plan in run.plans:
                self._claim(plan.router, writer, claims)
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
            files = {f"{run.folder}/{_file(r.plan, 'report')}": dump(report_to_document(r)) for r in clean}
            files |= {f"{run.folder}/run.json": dump(record_to_document(record))}
            files |= {f"{run.folder}/summary.md": write_summary(record, plans, clean)}
            files |= {f"routers/{safe(r.plan.router)}/{WAITING}.json": _waiting(run, r) for r in clean if r.waiting}
            message = f"End run {run.id}: {record.outcome}"
        with self._ledger.writing(ending=True) as writer, ExitStack() as claims:
            self._leave_to_others(writer, claims)
            writer.commit(files | self._coming, message, who)
        self._settle()
        self.release()

    def release(self) -> None:
        """Let other runs write to the routers that this one has started to write to."""
        for claims in self._claims.values():
            claims.close()
        self._claims.clear()

    def runs(self) -> Iterator[RunRecord]:
        """Every run, newest first, read as they are asked for; raises AuditError on a record that is none."""
        for year in self._ledger.folders("runs"):
            for month in self._ledger.folders(f"runs/{year}"):
                for name in self._ledger.folders(f"runs/{year}/{month}"):
                    folder = f"runs/{year}/{month}/{name}"
                    text = self._ledger.read(f"{folder}/run.json")
                    if text is not None:
                        yield record_from_document(load(text, f"{folder}/run.json"), folder)

    def summary(self, record: RunRecord) -> str:
        """A run's summary.md."""
        return self._ledger.read(f"{record.folder}/summary.md") or ""

    def _claim(self, router: str, writer: Writer, claims: ExitStack) -> None:
        if router not in self._claims and not claims.enter_context(writer.claim(safe(router))):
            text = "another run is writing to this router"
            raise AuditError(Problem(text, router, "wait for its end, which `trueup log` will show, and plan again"))

    def _refuse_overtaken(self) -> None:
        """Refuse to write over ownership that another run has recorded since ours was read."""
        for name in self._coming:
            if self._is_overtaken(name):
                text = "another run has recorded changes of this router since it was planned"
                raise AuditError(Problem(text, _router(name), "plan again"))

    def _leave_to_others(self, writer: Writer, claims: ExitStack) -> None:
        """Leave the ownership of routers that we did not write to, and another run did or does, as that run has it."""
        for name in [name for name in self._coming if _router(name) not in self._claims]:
            if self._is_overtaken(name) or not claims.enter_context(writer.claim(_router(name))):
                del self._coming[name]

    def _is_overtaken(self, name: str) -> bool:
        return name in self._seen and self._ledger.read(name) != self._seen[name]

    def _settle(self) -> None:
        self._seen |= self._coming
        self._coming.clear()


def audit_path(network: Network) -> Path:
    """Where a network's audit is: `audit` of its trueup.yaml, else the folder NAME-audit beside the network's."""
    named = network.settings.audit or f"../{network.name}-audit"
    return (network.root / Path(named).expanduser()).resolve()


def _unfit(path: Path, network: Path | None) -> str:
    """Why this cannot be an audit repository, "" where it can."""
    if not path.is_dir():
        return "there is no such folder"
    try:
        with git.Repo(path) as repository:
            if repository.bare:
                return "this git repository has no working tree"
    except GitError:
        return "this is no git repository of its own"
    if network is not None and network.resolve().is_relative_to(path.resolve()):
        return "the audit must not be kept in the network's own repository"
    if (path / "trueup.yaml").exists():
        return "this is a network's repository; the audit needs one of its own"
    return ""


def _waiting(run: Run, report: Report) -> str:
    """What a router waits for to be confirmed, and what takes it back otherwise."""
    until = datetime.now(UTC) + timedelta(seconds=report.waiting)
    about = {"run": run.folder, "plan": plan_hash(report.plan), "until": until.isoformat(timespec="seconds")}
    return dump({"format-version": FORMAT_VERSION, "state": WAITING, **about})


def _owned(router: str) -> str:
    return f"routers/{safe(router)}/owned.json"


def _router(name: str) -> str:
    """The router that such a file is about."""
    return name.split("/")[1]


def _file(plan: Plan, kind: str) -> str:
    return f"{safe(plan.router)}.{kind}.json"


def safe(router: str) -> str:
    """The router's name, if it can be a file's; a name with a slash would lead elsewhere."""
    if not SAFE.fullmatch(router):
        raise AuditError(
            Problem("this name cannot be a file's", router, "name the router with letters, digits, - and _")
        )
    return router


def _routers(run: Run) -> str:
    names = [plan.router for plan in run.plans]
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} routers"
