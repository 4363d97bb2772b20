"""`trueup apply`."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from trueup.audit import Audit, audit_path
from trueup.cli.accept import accept_option
from trueup.cli.nets import net_options
from trueup.cli.selection import Selection, json_option, network_options, selection_options
from trueup.cli.session import Chosen
from trueup.cli.terminal import (
    agreed,
    progress,
    reports_document,
    show_failures,
    show_json,
    show_lines,
    warn_unjudged,
)
from trueup.cli.windows import heed_windows, override_option
from trueup.errors import DeclarationError, PlanError, Problem
from trueup.fleet.consent import guarded, hindered, locked_out, netless
from trueup.fleet.nets import Asked
from trueup.fleet.run import FleetRun
from trueup.fleet.suspension import suspension
from trueup.fleet.windows import stop_at_edges
from trueup.plan import Plan, Report
from trueup.plan.document import plan_from_document
from trueup.plan.plan import FORMAT_VERSION
from trueup.plan.stale import what_changed
from trueup.show import Show

NOTHING = {"format-version": FORMAT_VERSION, "empty": True, "hash": "", "plans": [], "failures": [], "reports": []}


class Allowed(NamedTuple):
    """What the operator said yes to."""

    lockout: bool
    accepted: Collection[str]
    asked: Asked
    override: str


@click.command("apply")
@network_options
@selection_options
@click.option("--with-peers", is_flag=True, help="Take along the routers that hold the other halves of tunnels.")
@click.option("--allow-dirty", is_flag=True, help="Apply files that are not committed; the audit will lack a commit.")
@click.option("--allow-lockout", is_flag=True, help="Apply although the manager's own way to a router may be cut.")
@accept_option
@net_options
@override_option
@click.option("--yes", is_flag=True, help="Do not ask before writing (without a terminal nothing is asked).")
@json_option
def command(
    network: Path,
    ref: str | None,
    selection: Selection,
    with_peers: bool,
    allow_dirty: bool,
    allow_lockout: bool,
    accepted: tuple[str, ...],
    asked: Asked,
    override: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Plan, write, read back, and record it in the audit repository.

    In place of ROUTER, a FILE that `trueup plan --out FILE` wrote may be given: exactly that plan is carried out, or
    refused where the router or its declaration has changed since. Exit code: 0 done or nothing to do, 1 error.
    """
    saved = _saved(selection.names)
    if saved is not None:
        if any(selection[1:]) or with_peers:
            raise PlanError(
                Problem("a saved plan says itself which routers it is for", selection.names[0], "name it alone")
            )
        if not saved:
            show_json(NOTHING) if as_json else click.echo("the saved plan is empty: nothing to do")
            return
        selection = Selection(tuple(plan.router for plan in saved))
    chosen = Chosen(network, ref, selection, peers=with_peers)
    if chosen.network.dirty and not allow_dirty:
        remedy = "commit them, or say --allow-dirty"
        raise DeclarationError(Problem("the network's files are not committed", str(chosen.network.root), remedy))
    ask = not yes and not as_json and sys.stdin.isatty() and saved is None
    allowed = Allowed(allow_lockout, accepted, asked, override)
    run, told, reports = asyncio.run(_apply(chosen, saved, ask=ask, quiet=as_json, allowed=allowed))
    if as_json:
        show_json(reports_document(run, reports))
    elif reports:
        show_lines(Show(private=False).reports(reports))
    elif reports is None:
        click.echo("nothing was written", err=True)
    show_failures(run.failures[told:])
    done = reports is not None and all(report.converged for report in reports)
    sys.exit(0 if done and not run.failures else 1)


async def _apply(
    chosen: Chosen, saved: Sequence[Plan] | None, *, ask: bool, quiet: bool, allowed: Allowed
) -> tuple[FleetRun, int, list[Report] | None]:
    """The run, how many of its failures were shown, its reports; no reports where the operator said no."""
    audit = Audit.open(audit_path(chosen.network), network=chosen.network.root)
    async with chosen.run(audit) as run:
        run.asked = allowed.asked
        with progress(quiet=quiet) as run.watch:
            await run.plan()
        _refuse_stale(saved, run)
        told = 0 if quiet else _show(run)
        _warn_suspended(audit, run.plans)
        _refuse(run.plans, allowed)
        heed_windows(run, audit, allowed.override)
        if ask and any(not plan.empty for plan in run.plans) and not agreed("Apply this?"):
            return run, told, None
        with progress(quiet=quiet) as run.watch:
            if ask:
                await run.recheck()
            stop_at_edges(heed_windows(run, audit, allowed.override), partial(_stop, run, "the end of the window"))
            for number, name in ((signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM")):
                asyncio.get_running_loop().add_signal_handler(number, _stop, run, name)
            return run, told, await run.apply()


def _warn_suspended(audit: Audit, plans: Sequence[Plan]) -> None:
    """Say which routers are suspended: somebody wants nothing written to them, which is the daemon's business alone."""
    for plan in plans:
        held = None if plan.empty else suspension(audit, plan.router, datetime.now(UTC))
        if held is not None:
            click.echo(f"warning: {plan.router}: {held.told}; trueup resume {plan.router}", err=True)


def _refuse(plans: Sequence[Plan], allowed: Allowed) -> None:
    """Refuse before anything is written on any router; raises PlanError with every reason of the first kind."""
    lockout = "declare what keeps it, or say --allow-lockout"
    for reasons in (
        hindered(plans),
        () if allowed.lockout else locked_out(plans, lockout),
        guarded(plans, allowed.accepted, "if that is what you want, say --accept HASH"),
        netless(plans, allowed.asked),
    ):
        if problems := tuple(reasons):
            raise PlanError(problems)


def _stop(run: FleetRun, name: str) -> None:
    """End the run at its next safe point, and say so: a router may take its time to answer."""
    run.stop.ask(f"stopped with {name}")
    click.echo("stopping: waiting for what was sent, then reading back", err=True)


def _show(run: FleetRun) -> int:
    """Show what will be done and which routers cannot be; how many those are."""
    show_lines(Show(private=False).plans(run.plans))
    warn_unjudged(run.plans)
    show_failures(run.failures)
    return len(run.failures)


def _saved(names: Sequence[str]) -> list[Plan] | None:
    """The plans of a saved file, where one is named; raises PlanError where it is none, or has nothing to do."""
    remedy = "make one with `trueup plan --out FILE`"
    if len(names) != 1 or not Path(names[0]).is_file():
        if any("/" in name for name in names):  # a router's name holds none
            raise PlanError(Problem("there is no saved plan of this name", " ".join(names), remedy))
        return None
    try:
        document = json.loads(Path(names[0]).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(Problem(f"this is no saved plan ({error})", names[0], remedy)) from error
    found = document.get("plans") if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise PlanError(Problem("this is no saved plan", names[0], remedy))
    plans = [plan_from_document(each) for each in found]
    if not all(isinstance(plan.router, str) for plan in plans):
        raise PlanError(Problem("this is no saved plan: a router has no name", names[0], remedy))
    return [plan for plan in plans if not plan.empty]


def _refuse_stale(saved: Sequence[Plan] | None, run: FleetRun) -> None:
    if saved is None:
        return
    fresh = {plan.router: plan for plan in run.plans}
    problems = [
        Problem(f"the saved plan is stale: {reason}", plan.router, "plan again")
        for plan in saved
        if plan.router in fresh
        for reason in what_changed(plan, fresh[plan.router])
    ]
    if problems:
        raise PlanError(problems)
