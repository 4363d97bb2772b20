"""`trueup catalogue capture`: a router's own command tree becomes a file of the network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from trueup.adopt import write_all
from trueup.adopt.keep import Writing
from trueup.cli.selection import folder_option, json_option, select
from trueup.cli.terminal import progress, show_json, show_lines
from trueup.device.session import DEADLINE
from trueup.errors import DeclarationError, Problem
from trueup.fleet.capture import Capture
from trueup.fleet.capture import capture as capture_tree
from trueup.load.captures import FOLDER, CaptureReader
from trueup.load.network import Network, load_network
from trueup.load.router import Router
from trueup.secrets import open_stores
from trueup.show import Line, Mark
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.catalogue.captured import file_text
from trueup_schemas.catalogue.difference import Difference, difference
from trueup_schemas.catalogue.refined import refined

FORMAT_VERSION = 1
SHOWN = 12
"""Names that a line lists before it only counts."""


@click.command()
@click.argument("router")
@folder_option
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 600),
    default=DEADLINE,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for each answer.",
)
@json_option
def capture(router: str, folder: Path, timeout: float, as_json: bool) -> None:
    """Ask ROUTER for its own command tree, and keep it in the network.

    catalogue/ROUTER.json then says which menus and properties there are on this router, instead of what is known of
    its version; routers of the same release without such a file get what is new in it. Nothing is written to the
    router. Takes about a thousand requests, eight at a time.
    """
    network = load_network(folder)
    chosen = select(network, [router])[0]
    found = asyncio.run(_ask(network, chosen, timeout, quiet=as_json))
    path = network.root / FOLDER / f"{chosen.name}.json"
    data = file_text(found.tree).encode("utf-8")
    # What a router says is not believed unread: a file that could not be loaded would stop every command.
    CaptureReader().read(data, f"{FOLDER}/{path.name}")
    changed = _keep(path, data)
    for problem in found.left:
        click.echo(f"{problem.severity}: {problem}", err=True)
    known = refined(found.shipped.version, found.tree, chosen.name)
    if as_json:
        show_json(_document(chosen.name, path, changed, found, known))
    else:
        show_lines(_lines(chosen.name, path, changed, found, known))


async def _ask(network: Network, router: Router, timeout: float, *, quiet: bool) -> Capture:
    stores = open_stores(network.settings, network.root)
    with progress(quiet=quiet) as watch:
        return await capture_tree(
            router,
            network,
            stores.resolve,
            lambda done, count: watch(router.name, "asking about menu", done, count),
            timeout,
        )


def _keep(path: Path, data: bytes) -> bool:
    """Write the file whole or not at all; False where it holds the same already."""
    try:
        path.parent.mkdir(exist_ok=True)
        before = path.read_bytes() if path.exists() else None
    except OSError as error:
        raise DeclarationError(Problem(f"nothing was written: {error.strerror}", str(path))) from None
    if data == before:
        return False
    write_all([Writing(path, data, before)])
    return True


def _lines(router: str, path: Path, changed: bool, found: Capture, known: Catalogue) -> Iterator[Line]:
    tree = found.tree
    properties = sum(len(menu.properties) for menu in tree.menus.values())
    yield Line(
        0,
        "",
        f"{router}: RouterOS {tree.version} on {tree.board or 'an unnamed board'}: {len(tree.menus)} menus, "
        f"{properties} properties, {found.requests} requests",
    )
    yield from _changes(difference(found.shipped, known))
    yield Line(2, "", f"wrote {path}" if changed else f"{path} says the same already")


def _changes(found: Difference) -> Iterator[Line]:
    """What the router has more than the shipped catalogue, and less."""
    came = [f"{path} {name}" for path, change in found.properties.items() for name in change.came]
    went = [f"{path} {name}" for path, change in found.properties.items() for name in change.went]
    told: tuple[tuple[Mark, str, Sequence[str]], ...] = (
        ("+", "new menus", found.menus.came),
        ("+", "new properties", came),
        ("-", "menus that this router lacks", found.menus.went),
        ("-", "properties that this router lacks", went),
    )
    for mark, what, names in told:
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            yield Line(2, mark, f"{len(names)} {what}: {', '.join(names[:SHOWN])}{more}")


def _document(router: str, path: Path, changed: bool, found: Capture, known: Catalogue) -> dict[str, object]:
    told = difference(found.shipped, known)
    return {
        "format-version": FORMAT_VERSION,
        "router": router,
        "version": found.tree.version,
        "file": str(path),
        "changed": changed,
        "requests": found.requests,
        "menus": {"came": list(told.menus.came), "went": list(told.menus.went)},
        "properties": {
            menu: {"came": list(change.came), "went": list(change.went)} for menu, change in told.properties.items()
        },
        "not-told": [str(problem) for problem in found.left],
    }
