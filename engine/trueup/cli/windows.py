"""What `trueup apply` makes of windows: closed ones are refused, unless somebody says why they do not count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from trueup.audit import Audit
from trueup.errors import PlanError, Problem
from trueup.fleet.overrides import current_override, overridden
from trueup.fleet.remarks import said
from trueup.fleet.run import FleetRun
from trueup.fleet.windows import Opening, opening

Command = TypeVar("Command", bound=Callable[..., Any])


def override_option(command: Command) -> Command:
    """Adds --override (`override`: "" where it is not said)."""
    help = "Write although a window is closed, for this reason, which is recorded."
    return click.option("--override", metavar="TEXT", default="", help=help)(command)


def heed_windows(run: FleetRun, audit: Audit, override: str) -> tuple[Opening, ...]:
    """How the windows of the routers with changes stand; raises PlanError where one is closed and nobody says why not.

    What opens closed ones, here or by `trueup override`, goes into the run's record.
    """
    now, why = datetime.now(UTC), said(override)
    found: list[Opening] = []
    problems: list[Problem] = []
    for each in (each for each in run.runs if not each.plan.empty):
        router = each.router
        stands = opening(run.network.settings.windows, router, now)
        if not stands.open and why:
            run.override = why
            continue
        stands = overridden(stands, current_override(audit, router.name, now))
        run.override = run.override or stands.override
        found.append(stands)
        if not stands.writable:
            problems.append(Problem(f"closed now: {told(stands)}", router.name, 'wait, or say --override "WHY"'))
    if problems:
        raise PlanError(problems)
    return tuple(found)


def told(opening: Opening) -> str:
    """Which window says so, and until when."""
    when = f", until {opening.changes.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if opening.changes else ""
    return f"{opening.window}{when}"
