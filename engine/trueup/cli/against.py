"""What another version of RouterOS would break, for terminals and programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from trueup.cli.terminal import WIDTH, show_lines
from trueup.compile.upgrade import Upgrade
from trueup.errors import Problem, Source, TrueupError
from trueup.show import Line, Mark
from trueup_schemas.catalogue import UnknownVersion, catalogue


def known_version(written: str) -> str:
    """The version, where the catalogue knows it; raises TrueupError."""
    try:
        return catalogue(written).version
    except UnknownVersion as error:
        raise TrueupError(Problem(str(error))) from None


def show_ways(ways: Sequence[Upgrade], version: str) -> int:
    """Print what breaks, routers with the same list together; 1 where something does, else 0."""
    show_lines(_lines(ways))
    broken = [way for way in ways if way.breaks]
    things = {problem for way in broken for problem in way.breaks}
    told = (
        f"{counted(len(things), 'thing')} would break on {counted(len(broken), 'router')}"
        if things
        else "nothing breaks"
    )
    notes = {note for way in ways for note in way.notes}
    noted = f", {counted(len(notes), 'note')}" if notes else ""
    show_lines([Line(0, "", f"{counted(len(ways), 'router')} against RouterOS {version}: {told}{noted}")])
    return 1 if broken else 0


def counted(count: int, what: str) -> str:
    """`1 router`, `2 routers`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def way_document(way: Upgrade) -> dict[str, Any]:
    """One router's way, as JSON."""
    return {
        "router": way.router,
        "from": way.old,
        "to": way.new,
        "breaks": [problem_document(each) for each in way.breaks],
        "notes": [problem_document(each) for each in way.notes],
    }


def problem_document(problem: Problem) -> dict[str, object]:
    """A problem with its place, as JSON."""
    where: dict[str, object] = {}
    if isinstance(problem.where, Source):
        where = {"file": problem.where.file, "line": problem.where.line, "column": problem.where.column}
    return {"severity": problem.severity, "message": problem.message, "remedy": problem.remedy, **where}


def _lines(ways: Iterable[Upgrade]) -> Iterator[Line]:
    alike: dict[tuple[str, str, tuple[Problem, ...], tuple[Problem, ...]], list[str]] = {}
    for way in ways:
        if way.breaks or way.notes:
            alike.setdefault((way.old, way.new, way.breaks, way.notes), []).append(way.router)
    for (old, new, breaks, notes), routers in alike.items():
        yield Line(0, "", f"{', '.join(routers)}   {old} -> {new}")
        yield from (line for problem in breaks for line in _problem_lines("-", problem))
        yield from (line for note in notes for line in _problem_lines("!", note))
        yield Line(0, "", "")


def _problem_lines(mark: Mark, problem: Problem) -> Iterator[Line]:
    yield Line(2, mark, str(problem.where or ""))
    for text in (problem.message, problem.remedy):
        for line in textwrap.wrap(text, WIDTH - 6, break_on_hyphens=False, break_long_words=False):
            yield Line(4, "", line)
