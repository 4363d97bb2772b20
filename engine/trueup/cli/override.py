"""`trueup override`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from trueup.audit import Audit, audit_path
from trueup.cli.moment import clock, moment_options
from trueup.cli.selection import Selection, folder_option, json_option, select_leniently, selection_options
from trueup.cli.terminal import echo, show_json
from trueup.fleet.overrides import FORMAT_VERSION, close_windows, open_windows, override_document

USUALLY = timedelta(hours=1)


@click.command("override")
@folder_option
@selection_options
@click.option("--why", metavar="TEXT", help="What for; whoever looks at the router is told.")
@moment_options
@click.option("--end", is_flag=True, help="Let the windows count again.")
@json_option
def command(
    folder: Path, selection: Selection, why: str | None, until: datetime | None, end: bool, as_json: bool
) -> None:
    """Let the daemon and `trueup apply` write to routers although their windows are closed, for one hour or so long.

    Who did so and why is in the audit repository. Routers must be named, by themselves, a site, a group or a label.
    Exit code: 0 done, 1 error.
    """
    if not any(selection):
        raise click.UsageError("name the routers, or choose them with --site, --group or --label")
    if end == (why is not None) or (end and until is not None):
        raise click.UsageError('say --why "WHAT FOR", or --end alone')
    network, routers = select_leniently(folder, selection)
    audit = Audit.open(audit_path(network), network=network.root)
    names = [router.name for router in routers]
    if end:
        ended = close_windows(audit, names, audit.who)
        if as_json:
            show_json({"format-version": FORMAT_VERSION, "routers": list(ended)})
            return
        for name in names:
            echo(f"{name}: its windows count again" if name in ended else f"{name}: had no override")
        return
    made = open_windows(audit, names, audit.who, why or "", until or datetime.now(UTC) + USUALLY)
    if as_json:
        show_json({**override_document(made), "routers": names})
        return
    for name in names:
        echo(f"{name}: open until {clock(made.until)}, whatever its windows say")
