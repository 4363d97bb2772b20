"""`trueup recover`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from trueup.cli.selection import Selection, network_options, selection_options
from trueup.cli.settling import settle, settlers
from trueup.cli.terminal import show_lines
from trueup.errors import PlanError, Problem
from trueup.fleet.settle import Left, Settler, remains
from trueup.show import Show


@click.command("recover")
@network_options
@selection_options
@click.option("--undo", "way", flag_value="undo", help="Have the router take back what the run did.")
@click.option("--keep", "way", flag_value="keep", help="Keep what the run did; `trueup apply` then does the rest.")
def command(network: Path, ref: str | None, selection: Selection, way: str | None) -> None:
    """End what an apply has left behind whose machine or process died in the middle.

    Without --undo or --keep it only shows what is there. Nobody needs it to be safe: the nets on the router act by
    themselves, and the next plan is made from what the router is.

    Exit code: 0 nothing to recover, or done; 2 something is there (without --undo and --keep); 1 error.
    """
    found = []

    async def recover(settler: Settler) -> str:
        left = await settler.look()
        if left.nothing:
            return "nothing to recover"
        found.append(settler.router.name)
        if way is None:
            return "; ".join(told(left))
        report = await settler.recover(left, undo=way == "undo")
        if report is not None:
            show_lines(Show(private=False).reports([report]))
        if way == "undo" and report is not None and remains(report):
            text = "what is told as done was not taken back, and nothing on the router does it any more"
            raise PlanError(Problem(text, settler.router.name, "see `trueup plan`"))
        return "taken back" if way == "undo" else "kept; `trueup apply` does the rest"

    done = settle(settlers(network, ref, selection), recover)
    if found and way is None:
        click.echo("say --undo to have it taken back, or --keep to keep it", err=True)
    sys.exit(1 if not done else 2 if found and way is None else 0)


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
