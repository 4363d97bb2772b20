"""What rules leave alone on a router: whole live rows, or some properties of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from trueup.diff.content import Shape
from trueup.diff.difference import MenuDifference
from trueup.diff.references import names_in, places, referring
from trueup.row import Desired, Exemption, Live, Row
from trueup_schemas.catalogue import Catalogue


def ignored(shape: Shape, live: Sequence[Row], rules: Sequence[Exemption]) -> frozenset[str]:
    """The `.id`s of the live rows that rules are about as a whole; a row that is declared counts all the same."""
    whole = [rule for rule in rules if not rule.properties]
    if not whole:
        return frozenset()
    return frozenset(row.id for row in live if any(_holds(shape, row, rule) for rule in whole))


def left_alone(shape: Shape, row: Row, rules: Sequence[Exemption]) -> frozenset[str]:
    """The properties of a live row that rules about properties leave alone."""
    meant = (rule.properties for rule in rules if _holds(shape, row, rule))
    return frozenset().union(*meant)


def leave_alone(menu: MenuDifference, rules: Sequence[Exemption]) -> None:
    """Have a matched menu know what is left alone.

    Ignored rows stay in their places, and are neither ours nor anybody's to remove. Other live rows are marked with
    the properties that are left alone, so that no digest rests on what may change at any time.
    """
    menu.ignored -= {row.id for row in menu.matching.live.values()}
    for id in menu.ignored:
        menu.matching.ours.pop(id, None)
        menu.matching.perhaps.pop(id, None)
    marked = {row.id: row for row in _marked(menu, rules)}
    if marked:
        menu.live = tuple(marked.get(row.id, row) for row in menu.live)
        menu.matching.live = {index: marked.get(row.id, row) for index, row in menu.matching.live.items()}


def _marked(menu: MenuDifference, rules: Sequence[Exemption]) -> Iterator[Row]:
    """The rows of which something is left alone: of declared ones what their declaration says."""
    declared = {row.id: menu.declared[index].ignore for index, row in menu.matching.live.items()}
    some = [rule for rule in rules if rule.properties]
    for row in menu.live if some or any(declared.values()) else ():
        names = declared.get(row.id)
        if names is None:
            names = left_alone(menu.shape, row, some)
        if names:
            yield replace(row, ignore=names)


def managed(desired: Desired, live: Live, catalogue: Catalogue) -> Live:
    """What was read of a router, less what rules leave alone; an ignored row that a declared one names stays."""
    if not desired.exempt:
        return live
    named, tables = _named(desired, catalogue), dict(live.tables)
    for path in desired.exempt.keys() & tables.keys():
        shape, rules, rows = Shape(catalogue.menu(path)), desired.exempt[path], tables[path].rows
        out = {row.id for row in rows if row.text("name") not in named.get(path, ())} & ignored(shape, rows, rules)
        some = [rule for rule in rules if rule.properties]
        tables[path] = replace(
            tables[path], rows=tuple(_without(shape, row, some) for row in rows if row.id not in out)
        )
    return replace(live, tables=tables)


def _named(desired: Desired, catalogue: Catalogue) -> Mapping[str, set[str]]:
    """The names that declared rows refer to, by every menu that may have them."""
    named: dict[str, set[str]] = {}
    for path, table in desired.tables.items():
        for property in referring(catalogue.menu(path)) if path in catalogue else ():
            names = {name for row in table for name in names_in(property, row.values.get(property.name))}
            for reference in property.refers if names else ():
                for place in places(reference, catalogue):
                    named.setdefault(place, set()).update(names)
    return named


def _without(shape: Shape, row: Row, rules: Sequence[Exemption]) -> Row:
    names = left_alone(shape, row, rules) if rules else frozenset()
    if names.isdisjoint(row.values):
        return row
    return replace(row, values={name: value for name, value in row.values.items() if name not in names})


def _holds(shape: Shape, row: Row, rule: Exemption) -> bool:
    return rule.holds(lambda name: shape.value(row, name))
