"""`trueup recover`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from trueup.audit.personal import clean_report, redactor
from trueup.cli.selection import Selection, json_option, network_options, selection_options
from trueup.cli.settling import Settled, settle, settlers
from trueup.errors import Problem
from trueup.fleet.settle import Left, Settler, remains
from trueup.plan import Report
from trueup.plan.document import report_to_document
from trueup.show import Show


@click.command("recover")
@network_options
@selection_options
@click.option("--undo", "way", flag_value="undo", help="Have the router take back what the run did.")
@click.option("--keep", "way", flag_value="keep", help="Keep what the run did; `trueup apply` then does the rest.")
@json_option
def command(network: Path, ref: str | None, selection: Selection, way: str | None, as_json: bool) -> None:
    """End what an apply has left behind whose machine or process died in the middle.

    Without --undo or --keep it only shows what is there. Nobody needs it to be safe: the nets on the router act by
    themselves, and the next plan is made from what the router is.

    Exit code: 0 nothing to recover, or done; 2 something is there (without --undo and --keep); 1 error.
    """
    found = []

    async def recover(settler: Settler) -> Settled:
        left = await settler.look()
        if left.nothing:
            return Settled("nothing to recover")
        found.append(settler.router.name)
        if way is None:
            return Settled("; ".join(told(left)), data={"left": list(told(left))})
        report = await settler.recover(left, undo=way == "undo")
        return _recovered(settler.router.name, report, undo=way == "undo")

    doing = {"undo": "taking back", "keep": "keeping"}.get(way or "", "looking")
    done = settle(settlers(network, ref, selection), recover, doing, as_json=as_json)
    if found and way is None:
        click.echo("say --undo to have it taken back, or --keep to keep it", err=True)
    sys.exit(1 if not done else 2 if found and way is None else 0)


def _recovered(router: str, report: Report | None, *, undo: bool) -> Settled:
    """What recovering came to; a part that could not be taken back is a problem."""
    text = "taken back" if undo else "kept; `trueup apply` does the rest"
    if report is None:
        return Settled(text)
    problem = None
    if undo and remains(report):
        text = "what is told as done was not taken back, and nothing on the router does it any more"
        problem = Problem(text, router, "see `trueup plan`")
    redact = redactor(each for each in (report.plan, report.left) if each)
    data = {"report": report_to_document(clean_report(report, redact))}
    return Settled(text, tuple(Show(private=False).reports([report])), data, problem)


def told(left: Left) -> Iterator[str]:
    """What is left, in words."""
    if left.journal is not None:
        where = f", in batch {left.journal['batch'] + 1}" if "batch" in left.journal else ""
        yield f"run {left.journal['run']} broke off while {left.journal['doing']}{where}"
    if left.scripts:
        yield f"{', '.join(left.scripts)} will take its change back when its time is over"
    if left.guards:
        yield f"{', '.join(left.guards)} is still armed"
    if left.holder:
        yield f"safe mode is held by {left.holder}"
