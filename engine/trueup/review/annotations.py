"""Findings at their lines: for GitHub Actions as workflow commands, for GitLab as a code quality report. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from trueup.errors import Problem, Source
from trueup.plan import Add, Plan, Set
from trueup.review.groups import Group
from trueup.review.markdown import command_data, command_property, plain
from trueup.review.reviewed import Review
from trueup.show import Show

Level = Literal["error", "warning", "notice"]

MOST = 50
"""The most annotations; a forge shows fewer."""

SEVERITIES = {"error": "blocker", "warning": "major", "notice": "info"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """One finding at a place of the repository, "" where it has none."""

    level: Level
    title: str
    text: str
    file: str = ""
    line: int = 1
    column: int = 1


def annotate(review: Review, groups: Sequence[Group] = ()) -> list[Annotation]:
    """What is wrong, then what a plan would put at risk, then warnings, each once; last what a line does to whom."""
    problems = [*review.errors, *(each for each in review.problems if each.severity != "error")]
    found = [_of_problem(problem, review.prefix) for problem in problems]
    for each in review.busy:
        if each.plan is not None:
            found += _of_plan(each.plan, review.prefix)
    found += (note for group in groups for note in _of_group(group, review.prefix))
    order = {"error": 0, "warning": 1, "notice": 2}
    return sorted(dict.fromkeys(found), key=lambda each: order[each.level])[:MOST]


def workflow_commands(found: list[Annotation]) -> Iterator[str]:
    """The annotations as GitHub Actions reads them from a job's output, one on each line."""
    for each in found:
        properties = {"title": each.title}
        if each.file:
            properties |= {"file": each.file, "line": str(each.line), "col": str(each.column)}
        told = ",".join(f"{name}={command_property(value)}" for name, value in properties.items())
        yield f"::{each.level} {told}::{command_data(each.text)}"


def code_quality(found: list[Annotation]) -> list[dict[str, Any]]:
    """The annotations as GitLab's code quality report, which has no place for those without a file."""
    return [
        {
            "description": each.text,
            "check_name": each.title,
            "fingerprint": hashlib.sha256(f"{each.file}:{each.line}:{each.title}:{each.text}".encode()).hexdigest(),
            "severity": SEVERITIES[each.level],
            "location": {"path": each.file, "lines": {"begin": each.line}},
        }
        for each in found
        if each.file
    ]


def _of_problem(problem: Problem, prefix: str) -> Annotation:
    text = f"{problem.message}; {problem.remedy}" if problem.remedy else problem.message
    level: Level = "error" if problem.severity == "error" else "warning"
    if isinstance(problem.where, Source):
        return _at(level, "trueup", text, problem.where, prefix)
    return Annotation(level, "trueup", plain(f"{problem.where}: {text}" if problem.where else text))


def _of_plan(plan: Plan, prefix: str) -> Iterator[Annotation]:
    changes = plan.changes
    for cut in plan.lockout.cuts if plan.lockout else ():
        yield _at(
            "warning", f"manager's path {cut.verdict}", f"{plan.router}: {cut.menu}: {cut.text}", cut.source, prefix
        )
    for guard in plan.guards:
        yield _at(
            "warning", f"approval: {guard.kind}", f"{plan.router}: {guard.menu}: {guard.text}", guard.source, prefix
        )
    for check in plan.checks:
        if check.level == "refuse":
            yield _at("warning", "cannot be applied", f"{plan.router}: {check.text}; {check.remedy}", None, prefix)
    for blink in plan.disruption.blinks if plan.disruption else ():
        sources = (getattr(changes[number], "source", None) for number in blink.changes)
        source = next((each for each in sources if each is not None), None)
        if source is not None:
            yield _at("notice", f"{blink.effect}", f"{plan.router}: {blink.what} ({blink.menu})", source, prefix)


def _of_group(group: Group, prefix: str) -> Iterator[Annotation]:
    """What each declared line of a plan does; the routers that have the same plan are named once."""
    show = Show(private=True)
    for change in group.plan.changes:
        row = show.row(change.row) if isinstance(change, Add | Set) else ""
        if isinstance(change, Add) and change.source is not None:
            yield _at("notice", group.name, f"add {change.menu} {row}", change.source, prefix)
        elif isinstance(change, Set):
            for name in change.values:
                if source := change.sources.get(name, change.source):
                    yield _at("notice", group.name, f"change {name} of {change.menu} {row}", source, prefix)


def _at(level: Level, title: str, text: str, source: Source | None, prefix: str) -> Annotation:
    if source is None:
        return Annotation(level, title, plain(text))
    return Annotation(level, title, plain(text), f"{prefix}{source.file}", source.line, source.column)
