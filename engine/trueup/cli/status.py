"""`trueup status`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from trueup.audit import Audit, audit_folder
from trueup.cli.fleet_lines import (
    detail_lines,
    head_lines,
    needs_attention,
    rollout_lines,
    router_lines,
    summary_lines,
    worst_first,
)
from trueup.cli.selection import Selection, folder_option, json_option, select_leniently, selection_options
from trueup.cli.terminal import WIDTH, echo, show_json, show_lines
from trueup.daemon.status import FleetStatus, RouterStatus, State
from trueup.daemon.status_document import status_to_document
from trueup.daemon.status_file import read_status, stale, with_audit
from trueup.errors import DeclarationError
from trueup.load.network import find_root, read_network, read_settings
from trueup.load.router import Router
from trueup_schemas.network import NetworkHead


@click.command("status")
@folder_option
@selection_options
@click.option("--state", "states", multiple=True, type=click.Choice([state.value for state in State]), metavar="STATE")
@click.option("--all", "every", is_flag=True, help="Routers that are as declared too.")
@json_option
def command(folder: Path, selection: Selection, states: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Show what the daemon knows of the fleet, and what the audit does: the worst first.

    With one ROUTER all that is known of it. --state may be repeated: fighting, failed, unreachable, drifted, pending,
    waiting, suspended, converged, unknown. Exit code: 0 all are as declared, 2 something needs attention, 1 error.
    """
    root = find_root(folder)
    status = fleet_status(root, read_settings(root))
    now, old = datetime.now(UTC), status.updated is None or stale(status, datetime.now(UTC))
    chosen = _chosen(status, folder, selection, states)
    found = replace(status, routers={router.name: router for router in chosen})
    if as_json:
        show_json({**status_to_document(found), "stale": old})
    elif len(selection.names) == 1 and len(chosen) == 1:
        _show_one(found, chosen[0], now)
    else:
        _show(found, now, every=every or any(selection) or bool(states))
    whole = not any(selection) and not states
    bad = any(map(needs_attention, chosen)) or (whole and (old or bool(status.troubles)))
    sys.exit(2 if bad else 0)


def fleet_status(root: Path, settings: NetworkHead) -> FleetStatus:
    """The fleet as the daemon and the audit have it; raises TrueupError.

    The network's files are read only where no daemon has told of its routers, since that may take its time.
    """
    status, declared = read_status(root), list[RouterStatus]()
    if status is None:
        network, problems = read_network(root)
        if network is None:
            raise DeclarationError(problems)
        declared = [_declared(router) for router in network.routers]
    return with_audit(status, settings.network, declared, Audit.find(audit_folder(root, settings)))


def width() -> int:
    """Columns of the terminal; 80 where there is none."""
    return max(shutil.get_terminal_size((WIDTH, 24)).columns, 40)


def _declared(router: Router) -> RouterStatus:
    mode = router.reconcile.mode or "observe"
    return RouterStatus(router.name, router.site, router.labels, mode=mode)


def _chosen(status: FleetStatus, folder: Path, selection: Selection, states: Collection[str]) -> Sequence[RouterStatus]:
    """The routers that are meant, the worst first."""
    names = _named(status, folder, selection) if any(selection) else set(status.routers)
    routers = [router for name, router in status.routers.items() if name in names]
    return worst_first([router for router in routers if not states or router.state.value in states])


def _named(status: FleetStatus, folder: Path, selection: Selection) -> set[str]:
    """The names of the chosen routers; the files are read for groups, and for what the daemon does not know."""
    routers = status.routers.values()
    labels = {label for router in routers for label in router.labels}
    known = (status.routers.keys(), {router.site for router in routers}, set[str](), labels)
    if not all(set(asked) <= set(there) for asked, there in zip(selection, known, strict=True)):
        return {router.name for router in select_leniently(folder, selection)[1]}
    return {
        router.name
        for router in routers
        if (not selection.names or router.name in selection.names)
        and (not selection.sites or router.site in selection.sites)
        and (not selection.labels or set(selection.labels) & set(router.labels))
    }


def _show(status: FleetStatus, now: datetime, *, every: bool) -> None:
    columns = width()
    for line in head_lines(status, now, columns):
        echo(line)
    routers = list(status.routers.values())
    shown = routers if every else [router for router in routers if needs_attention(router)]
    if shown:
        echo("")
    for line in router_lines(shown, now, columns):
        echo(line)
    echo("")
    if status.rollout is not None:
        for line in rollout_lines(status.rollout, columns):
            echo(line)
    for line in summary_lines(status, columns):
        echo(line)


def _show_one(status: FleetStatus, router: RouterStatus, now: datetime) -> None:
    columns = width()
    for line in head_lines(status, now, columns):
        echo(line)
    echo("")
    for line in detail_lines(router, now, columns):
        echo(line)
    if router.plan:
        echo("")
        show_lines(router.plan)
