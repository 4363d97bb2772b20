"""`trueup validate`: every file of the network is checked, without a router."""

from __future__ import annotations

import json
from pathlib import Path

import click

from trueup.cli.selection import json_option, network_options
from trueup.compile import compile_network
from trueup.errors import DeclarationError, Problem, Source
from trueup.load.network import Network, read_network
from trueup.load.node import find_secrets
from trueup.load.validate import ordered
from trueup.plan.plan import FORMAT_VERSION
from trueup.secrets import DIGEST_KEY, open_stores


@click.command("validate")
@network_options
@click.option("--secrets", is_flag=True, help="Check too that the stores here have every secret that is named.")
@json_option
def command(network: Path, ref: str | None, secrets: bool, as_json: bool) -> int:
    """Check every file of the network, without a router.

    All problems are listed, each with its place and what would be right. Exit code 0 without problems, 1 with some.
    """
    read, found = read_network(network, ref)
    if read is not None:
        found = ordered((*found, *_compile(read), *(_secrets(read) if secrets else ())))
    errors = [problem for problem in found if problem.severity == "error"]
    count = len(read.routers) if read else 0
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


def _compile(network: Network) -> tuple[Problem, ...]:
    try:
        compiled = compile_network(network)
    except DeclarationError as error:
        return error.problems
    return tuple(warning for one in compiled for warning in one.warnings)


def _secrets(network: Network) -> tuple[Problem, ...]:
    stores = open_stores(network.settings, network.root)
    layers = [layer.node for router in network.routers for layer in router.layers]
    named = dict.fromkeys(found for node in layers for found in find_secrets(node))
    return stores.missing([(DIGEST_KEY, None), *named])


def _data(problem: Problem) -> dict[str, object]:
    where: dict[str, object] = {}
    if isinstance(problem.where, Source):
        where = {"file": problem.where.file, "line": problem.where.line, "column": problem.where.column}
    return {"severity": problem.severity, "message": problem.message, "remedy": problem.remedy, **where}
