"""A change of a network, reviewed: what it would do to which routers. Nothing is written anywhere."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from trueup.audit.personal import clean_plan, redactor
from trueup.errors import Problem
from trueup.fleet.run import Watch
from trueup.load.history import Commit, authors_of, changed_in, is_ancestor, prefix_of, read_commit
from trueup.load.network import Network
from trueup.review.approvals import FOLDER, Book, needed
from trueup.review.authority import open_authority
from trueup.review.change import Change, open_change
from trueup.review.confine import FILTERED
from trueup.review.live import WITHIN
from trueup.review.planner import Planner
from trueup.review.reviewed import Review, Reviewed
from trueup.review.sandbox import SECONDS


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
        """What the change does; raises DeclarationError where git does not have its revisions."""
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
        wanted = tuple(needed(found.plans, book, authors_of(self.root, base.sha, head.sha, FOLDER)))
        found = replace(found, needed=wanted, problems=(*found.problems, *book.problems), notes=tuple(self.notes))
        return cleaned(found)

    def _note(self, change: Change, base: Commit, head: Commit) -> None:
        if is_ancestor(self.root, base.sha, head.sha) is False:
            self.notes.append(
                "the change is not built on the newest base: plans may take back what was merged since; rebase it, "
                "or check the merge commit"
            )
        if own := len(changed_in(self.root, base.sha, head.sha, FOLDER)):
            self.notes.append(
                f"the change brings {own} approval{'s' * (own != 1)} of its own, which count once it is merged, in the "
                "names of their commits' authors: see that those people wrote them"
            )
        if change.broken:
            self.notes.append(
                "the base has no trueup.yaml that can be read, so nothing is contacted, and every router is new"
            )
        errors = sum(problem.severity == "error" for problem in change.base.every_problem)
        if errors:
            self.notes.append(f"the base itself has {errors} problem{'' if errors == 1 else 's'}")
        if change.head.walls and not {"no network", FILTERED} & set(change.head.walls):
            self.notes.append(
                "this machine's kernel gave the compiler neither a network of its own nor a filter of calls; an audit "
                "hook stood alone"
            )

    async def _routers(self, change: Change, base: Commit) -> list[Reviewed]:
        authority = open_authority(change.network, offline=self.asked.offline or change.broken)
        self.notes += authority.notes
        touched = list(change.touched)
        planner = Planner(change, authority, base, self.watch, self.asked.within)
        with tempfile.TemporaryDirectory(prefix="trueup-review-") as folder:
            reached = await planner.reach([new for _, new in touched if new is not None], Path(folder))
        return [planner.reviewed(old, new, reached) for old, new in touched]


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


def _problems(change: Change) -> Iterator[Problem]:
    """What is wrong with the head; of warnings only those that the base does not have as well."""
    known = {(problem.message, problem.remedy) for problem in change.base.every_problem}
    for problem in change.head.every_problem:
        if problem.severity == "error" or (problem.message, problem.remedy) not in known:
            yield problem
