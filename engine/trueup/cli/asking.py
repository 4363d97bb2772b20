"""Asking the daemon through the audit repository, and waiting a little for what it says."""

from __future__ import annotations

import time

import click

from trueup.audit import Audit
from trueup.cli.terminal import echo, show_json
from trueup.fleet.as_json import plain
from trueup.fleet.requests import FORMAT_VERSION, Request, ask, found

WAIT, STEP = 15.0, 0.2
"""Seconds to wait for an answer, and between two looks; a daemon looks each second."""

LEFT = "left for the daemon, which has not answered yet"


def wait_option(command: click.decorators.FC) -> click.decorators.FC:
    """Adds --wait (`wait`, in seconds)."""
    help = "Wait so many seconds for the daemon's answer; 0: do not wait."
    return click.option("--wait", type=click.FloatRange(0, 3600), default=WAIT, show_default=True, help=help)(command)


def ask_daemon(audit: Audit, kind: str, router: str = "", *, wait: float, as_json: bool) -> Request:
    """Leave a request, wait for its answer and show it; raises AuditError. Without an answer it stays pending."""
    asked = request = ask(audit, kind, router)
    until = time.monotonic() + wait
    while request.pending and time.monotonic() < until:
        time.sleep(STEP)
        request = found(audit, asked) or request
    if as_json:
        show_json({"format-version": FORMAT_VERSION, **plain(request)})
    else:
        head = f"{router}: " if router else ""
        echo(f"{head}{LEFT if request.pending else request.answer}")
    return request
