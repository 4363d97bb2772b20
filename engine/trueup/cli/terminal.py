"""Lines on a terminal: colour where it is one, progress on what takes longer, problems on standard error."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from trueup.audit.personal import clean_plan, clean_report, redactor
from trueup.errors import PlanError, Problem
from trueup.fleet.run import Failure, FleetRun, Watch
from trueup.plan import Plan, Report
from trueup.plan.digest import run_hash
from trueup.plan.document import plan_to_document, report_to_document
from trueup.plan.plan import FORMAT_VERSION
from trueup.risk import matters
from trueup.show import Line

COLOURS = {"+": "green", "~": "yellow", "-": "red", ">": "cyan", "!": "magenta"}
WIDTH = 80
"""Columns that lines stay within where what they say leaves room."""

NOBODY: Watch = lambda *_: None  # noqa: E731


def show_lines(lines: Iterable[Line]) -> None:
    """Print neutral lines, marks in colour and places in a column of their own."""
    shown = list(lines)
    column = WIDTH - max((len(line.place) for line in shown), default=0)
    for line in shown:
        mark = f"{line.mark} " if line.mark else "  "
        text = f"{' ' * line.indent}{mark if line.indent > 2 or line.mark else ''}{line.text}"
        if line.place:
            text = f"{text}  ".ljust(column)
        colour = COLOURS.get(line.mark)
        styled = click.style(text, fg=colour) if colour else text
        if line.place:
            styled += click.style(line.place, dim=True)
        echo(styled.rstrip())


def echo(text: str) -> None:
    """Print a line on standard output, without its colours where they are not wanted."""
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)


def agreed(question: str) -> bool:
    """Ask on the terminal; Ctrl-C and the end of input are a no."""
    # The event loop's own handler would only take note of Ctrl-C until the question is answered.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return click.confirm(question)
    except click.Abort:
        click.echo()
        return False
    finally:
        signal.signal(signal.SIGINT, before)


def show_failures(failures: Iterable[Failure]) -> None:
    """The problems of routers that failed; each names its router, also where its place is in a shared file."""
    for failure in failures:
        for problem in failure.problems:
            named = not failure.router or str(problem).startswith((f"{failure.router} ", f"{failure.router}:"))
            click.echo(f"{problem.severity}: {'' if named else f'{failure.router}: '}{problem}", err=True)


def warn_unjudged(plans: Iterable[Plan]) -> None:
    """Say of which plans nobody can tell whether they cut the manager off, since its way to the router is hidden."""
    for plan in plans:
        if plan.lockout is None and matters(plan):
            text = "whether this cuts the manager off was not judged: nothing tells where the router sees it come from"
            remedy = "declare `source` and `destination` under `connect`"
            click.echo(f"warning: {plan.router}: {text}; {remedy}", err=True)


def show_json(document: Any) -> None:
    click.echo(_json(document))


def _json(document: Any) -> str:
    """JSON as text that can be encoded: what a router said that is no UTF-8 becomes an escape, as JSON has them."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")


def plans_document(run: FleetRun) -> dict[str, Any]:
    """What `plan --json` prints and `plan --out` saves; personal data is in none of its texts.

    `hash` is what `apply --accept` takes, "" where there is nothing to do.
    """
    redact, busy = redactor(run.plans), [plan for plan in run.plans if not plan.empty]
    return {
        "format-version": FORMAT_VERSION,
        "network": run.network.name,
        "commit": run.network.commit,
        "empty": not busy,
        "hash": run_hash(busy) if busy else "",
        "plans": [plan_to_document(clean_plan(plan, redact)) for plan in run.plans],
        "failures": [
            {"router": failure.router, "problems": [redact(str(problem)) for problem in failure.problems]}
            for failure in run.failures
        ],
    }


def reports_document(run: FleetRun, reports: Sequence[Report] | None) -> dict[str, Any]:
    """What `apply --json` prints."""
    found = reports or ()
    plans = (*run.plans, *(each for report in found for each in (report.plan, report.left) if each))
    redact = redactor(plans, run.held if any(not report.converged for report in found) else ())
    return {
        **plans_document(run),
        "reports": [report_to_document(clean_report(report, redact)) for report in found],
    }


def write_private(path: Path, document: Any) -> None:
    """Write a JSON file that only its owner can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(_json(document))
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise PlanError(Problem(f"cannot be written: {error.strerror}", str(path))) from error


@contextmanager
def progress(*, quiet: bool) -> Iterator[Watch]:
    """A line on standard error that tells what is being done, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield NOBODY
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:

        def watch(router: str, doing: str, done: int, count: int) -> None:
            status.update(f"{router}: {doing} {f'{done} of {count}' if count else ''}".rstrip())

        yield watch
