"""A network's routers become the rows that they should have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from trueup.compile.compiled import Compiled, Peer
from trueup.compile.entry import Item, Rank
from trueup.compile.ignore import exemptions, spared
from trueup.compile.intents import Drawn, Half, Intentions
from trueup.compile.merge import MenuMerger
from trueup.compile.mode import not_allowed
from trueup.compile.own_secrets import misplaced, own_secrets
from trueup.compile.read import Ranking, RowReader
from trueup.compile.references import check_references
from trueup.compile.rules import Rules
from trueup.compile.table import build_table
from trueup.errors import DeclarationError, Problem, Source
from trueup.load.captures import FOLDER as CAPTURES
from trueup.load.compose import no_collection
from trueup.load.layer import Layer
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.load.tables import bounded
from trueup.row import Desired, Table
from trueup_schemas.catalogue import Catalogue, UnknownVersion

Items = dict[str, list[Item]]
"""What one layer says, by menu."""


class Compiler:
    """Compiles routers with the whole network in view; keep one for a whole run, since it remembers what they share."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._own = own_secrets(network.settings)
        self._intentions = Intentions(network)
        self._rules: dict[int, Rules] = {}
        self._read: dict[tuple[int, Rank, int], tuple[Layer, Items, list[Problem]]] = {}

    def compile(self, router: Router, version: str | None) -> Compiled:
        """The router's rows; raises DeclarationError with all of its problems."""
        with no_collection():
            return self._compile(router, version)

    def _compile(self, router: Router, version: str | None) -> Compiled:
        rules = self._rules_of(self._catalogue(router, version))
        problems: list[Problem] = []
        drawn = self._intentions.draw(router, problems)
        halves = self._other_halves(router, problems)
        tables = _tables(self._sublayers(router, drawn, halves, rules, problems), rules, problems)
        exempt = exemptions(router, rules, problems)
        tables = spared(tables, exempt, rules, problems)
        problems += misplaced(tables, self._own)
        problems += not_allowed(router, tables, rules.catalogue.version)
        if problems:
            raise DeclarationError(bounded(dict.fromkeys(problems)))
        warnings = (*_stale(router, rules.catalogue, self.network), *check_references(tables, rules))
        peers = tuple(dict.fromkeys([*_peers(drawn.halves), *_peers(halves, declared=False)]))
        desired = Desired(router.name, tables, self.network.commit, exempt)
        return Compiled(router.name, rules.catalogue.version, desired, peers, warnings)

    def _catalogue(self, router: Router, version: str | None) -> Catalogue:
        """The catalogue of the router's declared version, else of the given one, as captured trees refine it."""
        try:
            return self.network.catalogue(router, version)
        except UnknownVersion as error:
            declared = router.document.get("version")
            where = declared.source if declared is not None else router.name
            raise DeclarationError(Problem(str(error), where)) from None

    def _rules_of(self, known: Catalogue) -> Rules:
        return self._rules.setdefault(id(known), Rules(known))

    def _sublayers(
        self, router: Router, drawn: Drawn, halves: list[Half], rules: Rules, problems: list[Problem]
    ) -> list[Items]:
        """The router's items from far to near: of each layer first what its intents make, then its rows."""
        reader = RowReader(rules, problems)
        numbers = {layer.file: number for number, layer in enumerate(router.layers)}
        nearest = len(router.layers) - 1

        def rank(source: Source) -> Rank:
            return 2 * numbers.get(source.file, nearest)

        sublayers: list[Items] = [{} for _ in range(2 * len(router.layers))]
        read = [reader.read(rows, rank) for rows in drawn.rows]
        read += [reader.read(half.rows, rank, shared=True) for half in halves]
        for items in read:
            for path, each in items.items():
                for item in each:
                    sublayers[item.rank].setdefault(path, []).append(item)
        for number, layer in enumerate(router.layers):
            sublayers[2 * number + 1] = self._rows(layer, 2 * number + 1, rules, problems)
        return sublayers

    def _rows(self, layer: Layer, rank: Rank, rules: Rules, problems: list[Problem]) -> Items:
        """A layer's own `rows`; those that many routers share are read once."""
        key = id(layer), rank, id(rules)
        found = self._read.get(key)
        if found is None:
            wrong: list[Problem] = []
            found = layer, RowReader(rules, wrong).read(layer.rows, _always(rank)), wrong
            if layer.kind != "router":
                self._read[key] = found
        problems += found[2]
        return found[1]

    def _other_halves(self, router: Router, problems: list[Problem]) -> list[Half]:
        """The halves that other routers declare for this one; a router that cannot be read leaves none out unseen."""
        halves: list[Half] = []
        for name, (declared, wrong) in self._halves.items():
            if name != router.name:
                halves += (half for half in declared if half.router == router.name)
                problems += wrong
        return halves

    @cached_property
    def _halves(self) -> dict[str, tuple[list[Half], list[Problem]]]:
        """What each router declares for others, and what is wrong with it; routers that declare nothing left out."""
        found = {}
        for router in self.network.routers:
            wrong: list[Problem] = []
            halves = self._intentions.spanning(router, wrong).halves
            if halves or wrong:
                found[router.name] = (halves, wrong)
        return found


def _stale(router: Router, known: Catalogue, network: Network) -> Iterator[Problem]:
    """A warning where the router's own command tree is of another release."""
    if tree := network.captures.stale(router.name, known.version):
        message = f"captured from RouterOS {tree.version}, so it does not tell what {known.version} lacks there"
        remedy = f"run `trueup catalogue capture {router.name}`, or remove the file"
        yield Problem(message, Source(f"{CAPTURES}/{router.name}.json"), remedy, "warning")


def _peers(halves: list[Half], declared: bool = True) -> list[Peer]:
    return [Peer(half.router if declared else half.declared_by, half.what, half.source) for half in halves]


def _always(rank: Rank) -> Ranking:
    return lambda _: rank


def _tables(sublayers: Iterable[Items], rules: Rules, problems: list[Problem]) -> Mapping[str, Table]:
    mergers: dict[str, MenuMerger] = {}
    for sublayer in sublayers:
        for path, items in sublayer.items():
            mergers.setdefault(path, MenuMerger(rules.menu(path), problems)).add(items)
    tables = {path: build_table(mergers[path], problems) for path in sorted(mergers)}
    return {path: table for path, table in tables.items() if table.rows or table.scopes}
