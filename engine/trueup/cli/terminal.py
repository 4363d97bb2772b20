"""Lines on a terminal: colour where it is one, progress on what takes longer, problems on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from trueup.errors import PlanError, Problem
from trueup.fleet.run import FleetRun, Watch
from trueup.plan import Report
from trueup.plan.document import plan_to_document, report_to_document
from trueup.plan.plan import FORMAT_VERSION
from trueup.show import Line

COLOURS = {"+": "green", "~": "yellow", "-": "red", ">": "cyan", "!": "magenta"}
PLACE_COLUMN = 72


def show_lines(lines: Iterable[Line]) -> None:
    """Print neutral lines, marks in colour and places in a column of their own."""
    for line in lines:
        mark = f"{line.mark} " if line.mark else "  "
        text = f"{' ' * line.indent}{mark if line.indent > 2 or line.mark else ''}{line.text}"
        if line.place:
            text = f"{text:<{PLACE_COLUMN}}"
        colour = COLOURS.get(line.mark)
        styled = click.style(text, fg=colour) if colour else text
        if line.place:
            styled += click.style(f"  {line.place}", dim=True)
        click.echo(styled.rstrip(), color=None if colour_wanted() else False)


def colour_wanted() -> bool:
    return not os.environ.get("NO_COLOR")


def show_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(f"{problem.severity}: {problem}", err=True)


def show_json(document: Any) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def plans_document(run: FleetRun) -> dict[str, Any]:
    """What `plan --json` prints and `plan --out` saves."""
    return {
        "format-version": FORMAT_VERSION,
        "network": run.network.name,
        "commit": run.network.commit,
        "empty": all(plan.empty for plan in run.plans),
        "plans": [plan_to_document(plan) for plan in run.plans],
        "failures": failures_document(run),
    }


def reports_document(run: FleetRun, reports: Sequence[Report] | None) -> dict[str, Any]:
    """What `apply --json` prints."""
    return {
        **plans_document(run),
        "reports": [report_to_document(report) for report in reports or ()],
    }


def failures_document(run: FleetRun) -> list[dict[str, Any]]:
    return [
        {"router": failure.router, "problems": [str(problem) for problem in failure.problems]}
        for failure in run.failures
    ]


def write_private(path: Path, document: Any) -> None:
    """Write a JSON file that only its owner can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2, ensure_ascii=False)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise PlanError(Problem(f"cannot be written: {error.strerror}", str(path))) from error


@contextmanager
def progress(*, quiet: bool) -> Iterator[Watch]:
    """A line on standard error that tells what is being done, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:

        def watch(router: str, doing: str, done: int, count: int) -> None:
            status.update(f"{router}: {doing} {f'{done} of {count}' if count else ''}".rstrip())

        yield watch
