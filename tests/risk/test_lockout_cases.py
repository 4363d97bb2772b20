"""Lock-out cases: what is on the router, what is declared, where the manager comes from, and what must come of it.

Each file of cases/ holds several. `live` and `desired` are rows by menu (a desired menu is the whole menu; `dynamic`
marks a live row that the router made itself); `verdict` is that of the plan once it was put in order, `because` a
fragment of every reason, and `order` the menus of the changes in their order, where that is part of the promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from trueup.diff import Keys, difference
from trueup.diff.reads import menus_to_read
from trueup.order import order_with_needs
from trueup.plan import Plan
from trueup.plan.risk import Lockout
from trueup.risk import Manager, analyse, make_before_break
from trueup.row import Desired, Facts, Live, Row, Scope, Secret, Table
from trueup_schemas.catalogue import catalogue
from trueup_schemas.secret import SecretRef

CASES = {
    f"{file.stem}: {case['about']}": case
    for file in sorted(Path(__file__).parent.glob("cases/*.yaml"))
    for case in yaml.safe_load(file.read_text())
}
KNOWN = catalogue("7.24")
KEYS = Keys(lambda ref: Secret(ref.name), lambda ref: "", lambda text: str(hash(text)))
MANAGER = {"source": "192.0.2.10", "destination": "198.51.100.1", "port": 8729, "user": "trueup", "password": "api"}
FACTS = Facts("7.24", "CHR", "CHR", "serial", 60, datetime(2026, 1, 1, tzinfo=UTC))


def row(values: dict[str, Any], id: str = "") -> Row:
    texts = {n: SecretRef(v["secret"]) if isinstance(v, dict) else str(v) for n, v in values.items() if n != "dynamic"}
    held = {n: Secret("old") if id and isinstance(v, SecretRef) else v for n, v in texts.items()}
    return Row(held, id=id, fixed="dynamic" if "dynamic" in values else "")


def live_rows(menu: str, rows: list[dict[str, Any]]) -> Iterator[Row]:
    for number, values in enumerate(rows, 1):
        yield row(values, "" if KNOWN.menu(menu).kind == "singleton" else f"*{number:X}")


def judged(case: dict[str, Any]) -> tuple[Plan, Lockout]:
    """The plan of a case in its order, and what it does to the manager's way in."""
    declared = case["desired"]
    tables = {menu: Table(menu, tuple(live_rows(menu, rows))) for menu, rows in case["live"].items()}
    desired = Desired(
        "r1",
        {
            menu: Table(menu, tuple(map(row, rows)), (Scope({}, KNOWN.menu(menu).kind != "fixed"),))
            for menu, rows in declared.items()
        },
    )
    for menu in menus_to_read(desired, None, KNOWN):
        tables.setdefault(menu.path, Table(menu.path))
    tables.setdefault("/ip/route", Table("/ip/route", (row({"gateway": "198.51.100.254"}, "*D"),)))
    live = Live(FACTS, tables)
    plan, needs = order_with_needs(difference(desired, live, None, KNOWN, KEYS), desired, live, KNOWN, KEYS)
    manager = Manager(**{**MANAGER, **case.get("manager", {})})
    plan = make_before_break(plan, tables, manager, KNOWN, needs)
    return plan, analyse(plan, tables, manager, KNOWN)


@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_judged_as_told(name: str) -> None:
    case = CASES[name]
    plan, lockout = judged(case)
    assert not plan.empty
    assert lockout.verdict == case["verdict"], lockout
    said = "\n".join(cut.text for cut in lockout.cuts)
    for fragment in case.get("because", ()):
        assert fragment in said
    if "order" in case:
        assert [f"{type(c).__name__.lower()} {c.menu}" for c in plan.changes] == case["order"]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 30
