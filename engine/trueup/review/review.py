"""A change of a network, reviewed: what it would do to which routers. Nothing is written anywhere."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from trueup.audit.personal import clean_plan, redactor
from trueup.compile import Compiled
from trueup.errors import DeclarationError, PlanError, Problem, TrueupError
from trueup.fleet.run import Watch
from trueup.load.history import Commit, is_ancestor, prefix_of, read_commit
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.review.approvals import Book, needed
from trueup.review.authority import Authority, base_ca, open_authority
from trueup.review.change import Change, open_change
from trueup.review.estimator import Estimator
from trueup.review.live import WITHIN, Reached, meant, plan_live
from trueup.review.reviewed import Review, Reviewed
from trueup.review.sandbox import SECONDS
from trueup.review.side import Declared, Side
from trueup_schemas.secret import PublicKeyOf, SecretRef


@dataclass(frozen=True, slots=True)
class Asked:
    """How to review: `full` looks at every router, `offline` contacts none; times in seconds."""

    full: bool = False
    offline: bool = False
    within: float = WITHIN
    limits: float = SECONDS


@dataclass
class Reviewer:
    """One review. `watch` is told what is being done."""

    root: Path
    base: str
    head: str
    asked: Asked
    watch: Watch
    notes: list[str] = field(default_factory=list)
    network: Network | None = None
    """The base's, once it is read: it says how everything is run."""

    async def review(self) -> Review:
        """What the change does; raises DeclarationError where the base cannot be read."""
        base, head = read_commit(self.root, self.base), read_commit(self.root, self.head)
        self.watch("", "compiling", 0, 0)
        change = open_change(self.root, base.sha, head.sha, full=self.asked.full, limits=self.asked.limits)
        self.network = change.network
        found = Review(change.network.name, base, head, total=len(change.head.names), prefix=prefix_of(self.root))
        found = replace(found, problems=tuple(_problems(change)))
        self._note(change, base, head)
        routers: list[Reviewed] = []
        if not any(problem.severity == "error" for problem in found.problems):
            routers = await self._routers(change, base)
        found = replace(found, routers=tuple(routers))
        book = Book(self.root, base.sha, change.network.settings.approvals)
        wanted = tuple(needed(found.plans, book, head.email))
        found = replace(found, needed=wanted, problems=(*found.problems, *book.problems), notes=tuple(self.notes))
        return cleaned(found)

    def _note(self, change: Change, base: Commit, head: Commit) -> None:
        if is_ancestor(self.root, base.sha, head.sha) is False:
            self.notes.append(
                "the change is not built on the newest base: plans may take back what was merged since; rebase it, "
                "or check the merge commit"
            )
        errors = sum(problem.severity == "error" for problem in change.base.every_problem)
        if errors:
            self.notes.append(f"the base itself has {errors} problem{'' if errors == 1 else 's'}")
        if change.head.walls and "no network" not in change.head.walls:
            self.notes.append("this machine's kernel gave the compiler no network namespace; an audit hook stood alone")

    async def _routers(self, change: Change, base: Commit) -> list[Reviewed]:
        authority = open_authority(change.network, offline=self.asked.offline)
        self.notes += authority.notes
        touched = list(change.touched)
        planner = Planner(change, authority, base, self.watch, self.asked.within)
        with tempfile.TemporaryDirectory(prefix="trueup-review-") as folder:
            reached = await planner.reach([new for _, new in touched if new is not None], Path(folder))
        return [planner.reviewed(old, new, reached) for old, new in touched]


@dataclass
class Planner:
    """Plans the routers that a change touches, each against the best that is known of it."""

    change: Change
    authority: Authority
    base: Commit
    watch: Watch
    within: float
    compiled: dict[str, Compiled] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        return self.change.network

    async def reach(self, routers: Iterable[Declared], folder: Path) -> Reached:
        """Plans against live routers, where the base says how to reach them and has the secrets to."""
        reached, meants = Reached(), {}
        self.compiled = {each.router: each.compiled for each in routers if each.compiled is not None}
        for each in routers:
            try:
                meants[each.router] = self._meant(each, folder)
            except TrueupError as error:
                reached.reasons[each.router] = error.problems[0].message
        await self._read(meants, reached)
        return reached

    async def _read(self, routers: Mapping[str, Router], reached: Reached) -> None:
        """Read and plan; routers of another version than their rows are for are compiled anew and read again."""
        stores, audit = self.authority.stores, self.authority.audit
        for _ in range(2):
            left = [router for name, router in routers.items() if name in self._open(reached)]
            if stores is None or not left:
                return
            found = await plan_live(self.network, left, self.compiled, stores, audit, self.watch, self.within)
            reached.add(found)
            if found.versions:
                self._compile_for(self.change.compiled_for(found.versions), reached)

    def _open(self, reached: Reached) -> set[str]:
        done = {*reached.plans, *reached.reasons, *reached.refused}
        return {name for name in self.compiled if name not in done}

    def _compile_for(self, side: Side, reached: Reached) -> None:
        for name, declared in side.routers.items():
            if declared.compiled is not None:
                self.compiled[name] = declared.compiled
            else:
                reached.refused[name] = declared.problems or side.problems

    def _meant(self, declared: Declared, folder: Path) -> Router:
        """The router as it is to be contacted; raises DeclarationError that says why it may not be."""
        before = self.change.base.routers.get(declared.router)
        if before is None:
            raise DeclarationError(Problem("it is new in this change, and is not contacted before it is merged"))
        if before.connect != declared.connect:
            raise DeclarationError(
                Problem("this change says how it is reached, so it is not contacted before it is merged")
            )
        if self.authority.stores is None:
            raise DeclarationError(Problem(self.authority.lacking))
        router = self.network.router(declared.router)
        return meant(declared, router, base_ca(router, self.network, self.base.sha, folder))

    def reviewed(self, old: Declared | None, new: Declared | None, reached: Reached) -> Reviewed:
        """One router, planned against itself, its snapshot or the base, whichever is the first that can be."""
        if new is None:
            return Reviewed(old.router if old else "", "removed")
        name, kind = new.router, "changed" if old is not None else "new"
        found = Reviewed(
            name,
            kind,  # type: ignore[arg-type]
            reason=reached.reasons.get(name, ""),
            connect_changed=old is not None and old.connect != new.connect,
            secrets=tuple(sorted(_secrets(new.compiled) - _secrets(old.compiled if old else None))),
        )
        if name in reached.plans:
            return replace(found, plan=reached.plans[name], against="router")
        if name in reached.refused or name not in self.compiled:
            return replace(found, problems=reached.refused.get(name, new.problems))
        compiled, base = self.compiled[name], old.compiled.desired if old is not None and old.compiled else None
        try:
            return self._estimator.estimated(found, base, compiled)
        except PlanError as error:
            return replace(found, problems=tuple(replace(each, severity="warning") for each in error.problems))

    @property
    def _estimator(self) -> Estimator:
        return Estimator(self.network, self.authority)


def cleaned(review: Review) -> Review:
    """The review without personal data in any text: routers repeat what they hold in what they say."""
    redact = redactor(each.plan for each in review.routers if each.plan is not None)

    def clean(problem: Problem) -> Problem:
        return replace(problem, message=redact(problem.message), remedy=redact(problem.remedy))

    routers = tuple(
        replace(
            each,
            plan=clean_plan(each.plan, redact) if each.plan is not None else None,
            reason=redact(each.reason),
            problems=tuple(map(clean, each.problems)),
        )
        for each in review.routers
    )
    wanted = tuple(replace(each, reasons=tuple(map(redact, each.reasons))) for each in review.needed)
    return replace(review, routers=routers, needed=wanted, problems=tuple(map(clean, review.problems)))


def _secrets(compiled: Compiled | None) -> set[str]:
    tables = compiled.desired.tables.values() if compiled is not None else ()
    values = (value for table in tables for row in table for value in row.values.values())
    return {
        value.name if isinstance(value, SecretRef) else value.private.name
        for value in values
        if isinstance(value, SecretRef | PublicKeyOf)
    }


def _problems(change: Change) -> Iterator[Problem]:
    """What is wrong with the head; of warnings only those that the base does not have as well."""
    known = {(problem.message, problem.remedy) for problem in change.base.every_problem}
    for problem in change.head.every_problem:
        if problem.severity == "error" or (problem.message, problem.remedy) not in known:
            yield problem
