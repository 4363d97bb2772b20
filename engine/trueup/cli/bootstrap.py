"""`trueup bootstrap`: the script that makes a new router manageable."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from trueup.adopt import write_all
from trueup.arrive.bootstrap import Bootstrap, connect_of, make_bootstrap, refuse_inside, rows_of
from trueup.arrive.wish import read_wish
from trueup.cli.selection import folder_option, json_option, select
from trueup.cli.terminal import show_json, show_lines
from trueup.errors import DeclarationError, Problem
from trueup.load.network import load_network
from trueup.plan.plan import FORMAT_VERSION
from trueup.secrets import open_stores
from trueup.show import Line


@click.command("bootstrap")
@click.argument("router")
@click.option(
    "--from", "sources", multiple=True, metavar="ADDRESS", help="Manage from this address, network or list only."
)
@click.option("--address", metavar="ADDRESS/N", help="Give the router this address; goes with --interface.")
@click.option("--interface", metavar="PORT", help="The port, or bridge, that gets the address.")
@click.option("--gateway", metavar="ADDRESS", help="The router's way out, where the manager is not next to it.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the script into this new file.")
@click.option("--stdout", is_flag=True, help="Write it to standard output, which must not be a terminal.")
@click.option("--again", is_flag=True, help="Make a new certificate, though one is pinned.")
@folder_option
@json_option
def command(
    router: str,
    sources: tuple[str, ...],
    address: str | None,
    interface: str | None,
    gateway: str | None,
    out: Path | None,
    stdout: bool,
    again: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Write the script that makes a new router manageable, and pin its certificate.

    Run the script on the router's console with /import, or have Netinstall run it. It holds secrets: the password
    of trueup's user, and the certificate's key. The certificate's fingerprint goes into the router's file.
    """
    _refuse_streams(out, stdout=stdout, as_json=as_json)
    network = load_network(folder)
    chosen = select(network, [router])[0]
    connect = connect_of(chosen)
    desired = rows_of(network, chosen)
    wish = read_wish(connect, desired, sources, address, interface, gateway)
    if out is not None:
        refuse_inside(out, network)
    stores = open_stores(network.settings, network.root)
    made = make_bootstrap(network, chosen, desired, stores, wish, again=again)
    files = [made.at(_real(out)), made.file] if out is not None else [made.file]
    write_all(files)
    if stdout:
        sys.stdout.write(made.script.reveal())
    elif as_json:
        show_json(_document(made, str(out)))
    else:
        show_lines(_lines(made, str(out), chosen.file))


def _refuse_streams(out: Path | None, *, stdout: bool, as_json: bool) -> None:
    """The script is for a file, or for a program; a terminal, and its scrollback, never gets it."""
    if (out is None) == (not stdout):
        raise DeclarationError(Problem("say where the script goes", remedy="give --out FILE, or --stdout"))
    if stdout and as_json:
        raise DeclarationError(Problem("--json goes with --out, since standard output holds the script"))
    if stdout and sys.stdout.isatty():
        message = "standard output is a terminal, and the script holds secrets"
        raise DeclarationError(Problem(message, remedy="give --out FILE, or send it to a program"))


def _real(out: Path) -> Path:
    return Path(os.path.abspath(out))  # noqa: PTH100 -- links stay links, so that one already there is refused


def _lines(made: Bootstrap, out: str, file: str) -> Iterator[Line]:
    yield Line(0, "", f"{made.router}: wrote {out}, which holds secrets: delete it when the router has run it")
    yield Line(2, "", f"certificate sha256:{made.fingerprint}")
    yield Line(2, "", f"pinned in {file}; commit it")
    for policy, reason in made.policies.items():
        yield Line(2, "", f"policy {policy:<10} {reason}")
    yield Line(2, "", f"off: {', '.join(made.services)}; ssh and winbox stay as they are")
    yield Line(2, "", "then: `/import` it on the router's console, and `trueup plan` here")


def _document(made: Bootstrap, out: str) -> dict[str, Any]:
    """What `--json` prints; it holds no secret."""
    return {
        "format-version": FORMAT_VERSION,
        "router": made.router,
        "script": out,
        "file": str(made.file.path),
        "fingerprint": f"sha256:{made.fingerprint}",
        "policies": dict(made.policies),
        "services-off": list(made.services),
    }
