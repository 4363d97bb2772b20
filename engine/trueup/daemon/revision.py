"""Commits of the network, loaded, compiled and compared: which of them is in force, and what it asks of each router."""

from __future__ import annotations

import gc
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from trueup.compile import Compiler
from trueup.errors import DeclarationError, Problem
from trueup.load.compose import no_collection
from trueup.load.network import Network, read_network
from trueup.load.router import Router
from trueup.row import Row, Table

KEPT = 3
"""Loaded networks that are kept: the one in force, the one before it, and one that somebody's router is still at."""

DIGESTED = 32
"""Commits whose digests are kept: those in force lately, and those that routers were left at."""

Digests = Mapping[str, Mapping[str, str]]
"""A digest of what is declared, by router and menu; "connect" and "version" are among the menus."""


@dataclass
class Revision:
    """One commit's network. `compiler` is shared by all that compile its routers."""

    commit: str
    network: Network
    digests: Digests
    compiler: Compiler = field(init=False)

    def __post_init__(self) -> None:
        self.compiler = Compiler(self.network)

    def router(self, name: str) -> Router | None:
        """The router of that name, None where this commit does not declare it."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, Router]:
        return {router.name: router for router in self.network.routers}


class Revisions:
    """Loads commits of one network's folder as they are asked for; the last few stay loaded, digests of some more."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._loaded: OrderedDict[str, Revision] = OrderedDict()
        self._digests: OrderedDict[str, Digests | None] = OrderedDict()
        self._loading, self._holding = threading.Lock(), threading.Lock()

    def get(self, commit: str) -> Revision:
        """The commit's network, every router compiled once; raises DeclarationError with all problems.

        It may be asked from several threads: a commit is loaded once.
        """
        found = self._held(commit)
        if found is None:
            with self._loading:
                found = self._held(commit) or self._keep(commit, self._load(commit))
        return found

    def changed(self, router: str, before: str, after: str) -> frozenset[str] | None:
        """The menus in which the declaration of a router differs between two commits, None where that is not known."""
        if before == after:
            return frozenset()
        try:
            one, other = self.digests(before).get(router, {}), self.digests(after).get(router, {})
        except DeclarationError:
            return None
        return frozenset(menu for menu in one.keys() | other.keys() if one.get(menu) != other.get(menu))

    def digests(self, commit: str) -> Digests:
        """The commit's digests; raises DeclarationError, and knows from then on that there are none."""
        if commit not in self._digests:
            try:
                return self.get(commit).digests
            except DeclarationError:
                self._remember(commit, None)
                raise
        found = self._digests[commit]
        if found is None:
            raise DeclarationError(Problem("this commit cannot be read", commit))
        return found

    def _held(self, commit: str) -> Revision | None:
        with self._holding:
            found = self._loaded.get(commit)
            if found is not None:
                self._loaded.move_to_end(commit)
            return found

    def _keep(self, commit: str, revision: Revision) -> Revision:
        with self._holding:
            self._loaded[commit] = revision
            while len(self._loaded) > KEPT:
                self._loaded.popitem(last=False)
        self._remember(commit, revision.digests)
        return revision

    def _remember(self, commit: str, digests: Digests | None) -> None:
        self._digests[commit] = digests
        while len(self._digests) > DIGESTED:
            self._digests.popitem(last=False)

    def _load(self, commit: str) -> Revision:
        network, problems = read_network(self.root, commit)
        if problems or network is None:
            raise DeclarationError(problems)
        with no_collection():
            found = Revision(commit, network, _compile(network))
        _set_aside()
        return found


def _set_aside() -> None:
    """Have the cycle collector pass over what is loaded: hundreds of thousands of objects that are in no cycle."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _compile(network: Network) -> Digests:
    """The digests of every router; raises DeclarationError with every problem of every router."""
    compiler = Compiler(network)
    problems: dict[Problem, None] = {}
    digests: dict[str, dict[str, str]] = {}
    for router in network.routers:
        try:
            tables = compiler.compile(router, None).desired.tables
        except DeclarationError as error:
            problems |= dict.fromkeys(error.problems)
            continue
        said = {menu: _digest(table) for menu, table in tables.items()}
        digests[router.name] = said | {
            "version": str((router.version, router.model, router.serial)),
            "connect": _hash(str(router.connect)),
        }
    if problems:
        raise DeclarationError(problems)
    return digests


def _digest(table: Table) -> str:
    """A digest of what a table declares, wherever that stands; secrets by name, so that it says nothing of them."""
    scopes = [(sorted(scope.match.items()), scope.remove) for scope in table.scopes]
    return _hash(repr(([_said(row) for row in table.rows], scopes)))


def _said(row: Row) -> object:
    place = row.place and (row.place.side, sorted(row.place.beside.items()))
    return sorted(row.values.items()), sorted(row.was.items()), sorted(row.ignore), place, row.protect


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
