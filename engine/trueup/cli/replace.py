"""`trueup replace`: another box takes a router's place."""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import suppress
from pathlib import Path

import click

from trueup.adopt import write_all
from trueup.arrive.bootstrap import connect_of
from trueup.arrive.newcomer import Newcomer, Told
from trueup.arrive.ports import read_map
from trueup.arrive.replacement import Replacement, replace_box
from trueup.audit import Audit, audit_path
from trueup.cli.replaced import document_of, lines
from trueup.cli.selection import folder_option, json_option, select
from trueup.cli.terminal import agreed, progress, show_json, show_lines
from trueup.diff.owned import owned_from_document, owned_to_document
from trueup.errors import DeclarationError, Problem, TrueupError
from trueup.fleet.newcomer import meet
from trueup.load.network import Network, load_network
from trueup.load.router import Router
from trueup.secrets import open_stores

_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?")
"""What `hosts` takes."""


@click.command("replace")
@click.argument("router")
@click.option("--serial", default="", metavar="TEXT", help="The new box's serial number, where it cannot be asked.")
@click.option("--model", default="", metavar="TEXT", help="Its model, likewise.")
@click.option("--ports", multiple=True, metavar="OLD=NEW,...", help="Which port takes over from which.")
@click.option("--host", default="", metavar="ADDRESS", help="Reach the new box here; goes before `hosts`.")
@click.option("--dry-run", is_flag=True, help="Show it only; exit code 2 where something would change.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@folder_option
@json_option
def command(
    router: str,
    serial: str,
    model: str,
    ports: tuple[str, ...],
    host: str,
    dry_run: bool,
    yes: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Let a new box take ROUTER's place, after a repair or an upgrade of the hardware.

    Its serial number, model and ports go into the router's file, comments kept; what was ours stays ours in the
    audit repository. Nothing is written to a router: `trueup plan` then shows what the new box lacks.
    Exit code: 0 done or nothing to do, 1 error, 2 changes (--dry-run).
    """
    told = _told(serial, model, host)
    mapped = read_map(ports)
    network = load_network(folder)
    chosen = select(network, [router])[0]
    connect_of(chosen)
    audit = Audit.find(audit_path(network)) if dry_run else _audit(network)
    document = audit.read_owned(chosen.name) if audit is not None else None
    newcomer = asyncio.run(_meet(network, chosen, host, quiet=as_json))
    owned = owned_from_document(document) if document is not None else None
    found = replace_box(network, chosen, newcomer, told, mapped, owned)
    if not as_json:
        show_lines(lines(found, chosen, newcomer, audited=audit is not None))
    for problem in found.told:
        click.echo(f"{problem.severity}: {problem}", err=True)
    writes = not dry_run and not found.empty
    if writes:
        _confirm(yes=yes or as_json)
        _write(found, audit)
    if as_json:
        show_json(document_of(found, written=writes))
    elif writes:
        click.echo(f"written; commit it, then look at `trueup plan {chosen.name}`")
    sys.exit(2 if dry_run and not found.empty else 0)


def _told(serial: str, model: str, host: str) -> Told:
    """The options, refused where they could not be what they are for."""
    problems = [
        Problem(f"{option} is no text of one line, 64 characters at most", remedy="write it as the box says it")
        for option, text in (("--serial", serial), ("--model", model))
        if text and (len(text) > 64 or not text.isprintable() or text != text.strip())
    ]
    if host and not _HOST.fullmatch(host):
        problems.append(Problem(f"--host '{host[:40]}' is no address or host name", remedy="write it as in `hosts`"))
    if problems:
        raise DeclarationError(problems)
    return Told(serial, model, host)


def _audit(network: Network) -> Audit | None:
    """The audit repository, fit to be written to; None where the network has none."""
    path = audit_path(network)
    return Audit.open(path, network=network.root) if path.exists() else None


async def _meet(network: Network, router: Router, host: str, *, quiet: bool) -> Newcomer:
    stores = open_stores(network.settings, network.root)
    with progress(quiet=quiet) as watch:
        watch(router.name, "asking the new box", 0, 0)
        return await meet(network, router, stores.resolve, host)


def _confirm(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        message = "nothing was written: nobody is there to ask"
        raise DeclarationError(Problem(message, remedy="give --yes, or --dry-run"))
    if not agreed("Write this?"):
        raise DeclarationError(Problem("nothing was written"))


def _write(found: Replacement, audit: Audit | None) -> None:
    """The router's file and its ownership: both, or neither."""
    if found.file is not None:
        write_all([found.file])
    if found.owned is None or audit is None:
        return
    try:
        message = f"Carry ownership of {found.router} over to {found.serial}"
        audit.amend(found.router, owned_to_document(found.owned), message)
    except TrueupError:
        if found.file is not None and found.file.before is not None:
            with suppress(OSError):
                found.file.path.write_bytes(found.file.before)
        raise
