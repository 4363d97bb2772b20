"""Every property of every menu: a row that carries it goes through a router, and the second plan is empty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from every_router import rows_for, runs
from every_row import Rows, carried

from trueup.row import Table
from trueup_schemas.catalogue import catalogue

VERSIONS = ("7.24", "7.16", "7.9", "6.49")

LEFT = {
    "/ip/firewall/address-list timeout": "a row with one is dynamic, and dynamic rows are never ours",
    "/ipv6/firewall/address-list timeout": "a row with one is dynamic, and dynamic rows are never ours",
}
"""Properties that no declared row can carry, with the reason."""

FIXED = {"/interface/wifi master-interface": lambda _: "wifi1"}
"""Values that cannot be any: the master of a radio is another radio that is there, not a row that has one itself."""


def rows(version: str, turn: int = 0) -> Rows:
    return rows_for(version, frozenset(LEFT), FIXED, turn)


def bare(each: Rows) -> dict[str, Table]:
    """The same rows with nothing but what they cannot be without."""
    tables = {}
    for path, table in each.tables.items():
        menu = each.catalogue.menu(path)
        kept = {*each.base(menu, 0), *each.identity(menu)}
        less = (replace(row, values={n: v for n, v in row.values.items() if n in kept}) for row in table)
        tables[path] = Table(path, tuple(less))
    return tables


@pytest.mark.parametrize("version", VERSIONS)
def test_a_valid_row_with_every_property_reads_back_canonical_and_is_not_planned_again(version: str) -> None:
    first, second = rows(version), rows(version, turn=1)
    assert not runs(version, first, second)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_no_longer_declared_goes_in_one_run(version: str) -> None:
    third = rows(version, turn=2)
    assert not runs(version, third, tables=[bare(third)], gone=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_property_is_carried(version: str) -> None:
    known = catalogue(version)
    told_apart = [menu for path in known.paths if (menu := known.menu(path)).kind != "fixed" or menu.key]
    wanted = {f"{menu.path} {property.name}" for menu in told_apart for property in menu.writable}
    assert wanted - set(carried(rows(version))) == wanted & LEFT.keys()


@pytest.mark.parametrize("entry", LEFT)
def test_what_is_left_out_cannot_be_carried(entry: str) -> None:
    path, _, name = entry.partition(" ")
    each = rows_for("7.24", frozenset(LEFT) - {entry}, FIXED)
    only = {path: each.tables[path]}
    assert any(name in row.values for row in only[path])
    assert runs("7.24", tables=[only])


@pytest.mark.parametrize("entry", FIXED)
def test_what_is_fixed_cannot_be_any_value(entry: str) -> None:
    path = entry.partition(" ")[0]
    others = {name: value for name, value in FIXED.items() if name != entry}
    each = rows_for("7.24", frozenset(LEFT), others)
    assert runs("7.24", each), f"{path} needs no value of its own any longer"
