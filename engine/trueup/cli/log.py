"""`trueup log`: what was done to the routers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from trueup.audit import Audit, RouterRecord, RunRecord, audit_folder
from trueup.audit.run import FORMAT_VERSION, record_to_document
from trueup.cli.selection import folder_option, json_option
from trueup.cli.terminal import echo, show_json
from trueup.errors import AuditError, Problem
from trueup.fleet.snapshot import SNAPSHOT
from trueup.fleet.snapshot_row import without_id
from trueup.load.network import find_root, read_settings

MARKS = {"add": "+", "change": "~", "move": ">", "remove": "-"}
COLOURS = {"done": "green", "confirmed": "green", "failed": "red", "unknown": "magenta"}
COLOURS |= {"undone": "yellow", "kept": "yellow", "waiting": "yellow"}
NAMED = 3


@click.command("log")
@click.argument("router", required=False)
@folder_option
@click.option("-n", "--number", type=click.IntRange(1), default=20, show_default=True, help="Show this many runs.")
@click.option("--run", "wanted", metavar="ID", help="Show this run's summary; the beginning of its id is enough.")
@click.option("--snapshot", is_flag=True, help="Show ROUTER's configuration as the daemon last read it.")
@json_option
def command(router: str | None, folder: Path, number: int, wanted: str | None, snapshot: bool, as_json: bool) -> None:
    """Show what was done to the routers, newest first, from the audit repository.

    With ROUTER, only runs that touched it. Each line: when (UTC), the run, who, the network's commit, rows that the run
    set out to add (+), change (~), move (>) and remove (-), the outcome, the routers.
    """
    audit = _audit(folder)
    if snapshot:
        _show_snapshot(audit, router, as_json=as_json)
        return
    if wanted is not None:
        record = _find(audit, wanted)
        answer = record_to_document(record) | {"summary": audit.summary(record)}
        click.echo(json.dumps(answer, indent=2) if as_json else audit.summary(record).rstrip())
        return
    records = list(islice(_touching(audit, router), number))
    if as_json:
        runs = [record_to_document(record) for record in records]
        click.echo(json.dumps({"format-version": FORMAT_VERSION, "runs": runs}, indent=2))
    elif not records:
        click.echo(f"no run has touched {router} yet" if router else "no run is recorded yet")
    for record in () if as_json else records:
        echo(_line(record, router))


def _show_snapshot(audit: Audit, router: str | None, *, as_json: bool) -> None:
    """Show a router's configuration row by row, each as the snapshot has it."""
    if router is None:
        raise click.UsageError("--snapshot needs a ROUTER")
    document = audit.read_kept(router, SNAPSHOT)
    if document is None:
        raise AuditError(Problem("there is no snapshot yet", router, "the daemon takes one when it reads the router"))
    if as_json:
        show_json(document)
        return
    echo(f"{router}   RouterOS {document.get('version')}   {document.get('serial')}   taken {document.get('taken')}")
    for menu, lines in document.get("menus", {}).items():
        echo(f"  {menu}")
        for line in lines:
            echo(f"      {without_id(line)}")
    for menu, told in document.get("too-long", {}).items():
        echo(f"  {menu}   {told.get('rows')} rows")


def _audit(folder: Path) -> Audit:
    root = find_root(folder)
    path = audit_folder(root, read_settings(root))
    audit = Audit.find(path)
    if audit is None:
        remedy = "make one with `trueup init`, or name it as `audit` in trueup.yaml"
        raise AuditError(Problem("there is no audit repository", str(path), remedy))
    return audit


def _touching(audit: Audit, router: str | None) -> Iterator[RunRecord]:
    return (record for record in audit.runs() if router is None or router in record.routers)


def _find(audit: Audit, wanted: str) -> RunRecord:
    found = [record for record in audit.runs() if record.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    what = "no run has" if not found else f"{len(found)} runs have"
    raise AuditError(Problem(f"{what} an id that begins with '{wanted}'", str(audit.path), "see `trueup log`"))


def _line(record: RunRecord, router: str | None) -> str:
    """One run on one line; with a router, its own counts and outcome."""
    part = record.routers[router] if router else _whole(record)
    counts = " ".join(f"{mark}{getattr(part, kind)}" for kind, mark in MARKS.items() if getattr(part, kind))
    names = sorted(record.routers)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    outcome = click.style(f"{part.outcome:<9}", fg=COLOURS.get(part.outcome))
    commit = record.commit[:7] or "(none)"
    head = f"{record.started:%Y-%m-%d %H:%M:%S}  {record.id}  {record.who:<12}  {commit:<7}  {counts:<14}"
    return f"{head}  {outcome}  {', '.join(names[:NAMED])}{more}"


def _whole(record: RunRecord) -> RouterRecord:
    add, change, move, remove = (record.total(kind) for kind in MARKS)
    return RouterRecord(add, change, move, remove, record.outcome)
