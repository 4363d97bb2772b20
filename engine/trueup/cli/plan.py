"""`trueup plan`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from trueup.audit import Audit, audit_path
from trueup.cli.selection import Selection, json_option, network_options, selection_options
from trueup.cli.session import Chosen
from trueup.cli.terminal import (
    plans_document,
    progress,
    show_failures,
    show_json,
    show_lines,
    warn_unjudged,
    write_private,
)
from trueup.fleet.run import FleetRun
from trueup.show import Show


@click.command("plan")
@network_options
@selection_options
@click.option("--with-peers", is_flag=True, help="Take along the routers that hold the other halves of tunnels.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Save for trueup apply.")
@json_option
def command(
    network: Path,
    ref: str | None,
    selection: Selection,
    with_peers: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Show what would change on the routers; nothing is written.

    Without ROUTER, all of the network's routers. Exit code: 0 nothing to do, 2 changes, 1 error.
    """
    chosen = Chosen(network, ref, selection, peers=with_peers)
    run = asyncio.run(_plan(chosen, quiet=as_json))
    document = plans_document(run)
    if out is not None:
        write_private(out, document)
    if as_json:
        show_json(document)
    else:
        show_lines(Show(private=False).plans(run.plans))
        warn_unjudged(run.plans)
    show_failures(run.failures)
    sys.exit(1 if run.failures else 2 if any(not plan.empty for plan in run.plans) else 0)


async def _plan(chosen: Chosen, *, quiet: bool) -> FleetRun:
    async with chosen.run(Audit.find(audit_path(chosen.network))) as run:
        with progress(quiet=quiet) as run.watch:
            await run.plan()
        return run
