"""`trueup validate`: every file of the network is checked, without a router."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from trueup.cli.selection import json_option, network_options
from trueup.compile import Compiled, compile_network
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
@json_option
def command(network: Path, ref: str | None, secrets: bool, as_json: bool) -> int:
    """Check every file of the network, without a router.

    All problems are listed, each with its place and what would be right. Exit code 0 without problems, 1 with some.
    """
    count, found = _check(network, ref, secrets)
    errors = [problem for problem in found if problem.severity == "error"]
    if as_json:
        answer = {"format-version": FORMAT_VERSION, "routers": count, "problems": [_data(one) for one in found]}
        click.echo(json.dumps(answer, indent=2))
        return 1 if errors else 0
    if errors:
        raise DeclarationError(found)
    for warning in found:
        click.echo(f"warning: {warning}", err=True)
    warnings = f", {_counted(len(found), 'warning')}" if found else ""
    click.echo(f"{_counted(count, 'router')}, no problems{warnings}")
    return 0


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _check(folder: Path, ref: str | None, secrets: bool) -> tuple[int, tuple[Problem, ...]]:
    """How many routers there are, and all that is wrong with them."""
    try:
        network, problems = read_network(folder, ref)
    except TrueupError as error:
        return 0, error.problems
    if network is None:
        return 0, problems
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
    return len(network.routers), ordered(found)


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


def _data(problem: Problem) -> dict[str, object]:
    where: dict[str, object] = {}
    if isinstance(problem.where, Source):
        where = {"file": problem.where.file, "line": problem.where.line, "column": problem.where.column}
    return {"severity": problem.severity, "message": problem.message, "remedy": problem.remedy, **where}
