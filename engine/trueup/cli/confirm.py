"""`trueup confirm`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trueup.cli.selection import Selection, json_option, network_options, selection_options
from trueup.cli.settling import Settled, settle, settlers
from trueup.fleet.settle import Settler


@click.command("confirm")
@network_options
@selection_options
@json_option
def command(network: Path, ref: str | None, selection: Selection, as_json: bool) -> None:
    """Keep what `trueup apply --confirm-within` did: the routers no longer take it back.

    From this machine or any other with the network's and the audit repository. Exit code: 0 confirmed, 1 error, also
    where nothing waits or the time was over.
    """
    done = settle(settlers(network, ref, selection), _confirm, "confirming", as_json=as_json)
    sys.exit(0 if done else 1)


async def _confirm(settler: Settler) -> Settled:
    return Settled(await settler.confirm())
