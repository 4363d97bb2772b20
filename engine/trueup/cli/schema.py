"""`trueup schema`: JSON Schemas of a network's files, for editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from trueup.cli.selection import folder_option
from trueup.errors import DeclarationError, Problem
from trueup.load.captures import FOLDER as CAPTURES
from trueup.load.captures import Captures
from trueup.load.network import find_root, read_network
from trueup_schemas.catalogue import Menu, UnknownVersion
from trueup_schemas.catalogue.refined import novel, refined
from trueup_schemas.published import ALL, KINDS, alone, file_name, published, shipped, written

FOLDER = Path(".trueup/schemas")
"""Where editors find the schemas of a network, below its folder; git leaves it alone."""


@click.command("schema")
@click.argument("kind", required=False, metavar="[KIND]", type=click.Choice([*KINDS, ALL]))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write them all into DIR.")
@folder_option
def command(kind: str | None, out: Path | None, folder: Path) -> None:
    """Write JSON Schemas of the network's files, for editors.

    They go into .trueup/schemas of the network, where .vscode/settings.json of `trueup init` looks for them. Menus of
    captured command trees are in them too. With a KIND (network, site, group, router, lab, or trueup for any file)
    that one is printed, whole in itself.
    """
    place = out if kind is not None else out or find_root(folder) / FOLDER
    root = _root(folder)
    captured = _captured(root) if root else ()
    schemas = published(captured) if captured else None
    if place is None:
        whole = schemas[ALL] if schemas else json.loads(shipped()[ALL])
        click.echo(written(alone(str(kind), whole)), nl=False)
        return
    texts = {name: written(schema) for name, schema in schemas.items()} if schemas else shipped()
    write_schemas(place, {name: text for name, text in texts.items() if kind in (None, name) or name == ALL})
    click.echo(f"schemas   {place}")


def write_schemas(folder: Path, texts: Mapping[str, str]) -> None:
    """Write schemas into a folder, by name; raises DeclarationError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / file_name(name)).write_text(text, "utf-8")
    except OSError as error:
        raise DeclarationError(Problem(f"cannot be written: {error.strerror}", str(folder))) from None


def _root(folder: Path) -> Path | None:
    """The network's folder, None where there is none: then the schemas are the shipped ones."""
    try:
        return find_root(folder)
    except DeclarationError:
        return None


def _captured(root: Path) -> tuple[Menu, ...]:
    """What the network's captured trees know besides; what else is wrong with the network is not asked here."""
    if not any((root / CAPTURES).glob("*.json")):
        return ()
    network, _ = read_network(root)
    return tuple(_menus(network.captures)) if network else ()


def _menus(captures: Captures) -> Iterator[Menu]:
    for name, tree in captures.trees.items():
        with suppress(UnknownVersion):
            known = refined(tree.version, tree, name)
            yield from (known.menu(path) for path in novel(tree).menus)
