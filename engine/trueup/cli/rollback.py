"""`trueup rollback`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trueup.cli.selection import Selection, network_options, selection_options
from trueup.cli.settling import settle, settlers
from trueup.fleet.settle import Settler


@click.command("rollback")
@network_options
@selection_options
def command(network: Path, ref: str | None, selection: Selection) -> None:
    """Take back at once what `trueup apply --confirm-within` did, instead of waiting for its time to be over.

    Exit code: 0 taken back, 1 error, also where nothing waits.
    """
    sys.exit(0 if settle(settlers(network, ref, selection), Settler.rollback) else 1)
