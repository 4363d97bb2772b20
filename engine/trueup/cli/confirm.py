"""`trueup confirm`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trueup.cli.selection import Selection, network_options, selection_options
from trueup.cli.settling import settle, settlers
from trueup.fleet.settle import Settler


@click.command("confirm")
@network_options
@selection_options
def command(network: Path, ref: str | None, selection: Selection) -> None:
    """Keep what `trueup apply --confirm-within` did: the routers no longer take it back.

    From this machine or any other with the network's and the audit repository. Exit code: 0 confirmed, 1 error, also
    where nothing waits or the time was over.
    """
    sys.exit(0 if settle(settlers(network, ref, selection), Settler.confirm) else 1)
