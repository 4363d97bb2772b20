"""A router's new file, taken as if it were in its network already: loaded, compiled, compared. Nothing is written."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from trueup.adopt.vault import Vault
from trueup.compile import Compiled, Compiler
from trueup.diff import Keys, difference
from trueup.diff.references import names_in, referring
from trueup.errors import DeclarationError, Problem
from trueup.load.captures import Captures
from trueup.load.files import MAIN, read_files
from trueup.load.network import Network
from trueup.load.router import build_routers
from trueup.load.tree import Tree, open_tree
from trueup.load.validate import ordered
from trueup.order import order
from trueup.plan import Plan
from trueup.row import Live, Row, Secret, Table
from trueup.secrets import Stores, digester
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.network import NetworkHead

NOWHERE = "network: adopted\n"
"""The trueup.yaml of a router that is adopted outside of any network."""


@dataclass(frozen=True, slots=True)
class WithFile:
    """A tree with one file more, or with another text in it."""

    base: Tree | None
    file: str
    data: bytes

    @property
    def commit(self) -> str:
        return self.base.commit if self.base else ""

    @property
    def dirty(self) -> bool:
        return True

    @property
    def stubs(self) -> frozenset[str]:
        return frozenset()

    @property
    def paths(self) -> tuple[str, ...]:
        own = self.base.paths if self.base else (MAIN, f"{self.file.rpartition('/')[0]}/site.yaml")
        return tuple(sorted({*own, self.file}))

    def read(self, path: str) -> bytes:
        if path == self.file:
            return self.data
        if self.base is not None:
            return self.base.read(path)
        return NOWHERE.encode() if path == MAIN else b""


@contextmanager
def tree_of(root: Path | None, commit: str = "") -> Iterator[Tree | None]:
    """The files of the network at `root`, those of a commit where one is named; None where there is no network."""
    if root is None:
        yield None
        return
    with open_tree(root, commit or None) as tree:
        yield tree


def load_tree(root: Path, tree: Tree) -> Network:
    """The network that a tree's files make; raises DeclarationError with every problem."""
    problems: list[Problem] = []
    files = read_files(tree, problems)
    routers = build_routers(files, problems)
    settings = files.settings or NetworkHead(network="adopted")
    if problems:
        raise DeclarationError(ordered(problems))
    return Network(
        root, settings.network, settings, routers, files.groups, files.templates, captures=Captures(files.captured)
    )


def prove(
    network: Network, router: str, version: str, live: Live, catalogue: Catalogue, vault: Vault, stores: Stores | None
) -> tuple[Plan, Compiled]:
    """The plan that a router's declaration would have for the state it was made of; raises TrueupError."""
    compiled = Compiler(network).compile(network.router(router), version)
    return plan_of(compiled, live, catalogue, vault, stores), compiled


def plan_of(compiled: Compiled, live: Live, catalogue: Catalogue, vault: Vault, stores: Stores | None) -> Plan:
    """The plan of compiled rows for the state that they were made of; raises TrueupError."""
    keys = Keys(
        resolve=vault.resolve,
        public_key=stores.public_key if stores else lambda key: str(key),
        digest=digester(Secret(secrets.token_hex(32))),
    )
    seen = _with_what_others_name(compiled, live, catalogue)
    found = difference(compiled.desired, seen, None, catalogue, keys)
    return order(found, compiled.desired, seen, catalogue, keys)


def _with_what_others_name(compiled: Compiled, live: Live, catalogue: Catalogue) -> Live:
    """The state with the rows that its own rows name: an export leaves out what a router has by itself.

    Only names that live rows refer to, and defaults, are taken for granted, so that a name which the file alone uses
    is still missed.
    """
    tables = dict(live.tables)
    for path in compiled.desired.tables:
        tables.setdefault(path, Table(path))
    for path, names in _named(compiled, live, catalogue).items():
        there = {
            name for member in (path, *catalogue.members(path)) for row in tables.get(member, ()) for name in _said(row)
        }
        rows = [
            Row({property: name}, id=f"*A{number:X}", fixed="builtin")
            for number, (property, name) in enumerate(names)
            if (property, name) not in there
        ]
        if rows:
            tables[path] = replace(tables.get(path, Table(path)), rows=(*tables.get(path, Table(path)).rows, *rows))
    return replace(live, tables=tables)


def _named(compiled: Compiled, live: Live, catalogue: Catalogue) -> dict[str, dict[tuple[str, str], None]]:
    """By menu, the names that live rows refer to, and those that declared ones have where they say nothing."""
    named: dict[str, dict[tuple[str, str], None]] = {}
    for path, table in (*live.tables.items(), *compiled.desired.tables.items()):
        declared = table is not live.tables.get(path)
        for property in referring(catalogue.menu(path)):
            reference = next(each for each in property.refers if each.hard)
            for row in table:
                value = row.values.get(property.name)
                for name in names_in(property, value) if not declared or value == property.default else ():
                    named.setdefault(reference.menu, {})[reference.property, name] = None
    return named


def _said(row: Row) -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in row.values.items() if isinstance(value, str))
