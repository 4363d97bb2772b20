"""`trueup drill`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from trueup.audit import Audit, audit_path
from trueup.cli.selection import json_option, network_options, select
from trueup.cli.terminal import echo, progress, show_json
from trueup.fleet.drill import Drill, Drilled, drill_document
from trueup.load.network import load_network
from trueup.secrets import open_stores


@click.command("drill")
@click.argument("router")
@network_options
@json_option
def command(router: str, network: Path, ref: str | None, as_json: bool) -> None:
    """Fire every safety net of ROUTER with a harmless change, and keep what was seen with its version.

    The change is an entry of the address list trueup-drill, which no rule names. What a drill has not seen work is
    not relied on: an unroll from the scheduler, and safe mode over SSH. Exit code: 0 all nets work, 1 one does not.
    """
    found = load_network(network, ref)
    [chosen] = select(found, (router,))
    audit = Audit.open(audit_path(found), network=found.root)
    audit.refuse_busy(router)
    stores = open_stores(found.settings, found.root)
    with progress(quiet=as_json) as watch:
        drill = Drill(found, chosen, stores.resolve, lambda name: watch(router, name, 0, 0))
        results = asyncio.run(drill.run())
    document = drill_document(drill.facts, results)
    audit.keep(router, "drill", document, f"Drill of {router}, RouterOS {drill.facts.version}")
    if as_json:
        show_json(document)
    else:
        echo(f"{router}   RouterOS {drill.facts.version}")
        for each in results:
            echo(_line(each))
    sys.exit(0 if all(each.works for each in results) else 1)


def _line(drilled: Drilled) -> str:
    word = click.style("works", fg="green") if drilled.works else click.style("fails", fg="red")
    note = f"\n    {drilled.note}" if drilled.note else ""
    return f"  {drilled.name:<36} {word}   {drilled.seconds:6.1f} s{note}"
