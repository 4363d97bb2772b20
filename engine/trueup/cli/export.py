"""`trueup export`: a router's state as a script that RouterOS imports."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from trueup.adopt.export import Exported, export_desired, export_live
from trueup.cli.selection import network_options, select
from trueup.cli.terminal import progress
from trueup.compile import compile_router
from trueup.errors import DeclarationError, Problem
from trueup.fleet.read import Whole, read_whole
from trueup.load.network import Network, load_network
from trueup.load.router import Router
from trueup.secrets import Stores, open_stores


@click.command("export")
@network_options
@click.argument("router")
@click.option("--desired", is_flag=True, help="Export what is declared, without the router.")
@click.option("--show-sensitive", "sensitive", is_flag=True, help="Write secrets too; needs --out.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write into this file.")
def command(network: Path, ref: str | None, router: str, desired: bool, sensitive: bool, out: Path | None) -> None:
    """Write what ROUTER holds as an .rsc script, as its own /export would.

    Defaults and rows of the router's own are left out; secrets too, unless --show-sensitive writes them into a file
    that only you can read. What cannot be exported is told on standard error.
    """
    if sensitive and out is None:
        message = "secrets are never shown on a terminal"
        raise DeclarationError(Problem(message, "--show-sensitive", "name a file with --out FILE"))
    loaded = load_network(network, ref)
    chosen = select(loaded, [router])[0]
    stores = open_stores(loaded.settings, loaded.root)
    exported = _desired(loaded, chosen, stores, sensitive) if desired else _live(loaded, chosen, stores, sensitive)
    if out is None:
        click.echo(exported.text, nl=False)
    else:
        _write(out, exported.text.encode("ascii"), sensitive)
    _tell(exported, out)


def _desired(network: Network, router: Router, stores: Stores, sensitive: bool) -> Exported:
    compiled = compile_router(network, router)
    about = {"model": router.model, "serial number": router.serial}
    return export_desired(
        compiled,
        network.catalogue(router, compiled.version),
        {name: text for name, text in about.items() if text},
        stores.public_key,
        stores.resolve if sensitive else None,
    )


def _live(network: Network, router: Router, stores: Stores, sensitive: bool) -> Exported:
    whole = asyncio.run(_whole(network, router, stores))
    exported = export_live(whole.live, whole.catalogue, router.name, sensitive=sensitive)
    return Exported(exported.text, exported.rows, (*whole.left, *exported.left), exported.hidden)


async def _whole(network: Network, router: Router, stores: Stores) -> Whole:
    with progress(quiet=False) as watch:
        return await read_whole(
            router, network, stores.resolve, lambda done, count: watch(router.name, "reading", done, count)
        )


def _write(path: Path, data: bytes, private: bool) -> None:
    """Write the file whole or not at all; one with secrets is its owner's alone from the first byte."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644), "wb") as file:
            file.write(data)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DeclarationError(Problem(f"cannot be written: {error.strerror}", str(path))) from None


def _tell(exported: Exported, out: Path | None) -> None:
    """On standard error: what is not in the script."""
    for problem in exported.left:
        click.echo(f"{problem.severity}: {problem}".encode("utf-8", "backslashreplace").decode(), err=True)
    if exported.hidden:
        count = len(exported.hidden)
        what = "1 secret is" if count == 1 else f"{count} secrets are"
        click.echo(f"{what} left out; `--show-sensitive --out FILE` writes what is known of them", err=True)
    if out is not None:
        click.echo(f"wrote {out}: {exported.rows} commands", err=True)
