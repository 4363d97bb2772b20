"""Options that commands share: which network, which revision of it, which of its routers, and how to answer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from trueup.errors import DeclarationError, Problem
from trueup.load.network import Network, read_network
from trueup.load.router import Router
from trueup.load.validate import suggest

Command = TypeVar("Command", bound=Callable[..., Any])


def folder_option(command: Command) -> Command:
    """Adds --network (`folder`, a Path, "." by default)."""
    return _network("folder")(command)


def network_options(command: Command) -> Command:
    """Adds --network (a Path, "." by default) and --ref (None: the working tree)."""
    command = click.option(
        "--ref", metavar="REV", help="Read this commit, branch or tag instead of the working tree's files."
    )(command)
    return _network("network")(command)


def _network(parameter: str) -> Callable[[Command], Command]:
    return click.option(
        "--network",
        parameter,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=".",
        metavar="DIR",
        help="The network's folder, or one inside it (default: this folder).",
    )


class Selection(NamedTuple):
    """Which routers a command is about: by name, site, group and label; empty means all."""

    names: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ROUTER..., --site, --group and --label, which come as one `selection`."""

    @functools.wraps(command)
    def selecting(**given: Any) -> Any:
        selection = Selection(*(given.pop(field) for field in Selection._fields))
        return command(selection=selection, **given)

    decorated: Callable[..., Any] = selecting
    for option, parameter, what in (
        ("--label", "labels", "Only routers with this label"),
        ("--group", "groups", "Only routers of this group"),
        ("--site", "sites", "Only routers of this site"),
    ):
        help = f"{what}; may be repeated."
        decorated = click.option(option, parameter, multiple=True, metavar="NAME", help=help)(decorated)
    return click.argument("names", nargs=-1, metavar="[ROUTER]...")(decorated)


def json_option(command: Command) -> Command:
    """Adds --json (as_json)."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")(command)


def select(
    network: Network,
    names: Sequence[str] = (),
    sites: Sequence[str] = (),
    groups: Sequence[str] = (),
    labels: Sequence[str] = (),
) -> tuple[Router, ...]:
    """The routers that are meant: all without a selection; of each kind any, of several kinds all must hold.

    Raises DeclarationError for every name that there is not, with a suggestion, and where nothing is left.
    """
    routers = network.routers
    problems = [
        *_unknown("router", names, (router.name for router in routers)),
        *_unknown("site", sites, (router.site for router in routers)),
        *_unknown("group", groups, network.groups),
        *_unknown("label", labels, (label for router in routers for label in router.labels)),
    ]
    if problems:
        raise DeclarationError(problems)
    chosen = tuple(
        router
        for router in routers
        if (not names or router.name in names)
        and (not sites or router.site in sites)
        and (not groups or not set(groups).isdisjoint(router.groups))
        and (not labels or not set(labels).isdisjoint(router.labels))
    )
    if not chosen and routers:
        raise DeclarationError(Problem("no router is meant by all of these together", remedy="leave one of them out"))
    return chosen


def select_leniently(folder: Path, selection: Selection) -> tuple[Network, tuple[Router, ...]]:
    """The network as its files are, and the routers that are meant, also where other files of it are wrong.

    Raises DeclarationError, with what is wrong with the files where a router that is meant is not among the others.
    """
    network, problems = read_network(folder)
    if network is None:
        raise DeclarationError(problems)
    try:
        return network, select(network, *selection)
    except DeclarationError as error:
        raise DeclarationError((*error.problems, *problems)) from None


def _unknown(what: str, asked: Iterable[str], known: Iterable[str]) -> list[Problem]:
    there = set(known)
    missing = [name for name in dict.fromkeys(asked) if name not in there]
    return [Problem(f"there is no {what} '{name}'", remedy=suggest(name, sorted(there))) for name in missing]
