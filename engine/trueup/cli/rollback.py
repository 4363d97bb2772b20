"""`trueup rollback`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trueup.cli.selection import Selection, json_option, network_options, selection_options
from trueup.cli.settling import Settled, settle, settlers
from trueup.fleet.settle import Settler


@click.command("rollback")
@network_options
@selection_options
@json_option
def command(network: Path, ref: str | None, selection: Selection, as_json: bool) -> None:
    """Take back at once what `trueup apply --confirm-within` did, instead of waiting for its time to be over.

    Exit code: 0 taken back, 1 error, also where nothing waits.
    """
    done = settle(settlers(network, ref, selection), _rollback, "taking back", as_json=as_json)
    sys.exit(0 if done else 1)


async def _rollback(settler: Settler) -> Settled:
    return Settled(await settler.rollback())
