"""Every property of every menu: changed, added or removed by one plan, it is put back by one script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from bench import DAY, Bench, bare
from every_router import rows_for, spec
from every_row import Rows
from test_every_property import FIXED, LEFT

from trueup.inverse import Uncovered
from trueup.lab import Router
from trueup.lab.scripting import interpret
from trueup.plan import Plan
from trueup.row import Secret, Table
from trueup_schemas.secret import SecretRef

VOLATILE = "/system/script/environment"
"""Global variables of scripts: the router itself forgets them."""
WHERE = re.compile(r" of a row in (\S+) refers to it")


class Everything(Bench):
    """A router with rows of every kind; declarations are tables already."""

    def __post_init__(self) -> None:
        self.now = 1_800_000_000.0
        self.router = Router(spec(self.version), clock=lambda: self.now)
        self.router.booted -= DAY
        self.owned = None
        self.values: dict[SecretRef, str] = {}

    def resolve(self, ref: SecretRef) -> Secret:
        return Secret(self.values[ref])

    def tables(self, declared: Mapping[str, Any]) -> dict[str, Table]:
        return dict(declared)


def rows(version: str, turn: int) -> Rows:
    return rows_for(version, frozenset(LEFT), FIXED, turn)


def told(plan: Plan, uncovered: tuple[Uncovered, ...]) -> set[str]:
    """The menus of which the script says that something stays."""
    named = {found[1] for each in uncovered if (found := WHERE.search(each.reason))}
    return {plan.changes[each.change].menu for each in uncovered} | named


@pytest.mark.parametrize(
    ("version", "first", "second", "part"),
    [("7.24", 0, 1, 1), ("7.16", 0, None, 0.9), ("6.49", None, 0, 1)],
)
def test_everything_is_put_back(
    version: str, first: int | None, second: int | None, part: float, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(interpret, "STEPS", 10_000_000)  # a bound against scripts without end, not for such as these
    bench = Everything(version)
    sides = [None if turn is None else rows(version, turn) for turn in (first, second)]
    tables = [side.tables if side else {} for side in sides]
    bench.values = {ref: value for side in sides if side for ref, value in side.secrets.items()}
    bench.apply(tables[0])
    plan, live = bench.plan(tables[1])
    undo = bench.undo(plan, live)
    assert len(plan.changes) > 400
    menus = sorted({change.menu for change in plan.changes} - {VOLATILE})
    before = bench.holdings(menus)
    bench.carry_out(plan, range(int(len(plan.changes) * part)))
    bench.fire(undo.script)
    was, now = bare(bench.known, before), bare(bench.known, bench.holdings(menus))
    assert [path for path in menus if was[path] != now[path] and path not in told(plan, undo.uncovered)] == []
    assert not [value for value in bench.values.values() if len(value) > 40 and value in undo.script]
