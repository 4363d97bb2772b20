"""A network's routers become the rows that they should have."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.compile.compiled import Compiled
from trueup.compile.entry import Item
from trueup.compile.merge import MenuMerger
from trueup.compile.read import RowReader
from trueup.compile.references import check_references
from trueup.compile.table import build_table
from trueup.errors import DeclarationError, Problem
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.row import Desired, Table
from trueup_schemas.catalogue import Catalogue, catalogue

NEWEST = "7.24"
"""The version that is assumed where nobody names one: the newest that the catalogue was made from."""


class Compiler:
    """Compiles routers with the whole network in view."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def compile(self, router: Router, version: str | None) -> Compiled:
        """The router's rows; raises DeclarationError with all of its problems."""
        known = catalogue(router.version or version or NEWEST)
        problems: list[Problem] = []
        tables = _tables(self._sublayers(router, known, problems), known, problems)
        if problems:
            raise DeclarationError(dict.fromkeys(problems))
        warnings = tuple(check_references(tables, known))
        return Compiled(router.name, known.version, Desired(router.name, tables, self.network.commit), (), warnings)

    def _sublayers(self, router: Router, known: Catalogue, problems: list[Problem]) -> list[dict[str, list[Item]]]:
        reader = RowReader(known, problems)
        return [reader.read(layer.rows, 2 * number + 1) for number, layer in enumerate(router.layers)]


def _tables(sublayers: list[dict[str, list[Item]]], known: Catalogue, problems: list[Problem]) -> Mapping[str, Table]:
    mergers: dict[str, MenuMerger] = {}
    for sublayer in sublayers:
        for path, items in sublayer.items():
            mergers.setdefault(path, MenuMerger(known.menu(path), problems)).add(items)
    return {path: build_table(mergers[path], problems) for path in sorted(mergers)}
