"""`trueup adopt`: a router that exists already, or its export, becomes its file in the network."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from trueup.adopt import Adopted, Place, adopt_export, adopt_live, refuse_declared, write_all, writings
from trueup.cli.arrival import read_export, site_of
from trueup.cli.selection import folder_option, json_option, select
from trueup.cli.terminal import progress, show_json, show_lines
from trueup.cli.update import run_update
from trueup.errors import DeclarationError, Problem
from trueup.fleet.read import Whole, read_whole
from trueup.load.network import Network, find_root, load_network
from trueup.load.router import Router
from trueup.plan.document import plan_to_document
from trueup.plan.plan import FORMAT_VERSION
from trueup.secrets import Stores, open_stores
from trueup.show import Line, Show

STDOUT = "stdout"


@click.command("adopt")
@click.argument("router", required=False)
@click.option("--export", "export", type=click.Path(path_type=Path), metavar="FILE", help="Read this /export instead.")
@click.option("--as", "name", metavar="NAME", help="The router's name (default: the identity in the export).")
@click.option("--site", metavar="SITE", help="The site that gets the router's file (default: the only one).")
@click.option("--out", metavar="DIR", help="Write into this folder, not the network; `stdout` prints the YAML.")
@click.option("--update", is_flag=True, help="Merge what was changed by hand on ROUTER into the rows it declares.")
@click.option("--unmanaged", is_flag=True, help="With --update: undeclared rows of the menus in its file, too.")
@click.option("--partial", is_flag=True, help="With --update: write what can be merged, though something is left.")
@folder_option
@json_option
def command(
    router: str | None,
    export: Path | None,
    name: str | None,
    site: str | None,
    out: str | None,
    update: bool,
    unmanaged: bool,
    partial: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Write the YAML of a router that exists already, or of its export.

    ROUTER is declared, with `connect` and without rows; it is read, and its file gets them. With --export FILE a new
    file is written. Secrets go to the network's secrets file. Nothing is written unless the new declaration's plan
    for the same state is empty. With --update, the rows of ROUTER's file become what it says. Exit code: 0 adopted,
    1 error, or differences that were left.
    """
    if (router is None) == (export is None):
        raise DeclarationError(Problem("name one ROUTER, or an --export FILE"))
    if update and (router is None or name or site or out):
        raise DeclarationError(Problem("--update goes with a ROUTER alone, not with --export, --as, --site or --out"))
    if (unmanaged or partial) and not update:
        raise DeclarationError(Problem("--unmanaged and --partial go with --update"))
    if update and router is not None:
        run_update(router, folder, unmanaged=unmanaged, partial=partial, as_json=as_json)
    if export is not None:
        place = _place(folder, site, outside=out is not None)
        adopted = adopt_export(read_export(export), str(export), name, place)
    else:
        adopted, place = _adopt_router(router or "", folder, quiet=as_json)
    done = adopted.plan.empty
    files = writings(adopted, place, Path(out) if out and out != STDOUT else None) if done and out != STDOUT else []
    write_all(files)
    if as_json:
        show_json(_document(adopted, [str(each.path) for each in files]))
    elif out == STDOUT and done:
        click.echo(adopted.text, nl=False)
    elif done:
        show_lines(_lines(adopted, [str(each.path) for each in files]))
    _tell(adopted, kept=out != STDOUT)
    sys.exit(0 if done else 1)


def _place(folder: Path, site: str | None, *, outside: bool) -> Place:
    """The network and the site that a new file goes to; outside of any network where none is needed."""
    try:
        find_root(folder)
    except DeclarationError:
        if outside:
            return Place()
        raise
    network = load_network(folder)
    stores = open_stores(network.settings, network.root)
    return Place(network, stores, site_of(network, site))


def _adopt_router(name: str, folder: Path, *, quiet: bool) -> tuple[Adopted, Place]:
    network = load_network(folder)
    router = select(network, [name])[0]
    refuse_declared(router)
    stores = open_stores(network.settings, network.root)
    place = Place(network, stores, router.site)
    whole = asyncio.run(_whole(network, router, stores, quiet=quiet))
    return adopt_live(whole.live, router, place, whole.catalogue, whole.left), place


async def _whole(network: Network, router: Router, stores: Stores, *, quiet: bool) -> Whole:
    with progress(quiet=quiet) as watch:
        return await read_whole(
            router, network, stores.resolve, lambda done, count: watch(router.name, "reading", done, count)
        )


def _lines(adopted: Adopted, files: list[str]) -> Iterator[Line]:
    count, menus = sum(adopted.rows.values()), len(adopted.rows)
    said = ", ".join([*adopted.recognised, f"{count} rows of {menus} menus", f"{len(adopted.secrets)} new secrets"])
    yield Line(0, "", f"{adopted.router}: {said}")
    yield from (Line(2, "", f"wrote {file}") for file in files)
    yield Line(2, "", "the plan of this declaration for the same state is empty")


def _tell(adopted: Adopted, *, kept: bool) -> None:
    """On standard error: what was left out, secrets without a value, and the differences that were left."""
    for problem in adopted.left:
        _warn(f"{problem.severity}: {problem}")
    for name in adopted.hidden:
        _warn(f"warning: the value of secret '{name}' was hidden; put it into the secrets file")
    for name in () if kept else adopted.secrets:
        _warn(f"warning: secret '{name}' is not stored, since nothing is written")
    if not adopted.plan.empty:
        _warn("error: nothing was written, because the new declaration would change this:")
        for line in Show(private=False).body(adopted.plan):
            _warn(f"{' ' * line.indent}{line.mark:<2}{line.text}".rstrip())


def _warn(text: str) -> None:
    click.echo(text.encode("utf-8", "backslashreplace").decode(), err=True)


def _document(adopted: Adopted, files: list[str]) -> dict[str, Any]:
    """What `adopt --json` prints; it names secrets and holds none."""
    return {
        "format-version": FORMAT_VERSION,
        "router": adopted.router,
        "files": files,
        "intents": dict(adopted.intents),
        "rows": dict(adopted.rows),
        "secrets": list(adopted.secrets),
        "hidden": list(adopted.hidden),
        "left": [str(problem) for problem in adopted.left],
        "plan": plan_to_document(adopted.plan),
        "text": adopted.text,
    }
