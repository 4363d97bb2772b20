"""`trueup resume`."""

from __future__ import annotations

from pathlib import Path

import click

from trueup.audit import Audit, audit_path
from trueup.cli.selection import Selection, folder_option, json_option, select_leniently, selection_options
from trueup.cli.terminal import echo, show_json
from trueup.fleet.suspension import FORMAT_VERSION, resume


@click.command("resume")
@folder_option
@selection_options
@json_option
def command(folder: Path, selection: Selection, as_json: bool) -> None:
    """Have the daemon write to suspended routers again.

    Without ROUTER, all of the network's routers. Exit code: 0 done, also where none was suspended; 1 error.
    """
    network, routers = select_leniently(folder, selection)
    audit = Audit.open(audit_path(network), network=network.root)
    names = resume(audit, (router.name for router in routers), audit.who)
    if as_json:
        show_json({"format-version": FORMAT_VERSION, "routers": list(names)})
        return
    for router in routers:
        if router.name in names:
            echo(f"{router.name}: resumed")
        elif selection.names:
            echo(f"{router.name}: was not suspended")
    if not names and not selection.names:
        echo("no router was suspended")
