"""`trueup reconcile`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from trueup.audit import Audit, audit_path
from trueup.cli.asking import LEFT, STEP, wait_option
from trueup.cli.selection import Selection, folder_option, json_option, select_leniently, selection_options
from trueup.cli.terminal import echo, progress, show_json
from trueup.fleet.as_json import plain
from trueup.fleet.requests import FORMAT_VERSION, RECONCILE, Request, ask, found


@click.command("reconcile")
@folder_option
@selection_options
@wait_option
@json_option
def command(folder: Path, selection: Selection, wait: float, as_json: bool) -> None:
    """Have the daemon look at routers now instead of at their time.

    Without ROUTER, at all of the network's routers. Each request is in the audit repository until it is answered.
    Exit code: 0 they are looked at, or no daemon has answered yet; 1 one cannot be, or an error.
    """
    network, routers = select_leniently(folder, selection)
    audit = Audit.open(audit_path(network), network=network.root)
    with progress(quiet=as_json) as watch:
        asked = []
        for number, router in enumerate(routers):
            watch(router.name, "asking", number, len(routers))
            asked.append(ask(audit, RECONCILE, router.name))
        watch("the daemon", "waiting for its answer", 0, 0)
        answers = _answers(audit, asked, wait)
    if as_json:
        requests = [{**plain(each), "router": each.router} for each in answers]
        show_json({"format-version": FORMAT_VERSION, "requests": requests})
    else:
        for each in answers:
            echo(f"{each.router}: {LEFT if each.pending else each.answer}")
    sys.exit(1 if any(each.answer.startswith("not done") for each in answers) else 0)


def _answers(audit: Audit, asked: list[Request], wait: float) -> list[Request]:
    """The requests as they are once all are answered, or the time is over."""
    until = time.monotonic() + wait
    while True:
        now = [found(audit, request) or request for request in asked]
        if not any(request.pending for request in now) or time.monotonic() >= until:
            return now
        time.sleep(STEP)
