"""The comment of a pull request: what it would do, to how many, what was looked at, what is still needed. Pure."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cached_property

from trueup.errors import Problem, Source
from trueup.plan.digest import run_hash
from trueup.review.approvals import Needed
from trueup.review.groups import AGAINST, Group, dropping, groups_of, names_told
from trueup.review.markdown import code, fenced, summary
from trueup.review.reviewed import Review, Reviewed
from trueup.risk import matters
from trueup.show import Show

GITHUB, GITLAB = 65_536, 1_000_000
"""The most characters that a comment may have."""

SPARE = 2_000
"""Characters that are left for markers, and for the word that something was left out."""
LISTED = 50
"""The most problems, groups and approvals that a list of the comment tells."""
LONGEST = 400
"""The most lines of one plan."""


class Told:
    """A review as texts; routers with the same plan are put together once, however often they are told."""

    def __init__(self, review: Review, listed: int = LISTED, longest: int = LONGEST) -> None:
        self.review, self._listed, self._longest = review, listed, longest
        self._show = Show(private=True)

    @cached_property
    def groups(self) -> list[Group]:
        return groups_of(self.review, self._show)

    @cached_property
    def headline(self) -> str:
        """The result in one line, for a status and for the terminal; only our own words and numbers are in it."""
        review = self.review
        if review.errors:
            return f"{_count(len(review.errors), 'problem')} to correct"
        if not self.groups:
            return "nothing changes on any router"
        routers = sum(len(group.routers) for group in self.groups)
        told = [_count(routers, "router"), _count(len(self.groups), "shape")]
        dropped, exact, asked = dropping(self.groups)
        if dropped:
            told.append(f"{'' if exact else 'up to '}{dropped:,} sessions drop")
        elif asked:
            told.append("no session drops")
        if review.waiting:
            told.append(f"{_count(len(review.waiting), 'plan')} to be approved")
        return ", ".join(told)

    def comment(self, limit: int = GITHUB, rest: str = "the job's log") -> str:
        """The whole comment, cut where it would be longer than `limit`; `rest` is where all of it is."""
        return _cut(self._text, self._details, _foot(self.review), limit - SPARE, rest)

    def whole(self) -> str:
        """All of it, with nothing cut."""
        other = Told(self.review, sys.maxsize, sys.maxsize)
        other.groups = self.groups
        return other.comment(sys.maxsize)

    @cached_property
    def _text(self) -> str:
        review, listed = self.review, self._listed
        warnings = [each for each in review.problems if each.severity == "warning"]
        parts = [
            f"### trueup: {self.headline}",
            "",
            *_head(review),
            *_problems(review.errors, "What is wrong", listed),
            *_needed(review, listed),
            *_table(self.groups, listed),
            *_compared(review),
            *_problems(warnings, "Warnings", listed),
            *_warned(review, listed),
        ]
        return "\n".join(parts)

    @cached_property
    def _details(self) -> list[str]:
        return [_details(group, self._show, self._longest) for group in self.groups]


def _head(review: Review) -> Iterator[str]:
    touched = len(review.routers)
    told = [f"{_count(touched, 'router')} of {review.total} touched"]
    counts = {what: sum(each.against == key for each in review.routers) for key, what in AGAINST.items()}
    told += [f"{count} planned against {what}" for what, count in counts.items() if count]
    if idle := sum(each.plan is not None and each.plan.empty for each in review.routers):
        told.append(f"{idle} with nothing to do")
    yield f"{'; '.join(told)}. {code(review.base.sha[:12])} to {code(review.head.sha[:12])}."
    if review.hash:
        yield f"The live plans together: {code(review.hash)}."
    yield ""
    yield from (f"> {note[0].upper()}{note[1:]}." for note in review.notes)
    if review.notes:
        yield ""


def _problems(problems: Sequence[Problem], title: str, listed: int) -> Iterator[str]:
    if not problems:
        return
    yield f"#### {title}"
    yield ""
    for problem in problems[:listed]:
        where = problem.where.short if isinstance(problem.where, Source) else problem.where
        yield f"- {f'{code(where)}: ' if where else ''}{code(problem.message)}"
        if problem.remedy:
            yield f"  {code(problem.remedy)}"
    if len(problems) > listed:
        yield f"- and {len(problems) - listed} more"
    yield ""


def _warned(review: Review, listed: int) -> Iterator[str]:
    """Why some routers could not be planned without being asked."""
    found = [problem for each in review.routers if each.plan is None for problem in each.problems]
    yield from _problems([problem for problem in found if problem.severity == "warning"], "Not planned", listed)


def _needed(review: Review, listed: int) -> Iterator[str]:
    if not review.needed:
        return
    yield "#### Approvals"
    yield ""
    for each in review.needed[:listed]:
        state = f"approved by {code(str(each.given))}" if each.given else "**needs an approval**"
        yield f"- {code(each.router)} {code(each.hash)}: {state}"
        yield from (f"  - {code(reason)}" for reason in each.reasons[:10])
    if len(review.needed) > listed:
        yield f"- and {len(review.needed) - listed} more"
    yield ""
    if review.waiting:
        yield "Somebody who may approve does this on the base branch and commits the file; a new run of this check sees"
        yield "it. Exactly these plans may then be carried out, and none that has become another one meanwhile:"
        yield ""
        yield fenced(_commands(review.waiting, review), "sh")
        yield ""


def _commands(waiting: Sequence[Needed], review: Review) -> list[str]:
    """What to type, for one plan or for all of them at once."""
    lock_out = " --lock-out" if any(each.lock_out for each in waiting) else ""
    if len(waiting) == 1:
        return [f"trueup approve {waiting[0].hash} --why 'REASON'{lock_out}"]
    names = {each.router for each in waiting}
    hash = run_hash(plan for plan in review.plans if plan.router in names)
    return [
        f"trueup approve {hash} --why 'REASON'{lock_out} \\",
        *(f"    --router {each.router}={each.hash} \\" for each in waiting[:-1]),
        f"    --router {waiting[-1].router}={waiting[-1].hash}",
    ]


def _table(groups: Sequence[Group], listed: int) -> Iterator[str]:
    if not groups:
        return
    yield "| routers | rows | disturbs | compared with | findings |"
    yield "|---|---|---|---|---|"
    for group in groups[:listed]:
        rows = f"{group.rows} ({group.before})" if group.before else group.rows
        cells = (code(group.name), rows, group.disturbs or "not asked", group.against, _findings(group))
        yield f"| {' | '.join(cells)} |"
    if len(groups) > listed:
        yield f"| and {len(groups) - listed} more | | | | |"
    yield ""


def _findings(group: Group) -> str:
    plan = group.plan
    told = []
    if plan.lockout and plan.lockout.cuts:
        told.append(f"manager's path {plan.lockout.verdict}")
    if plan.lockout is None and matters(plan):
        told.append("manager's path not judged")
    told += sorted({guard.kind for guard in plan.guards})
    refused = sum(check.level == "refuse" for check in plan.checks)
    told += [f"{_count(refused, 'hindrance')}"] if refused else []
    told += ["no safety net"] if plan.net is not None and plan.net.none else []
    return ", ".join(told) or "none"


def _details(group: Group, show: Show, longest: int) -> str:
    lines = group.diff(show)
    cut = [*lines[:longest], f"  and {len(lines) - longest} more lines"] if len(lines) > longest else lines
    names = names_told([each.router for each in group.routers])
    secrets = sorted({name for each in group.routers for name in each.secrets})
    more = f"\nSecrets that were not named here before: {', '.join(map(code, secrets[:LISTED]))}\n" if secrets else ""
    return f"<details><summary>{summary(names)}: {group.rows}</summary>\n{more}\n{fenced(cut)}\n\n</details>\n"


def _compared(review: Review) -> Iterator[str]:
    """Which routers were not compared with themselves, and why."""
    reasons: dict[tuple[str, str], list[Reviewed]] = {}
    for each in review.routers:
        if each.against != "router" and each.kind != "removed" and (each.reason or each.against):
            reasons.setdefault((each.reason, each.against), []).append(each)
    for (reason, against), routers in reasons.items():
        names = names_told([each.router for each in routers])
        what = f", so compared with {AGAINST[against]}" if against else ", so not planned"
        yield f"- {code(names)}: {code(reason or 'not asked')}{what}"
    removed = [each.router for each in review.routers if each.kind == "removed"]
    if removed:
        yield f"- {code(names_told(removed))}: no longer declared; what it holds stays as it is"
    if reasons or removed:
        yield ""


def _foot(review: Review) -> str:
    drift = "Plans against routers and snapshots hold what was changed there by hand, too. " if review.plans else ""
    return f"{drift}Only what this change may touch was compiled. `trueup ci`"


def _cut(text: str, plans: Sequence[str], foot: str, limit: int, rest: str) -> str:
    """As many whole plans as there is room for; of what is left out, how many."""
    if len(text) + len(foot) > limit:
        kept = text[: limit - len(foot) - 200].rpartition("\n")[0]
        return f"{kept}{_closing(kept)}\n\nThe rest is in {rest}.\n\n{foot}\n"
    shown: list[str] = []
    size = len(text) + len(foot) + 200
    for plan in plans:
        if size + len(plan) + 1 > limit:
            break
        shown.append(plan)
        size += len(plan) + 1
    left = len(plans) - len(shown)
    word = [f"{_count(left, 'plan')} more {'is' if left == 1 else 'are'} in {rest}.", ""] if left else []
    return "\n".join((text, *shown, *word, foot, ""))


def _closing(text: str) -> str:
    """What ends a block of code that was cut."""
    fences = [line for line in text.split("\n") if line.startswith("```")]
    return "\n" + "`" * (len(fences[-1]) - len(fences[-1].lstrip("`"))) if len(fences) % 2 else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
