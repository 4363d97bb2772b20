"""`trueup rollout`: how far a merge has come, and trying again one that has stopped."""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from trueup.audit import Audit, audit_path
from trueup.cli.asking import ask_daemon, wait_option
from trueup.cli.moment import clock
from trueup.cli.selection import folder_option, json_option
from trueup.cli.terminal import COLOURS, WIDTH, echo, show_json
from trueup.errors import AuditError, DeclarationError, PlanError, Problem
from trueup.fleet.kept_rollouts import current_rollout, past_rollouts
from trueup.fleet.requests import RETRY
from trueup.fleet.rollout import FORMAT_VERSION, HEALTHY, STOPPED, WAITING, RolloutStatus, rollout_to_document
from trueup.load.network import find_root, read_network

FEW = 12
"""Routers of a wave that are told one by one; of larger waves only those that are neither waiting nor healthy."""

MARKS = {
    "failed": "-",
    "rolling back": "-",
    "rolled back": "-",
    "held": "~",
    "writing": ">",
    "settling": ">",
    "healthy": "+",
}


@click.group("rollout", invoke_without_command=True)
@folder_option
@json_option
@click.pass_context
def command(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Show how far the merge that is rolled out has come, wave by wave.

    `trueup rollout retry` tries one that has stopped again. Exit code: 0 all is well, 1 it has stopped, or an error.
    """
    ctx.obj = folder
    if ctx.invoked_subcommand is None:
        sys.exit(_show(folder, as_json=as_json))


@command.command("show")
@folder_option
@json_option
@click.pass_obj
def show(above: Path, folder: Path, as_json: bool) -> None:
    """Show how far the merge that is rolled out has come, wave by wave."""
    sys.exit(_show(above / folder, as_json=as_json))


@command.command("retry")
@folder_option
@wait_option
@json_option
@click.pass_obj
def retry(above: Path, folder: Path, wait: float, as_json: bool) -> None:
    """Have the daemon try a rollout that has stopped again, from its failed wave on.

    The request is in the audit repository until the daemon answers it. Exit code: 0 it goes on, or no daemon has
    answered yet; 1 nothing has stopped, or an error.
    """
    audit = _audit(above / folder, writing=True)
    current = current_rollout(audit)
    if current is None or current.state != STOPPED:
        raise PlanError(Problem("no rollout has stopped", remedy="see `trueup rollout`"))
    request = ask_daemon(audit, RETRY, wait=wait, as_json=as_json)
    sys.exit(1 if request.answer.startswith("not done") else 0)


def _audit(folder: Path, *, writing: bool) -> Audit:
    root = find_root(folder)
    network, problems = read_network(root)
    if network is None:
        raise DeclarationError(problems)
    path = audit_path(network)
    audit = Audit.open(path, network=root) if writing else Audit.find(path)
    if audit is None:
        remedy = "make one with `trueup init`, or name it as `audit` in trueup.yaml"
        raise AuditError(Problem("there is no audit repository", str(path), remedy))
    return audit


def _show(folder: Path, *, as_json: bool) -> int:
    """Show the rollout that is on, else the newest that has ended; the exit code."""
    audit = _audit(folder, writing=False)
    rollout = current_rollout(audit) or next(iter(past_rollouts(audit, 1)), None)
    if as_json:
        show_json(rollout_to_document(rollout) if rollout else {"format-version": FORMAT_VERSION})
    elif rollout is None:
        echo("nothing has been rolled out yet")
    else:
        for line in _lines(rollout):
            echo(line)
    return 1 if rollout is not None and rollout.state == STOPPED else 0


def _lines(rollout: RolloutStatus) -> Iterator[str]:
    colour = {"stopped": "red", "done": "green"}.get(rollout.state)
    yield f"{rollout.after[:7]}  {click.style(rollout.state, fg=colour, bold=True)}  {rollout.subject}".rstrip()
    by = f"by {rollout.author}, " if rollout.author else ""
    ended = f", {rollout.state} {_when(rollout.ended)}" if rollout.ended else ""
    yield f"         {by}begun {_when(rollout.started)}{ended}"
    for number, wave in enumerate(rollout.waves):
        yield from _wave(rollout, number, wave)
    for text in filter(None, (rollout.reason, rollout.remedy)):
        yield textwrap.fill(text, WIDTH)


def _wave(rollout: RolloutStatus, number: int, wave: tuple[str, ...]) -> Iterator[str]:
    counts = Counter(rollout.routers[name].state for name in wave)
    told = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    yield f"  wave {number + 1} of {len(rollout.waves)}: {told}"
    for name in wave if number <= rollout.at else ():
        part = rollout.routers[name]
        if len(wave) <= FEW or part.state not in (WAITING, HEALTHY):
            mark = MARKS.get(part.state, " ")
            until = f", until {clock(part.until)}" if part.until else ""
            text = f"    {mark} {name:<24} {part.state:<11} {part.text}{until}".rstrip()
            folded = textwrap.fill(text, WIDTH, subsequent_indent=" " * 43, break_on_hyphens=False)
            yield click.style(folded, fg=COLOURS.get(mark))


def _when(moment: datetime | None) -> str:
    return clock(moment) if moment else "?"
