"""A difference put in order: places in ordered menus, stages across menus. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from trueup.diff import Difference
from trueup.diff.content import Keys, Shape, row_digest, whole
from trueup.diff.difference import MenuDifference, existing
from trueup.errors import PlanError
from trueup.order.edges import conflicts, connect
from trueup.order.neighbourhood import neighbourhoods
from trueup.order.nodes import Name, Node, nodes_of
from trueup.order.stages import stages
from trueup.order.tables import OrderedTable, order_table
from trueup.plan import Add, Change, Created, Move, Neighbourhood, Plan, Target
from trueup.row import Desired, Live, Row
from trueup_schemas.catalogue import Catalogue

__all__ = ["order", "order_with_needs"]

Needs = Mapping[int, frozenset[int]]
"""For each change of a plan, by its number, the changes that have to be done before it."""


def order(difference: Difference, desired: Desired, live: Live, catalogue: Catalogue, keys: Keys) -> Plan:
    """The plan that closes a difference; PlanError where the declared order or names cannot be reached."""
    return order_with_needs(difference, desired, live, catalogue, keys)[0]


def order_with_needs(
    difference: Difference, desired: Desired, live: Live, catalogue: Catalogue, keys: Keys
) -> tuple[Plan, Needs]:
    """The plan, and what each of its changes rests on, for who would put them into another order."""
    nodes: list[Node] = []
    tables: list[OrderedTable] = []
    for menu in difference.menus:
        own = nodes_of(menu)
        if menu.shape.menu.ordered:
            table, own = order_table(menu, own, keys)
            tables.append(table)
        nodes += own
    problems = [problem for table in tables for problem in table.arrangement.problems]
    problems += conflicts(nodes, difference.menus, live)
    if problems:
        raise PlanError(problems)
    connect(nodes)
    staged = stages(nodes)
    places = _Places(difference.menus, staged, keys)
    facts = live.facts
    plan = Plan(
        router=desired.router,
        host=facts.host,
        version=facts.version,
        serial=facts.serial,
        commit=desired.commit,
        stages=tuple(tuple(places.settled(node) for node in stage) for stage in staged),
        fingerprint=_fingerprint(staged, tables, live, catalogue, keys),
        notes=difference.notes,
        neighbourhoods=tuple(_neighbourhoods(tables, staged, keys)),
    )
    return plan, _needs(staged)


def _needs(staged: Sequence[Sequence[Node]]) -> Needs:
    flat = [node for stage in staged for node in stage]
    numbers = {node: number for number, node in enumerate(flat)}
    return {numbers[node]: frozenset(numbers[other] for other in node.predecessors()) for node in flat}


class _Places:
    """Turns names of rows in a table into targets, once every change has its number."""

    def __init__(self, menus: Sequence[MenuDifference], staged: Sequence[Sequence[Node]], keys: Keys) -> None:
        self.rows: dict[tuple[str, str], tuple[Shape, Row]] = {
            (menu.path, row.id): (menu.shape, row) for menu in (menus if staged else ()) for row in menu.live
        }
        self.keys = keys
        flat = [node for stage in staged for node in stage]
        self.created = {(n.menu.path, n.names[0]): i for i, n in enumerate(flat) if isinstance(n.change, Add)}

    def settled(self, node: Node) -> Change:
        if node.before is None or not isinstance(node.change, Add | Move):
            return node.change
        return replace(node.change, before=self._target(node.menu.path, node.before))

    def _target(self, path: str, name: str) -> Target:
        if (path, name) in self.created:
            return Created(self.created[path, name])
        shape, row = self.rows[path, name]
        return existing(shape, row, self.keys)


def _neighbourhoods(
    tables: Sequence[OrderedTable], staged: Sequence[Sequence[Node]], keys: Keys
) -> Iterator[Neighbourhood]:
    changes: dict[str, dict[str, tuple[int, ...]]] = {}
    for number, node in enumerate(node for stage in staged for node in stage):
        for name in node.names:
            of_menu = changes.setdefault(node.menu.path, {})
            of_menu[name] = (*of_menu.get(name, ()), number)
    for table in tables:
        yield from neighbourhoods(table, changes.get(table.menu.path, {}), keys)


def _fingerprint(
    staged: Sequence[Sequence[Node]], tables: Sequence[OrderedTable], live: Live, catalogue: Catalogue, keys: Keys
) -> str:
    """A keyed digest of the live rows that the changes touch, refer to and stand beside; "" for no change."""
    nodes = [node for stage in staged for node in stage]
    if not nodes:
        return ""
    parts = [live.facts.serial, live.facts.version]
    ordered = {table.menu.path for table in tables}
    menus = {node.menu.path: node.menu for node in nodes}
    live_rows = {(path, row.id): (menu.shape, row) for path, menu in menus.items() for row in menu.live}
    for node in nodes:
        names = (*node.names, *((node.before,) if node.before else ()))
        parts += (_digest(live_rows.get((node.menu.path, name)), keys) for name in names)
    for path in sorted(menus.keys() & ordered):
        parts += (row.id for row in live.tables[path] if row.fixed != "dynamic")
    used = {name for node in nodes for name in node.uses}
    seen = {path: menus[path].live if path in menus else table.rows for path, table in live.tables.items()}
    parts += sorted(_referred(used, seen, catalogue, keys))
    return keys.digest(whole(*parts))


def _digest(found: tuple[Shape, Row] | None, keys: Keys) -> str:
    return row_digest(found[0].menu, found[1], keys) if found else ""


def _referred(used: set[Name], live: Mapping[str, Sequence[Row]], catalogue: Catalogue, keys: Keys) -> Iterator[str]:
    """Digests of the live rows that changes refer to."""
    wanted: dict[str, set[tuple[str, str]]] = {}
    for path, property, value in used:
        wanted.setdefault(path, set()).add((property, value))
    for path, names in wanted.items():
        if path in live and path in catalogue:
            for row in live[path]:
                if any((name, value) in names for name, value in row.values.items() if isinstance(value, str)):
                    yield row_digest(catalogue.menu(path), row, keys)
