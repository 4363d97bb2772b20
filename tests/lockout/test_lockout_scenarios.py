"""No scenario locks the manager out: it is made safe by order, refused, or rolled back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lockout_room import Stage, scenarios, shut, stage

import trueup.fleet.way_in

CASES = scenarios()
APPLIED = [about for about, case in CASES.items() if case["end"] in ("kept", "made safe by order")]
REORDERED = [about for about, case in CASES.items() if case["end"] == "made safe by order"]
REFUSED = [about for about, case in CASES.items() if case["end"] in ("refused", "rolled back")]


def connects(made: Stage) -> None:
    """The manager can come back, and find the router as it was left."""
    assert shut(made.served.router) == ""
    said = made.made.trueup("plan")
    assert said.code in (0, 2), said.all


@pytest.mark.parametrize("about", APPLIED)
def test_a_plan_called_safe_lets_the_manager_in_after_every_command(about: str, tmp_path: Path) -> None:
    with stage(tmp_path, CASES[about]) as made:
        said, watch = made.apply()
        assert said.code == 0, said.all
        assert watch.steps
        assert watch.cuts == []
        after = made.made.trueup("plan")
        assert after.code == 0, after.all


@pytest.mark.parametrize("about", REORDERED)
def test_another_order_would_have_cut(about: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with stage(tmp_path, CASES[about]) as made:
        assert "manager's path kept" in made.made.trueup("plan").out
        monkeypatch.setattr(trueup.fleet.way_in, "make_before_break", lambda plan, *_: plan)
        assert "manager's path kept" not in made.made.trueup("plan").out


@pytest.mark.parametrize("about", REFUSED)
def test_a_plan_that_cuts_is_refused_before_anything_is_written(about: str, tmp_path: Path) -> None:
    case: dict[str, Any] = CASES[about]
    with stage(tmp_path, case) as made:
        said, watch = made.apply()
        assert said.code == 1, said.all
        assert "--allow-lockout" in said.all
        for fragment in case["because"]:
            assert fragment in said.all
        assert watch.steps == []
        connects(made)


def test_there_are_enough_scenarios() -> None:
    assert len(CASES) >= 30
