"""What confirm, rollback and recover share: routers chosen, each settled over its own connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import click

from trueup.audit import Audit, audit_path
from trueup.cli.selection import Selection, select
from trueup.cli.terminal import show_failures
from trueup.errors import TrueupError
from trueup.fleet.run import Failure
from trueup.fleet.settle import Settler
from trueup.load.network import load_network
from trueup.secrets import open_stores


def settlers(folder: Path, ref: str | None, selection: Selection) -> list[Settler]:
    """One for each chosen router; raises TrueupError where the network, its secrets or its audit are no use."""
    network = load_network(folder, ref)
    stores = open_stores(network.settings, network.root)
    audit = Audit.open(audit_path(network), network=network.root)
    return [Settler(network, router, stores, audit) for router in select(network, *selection)]


def settle(all: Sequence[Settler], work: Callable[[Settler], Awaitable[str]]) -> bool:
    """Do the work for one router after the other and say what came of it; whether all went well."""
    failures = []
    for each in all:
        try:
            click.echo(f"{each.router.name}: {asyncio.run(_one(each, work))}")
        except TrueupError as error:
            failures.append(Failure(each.router.name, error.problems))
    show_failures(failures)
    return not failures


async def _one(settler: Settler, work: Callable[[Settler], Awaitable[str]]) -> str:
    return await work(settler)
