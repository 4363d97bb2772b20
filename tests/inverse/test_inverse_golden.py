"""Small plans with the scripts that undo them, to be read: golden/NAME.yaml and golden/NAME.rsc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from bench import Bench, bare

from trueup.row import Place

HERE = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in HERE.glob("*.yaml"))


def rows(declared: dict[str, Any]) -> dict[str, Any]:
    """Declarations as the file has them; a place is written `first` or `last`."""
    return {
        path: [{**row, "place": Place(row["place"])} if "place" in row else row for row in each]
        for path, each in declared.items()
    }


def travelled(case: dict[str, Any]) -> tuple[Bench, Any, str]:
    bench = Bench(str(case.get("version", "7.24")), case.get("router", {}))
    bench.apply(rows(case["before"]))
    plan, live = bench.plan(rows(case["after"]))
    return bench, plan, bench.undo(plan, live).script


@pytest.mark.parametrize("name", CASES)
def test_the_script_is_as_written_and_undoes_the_plan(name: str):
    case = yaml.safe_load((HERE / f"{name}.yaml").read_text())
    bench, plan, script = travelled(case)
    assert script == (HERE / f"{name}.rsc").read_text()
    menus = sorted({change.menu for change in plan.changes})
    before = bare(bench.known, bench.holdings(menus))
    bench.carry_out(plan)
    assert bare(bench.known, bench.holdings(menus)) != before
    assert bench.fire(script)[-1] == "trueup: undone"
    assert bare(bench.known, bench.holdings(menus)) == before


def test_there_are_cases():
    assert len(CASES) >= 5
    assert sorted(path.stem for path in HERE.glob("*.rsc")) == CASES
