"""What confirm, rollback and recover share: routers chosen, each settled over its own connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from trueup.audit import Audit, audit_path
from trueup.cli.selection import Selection, select
from trueup.cli.terminal import progress, show_failures, show_json, show_lines
from trueup.errors import Problem, TrueupError
from trueup.fleet.run import Failure
from trueup.fleet.settle import Settler
from trueup.load.network import load_network
from trueup.secrets import open_stores
from trueup.show import Line


def settlers(folder: Path, ref: str | None, selection: Selection) -> list[Settler]:
    """One for each chosen router; raises TrueupError where the network, its secrets or its audit are no use."""
    network = load_network(folder, ref)
    stores = open_stores(network.settings, network.root)
    audit = Audit.open(audit_path(network), network=network.root)
    return [Settler(network, router, stores, audit) for router in select(network, *selection)]


FORMAT_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of one router: in words, in lines to show above them, in data for --json; and what is wrong still."""

    text: str
    lines: tuple[Line, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None


def settle(
    all: Sequence[Settler], work: Callable[[Settler], Awaitable[Settled]], doing: str, *, as_json: bool = False
) -> bool:
    """Do the work for one router after the other and say what came of it; whether all went well."""
    failures, told = [], []
    with progress(quiet=as_json) as watch:
        for number, each in enumerate(all):
            name = each.router.name
            watch(name, doing, number, len(all))
            try:
                settled = asyncio.run(_one(each, work))
            except TrueupError as error:
                failures.append(Failure(name, error.problems))
                told.append({"router": name, "problems": [str(problem) for problem in error.problems]})
                continue
            if not as_json:
                show_lines(settled.lines)
            if settled.problem is not None:
                failures.append(Failure(name, (settled.problem,)))
                told.append({"router": name, "problems": [str(settled.problem)], **settled.data})
                continue
            told.append({"router": name, "outcome": settled.text, **settled.data})
            if not as_json:
                click.echo(f"{name}: {settled.text}")
    if as_json:
        show_json({"format-version": FORMAT_VERSION, "routers": told})
    show_failures(failures)
    return not failures


async def _one(settler: Settler, work: Callable[[Settler], Awaitable[Settled]]) -> Settled:
    return await work(settler)
