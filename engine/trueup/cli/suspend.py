"""`trueup suspend`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from trueup.audit import Audit, audit_path
from trueup.cli.moment import clock, moment_options
from trueup.cli.selection import Selection, folder_option, json_option, select_leniently, selection_options
from trueup.cli.terminal import echo, show_json
from trueup.fleet.suspension import suspend, suspension_document


@click.command("suspend")
@folder_option
@selection_options
@click.option("--why", required=True, metavar="TEXT", help="What for; whoever looks at the router is told.")
@moment_options
@json_option
def command(folder: Path, selection: Selection, why: str, until: datetime | None, as_json: bool) -> None:
    """Have the daemon write nothing to routers until a time, or until `trueup resume`.

    Without ROUTER, all of the network's routers. They are still looked at, and `trueup apply` only warns. Who
    suspended them and why is in the audit repository. Exit code: 0 done, 1 error.
    """
    network, routers = select_leniently(folder, selection)
    audit = Audit.open(audit_path(network), network=network.root)
    made = suspend(audit, (router.name for router in routers), audit.who, why, until)
    if as_json:
        show_json({**suspension_document(made), "routers": [router.name for router in routers]})
        return
    for router in routers:
        echo(f"{router.name}: suspended {f'until {clock(until)}' if until else 'until `trueup resume`'}")
