"""A network: its folder's files, found, read and joined to routers with their layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trueup.errors import DeclarationError, Problem
from trueup.load.captures import Captures
from trueup.load.compose import no_collection
from trueup.load.files import MAIN, TemplateSource, read_files, read_main
from trueup.load.layer import Layer
from trueup.load.operation import check_operation
from trueup.load.router import Router, build_routers
from trueup.load.tree import Tree, open_tree
from trueup.load.validate import ordered
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.network import NetworkHead

_NONE = Captures({})


@dataclass(frozen=True, slots=True)
class Network:
    """Everything declared. `commit` is "" and `dirty` true where git does not hold it; routers are sorted by name.

    `root` is the network's folder, resolved; files are named relative to it.
    """

    root: Path
    name: str
    settings: NetworkHead
    routers: tuple[Router, ...]
    groups: Mapping[str, Layer]
    templates: Mapping[str, TemplateSource]
    commit: str = ""
    dirty: bool = True
    captures: Captures = _NONE

    def catalogue(self, router: Router, version: str | None = None) -> Catalogue:
        """What is known of a router: of the version it declares, else of the given one, refined by captured trees.

        Raises UnknownVersion.
        """
        return self.captures.catalogue(router.name, router.version or version)

    def router(self, name: str) -> Router:
        """The router of that name; KeyError where there is none."""
        for router in self.routers:
            if router.name == name:
                return router
        raise KeyError(name)


def find_root(start: Path) -> Path:
    """The nearest folder, upwards from `start`, that holds a trueup.yaml."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / MAIN).is_file():
            return folder
    remedy = "go to a network's folder, name it with --network DIR, or start one with `trueup init`"
    raise DeclarationError(Problem(f"no {MAIN} in {start} or above it", remedy=remedy))


def load_network(root: Path, ref: str | None = None) -> Network:
    """The network at or above `root`, as it is or at a git ref; raises DeclarationError with every problem."""
    network, problems = read_network(root, ref)
    if problems or network is None:
        raise DeclarationError(problems)
    return network


def read_settings(root: Path) -> NetworkHead:
    """What the trueup.yaml at or above `root` says, whatever is wrong elsewhere; raises DeclarationError."""
    root = find_root(root)
    problems: list[Problem] = []
    with open_tree(root) as tree:
        settings = read_main(tree, problems).settings
    if settings is None:
        raise DeclarationError(problems)
    return settings


def read_network(root: Path, ref: str | None = None) -> tuple[Network | None, tuple[Problem, ...]]:
    """As much of a network as can be read, None without its trueup.yaml, and what is wrong with the rest."""
    root = find_root(root)
    with open_tree(root, ref) as tree:
        return read_tree(root, tree)


def read_tree(root: Path, tree: Tree) -> tuple[Network | None, tuple[Problem, ...]]:
    """As much as can be read of a network whose files are given, and what is wrong with the rest.

    Of routers whose files are stubs only names, labels, layers and `reconcile` are told.
    """
    problems: list[Problem] = []
    with no_collection():
        files = read_files(tree, problems)
        routers = build_routers(files, problems)
        if not problems:  # what a broken file would have said is not to be missed as well
            problems += check_operation(files.settings, files.main, routers)
    settings = files.settings
    if settings is None:
        return None, ordered(problems)
    captures = Captures(files.captured)
    network = Network(
        root,
        settings.network,
        settings,
        routers,
        files.groups,
        files.templates,
        tree.commit,
        tree.dirty,
        captures,
    )
    return network, ordered(problems)
