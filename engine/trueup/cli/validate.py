"""`trueup validate`: every file of the network is checked, without a router."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from trueup.cli.against import counted, known_version, problem_document, show_ways, way_document
from trueup.cli.selection import json_option, network_options
from trueup.compile import Compiled, compile_network
from trueup.compile.upgrade import upgrades
from trueup.errors import DeclarationError, Problem, Source, TrueupError
from trueup.load.network import Network, read_network
from trueup.load.node import find_secrets
from trueup.load.validate import ordered
from trueup.plan.plan import FORMAT_VERSION
from trueup.secrets import DIGEST_KEY, open_stores
from trueup_schemas.secret import PublicKeyOf, SecretRef

Named = tuple[SecretRef, Source | None]


@click.command("validate")
@network_options
@click.option("--secrets", is_flag=True, help="Check too that the stores here have every secret that is named.")
@click.option("--against", metavar="VERSION", help="Tell what that version of RouterOS would break.")
@json_option
def command(network: Path, ref: str | None, secrets: bool, against: str | None, as_json: bool) -> int:
    """Check every file of the network, without a router.

    All problems are listed, each with its place and what would be right. Exit code 0 without problems, 1 with some.
    """
    version = known_version(against) if against is not None else None
    read, found = _check(network, ref, secrets)
    errors = [problem for problem in found if problem.severity == "error"]
    count = len(read.routers) if read else 0
    ways = list(upgrades(read, version)) if read and version is not None and not errors else []
    if as_json:
        told = {"against": version, "upgrades": [way_document(way) for way in ways]} if version is not None else {}
        problems = [problem_document(one) for one in found]
        answer = {"format-version": FORMAT_VERSION, "routers": count, "problems": problems, **told}
        click.echo(json.dumps(answer, indent=2))
        return 1 if errors or any(way.breaks for way in ways) else 0
    if errors:
        raise DeclarationError(found)
    for warning in found:
        click.echo(f"warning: {warning}", err=True)
    if version is not None:
        return show_ways(ways, version)
    warnings = f", {counted(len(found), 'warning')}" if found else ""
    click.echo(f"{counted(count, 'router')}, no problems{warnings}")
    return 0


def _check(folder: Path, ref: str | None, secrets: bool) -> tuple[Network | None, tuple[Problem, ...]]:
    """The network as far as it can be read, and all that is wrong with it."""
    try:
        network, problems = read_network(folder, ref)
    except TrueupError as error:
        return None, error.problems
    if network is None:
        return None, problems
    # What was read stays to the end; without this the collector looks at all of it again and again.
    gc.freeze()
    found = [*problems]
    compiled: tuple[Compiled, ...] = ()
    try:
        compiled = compile_network(network)
    except DeclarationError as error:
        found += error.problems
    found += (warning for one in compiled for warning in one.warnings)
    if secrets:
        found += _missing(network, (*_written(network), *_drawn(compiled)))
    return network, ordered(found)


def _written(network: Network) -> Iterator[Named]:
    """The secrets that the layers name."""
    for router in network.routers:
        for layer in router.layers:
            yield from find_secrets(layer.node)


def _drawn(compiled: Iterable[Compiled]) -> Iterator[Named]:
    """The secrets in the routers' rows: those that only a template names, too."""
    for table in (table for one in compiled for table in one.desired.tables.values()):
        for row in table:
            for name, value in row.values.items():
                if isinstance(value, SecretRef | PublicKeyOf):
                    yield value.private if isinstance(value, PublicKeyOf) else value, row.where(name)


def _missing(network: Network, named: tuple[Named, ...]) -> tuple[Problem, ...]:
    """A problem for each secret that no store has, at the first place that names it."""
    try:
        stores = open_stores(network.settings, network.root)
    except TrueupError as error:
        return error.problems
    return stores.missing([(DIGEST_KEY, None), *dict(reversed(named)).items()])
