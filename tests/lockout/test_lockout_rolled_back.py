"""What is applied although it cuts the manager off is undone by the net, in bounded time of the router's own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from lockout_room import BOUND, Stage, scenarios, shut, stage

from trueup.lab import Router

ENDS = ("rolled back", "refused") if os.environ.get("LOCKOUT_ALL") else ("rolled back",)
"""All that is refused is rolled back too where somebody asks for it, which takes minutes."""

CASES = {about: case for about, case in scenarios().items() if case["end"] in ENDS and "stays" not in case}

STEP = 30.0
"""Seconds of the router's time that pass at once while nobody gets in."""

TICK = 0.02
DEADLINE = 0.5
GIVEN_UP = 2 * DEADLINE
"""Seconds after which whoever was cut off has stopped waiting for answers: no net acts sooner."""

MADE = frozenset({".id", "creation-time"})
"""What a row that comes back gets anew."""


@contextmanager
def hurrying(router: Router) -> Iterator[list[float]]:
    """Let the router's time pass quickly while it is cut off; tells how many seconds that were."""
    over, passed = threading.Event(), [0.0]

    def hurry() -> None:
        quiet = 0.0
        while not over.wait(TICK):
            quiet = quiet + TICK if shut(router) else 0.0
            if quiet > GIVEN_UP and passed[0] <= BOUND:
                router.advance(STEP)
                passed[0] += STEP

    thread = threading.Thread(target=hurry)
    thread.start()
    try:
        yield passed
    finally:
        over.set()
        thread.join()


def held(made: Stage) -> dict[str, list[dict[str, str]]]:
    """What the router holds, whatever the ids."""
    router = made.served.router
    menus = {*made.case["declared"], *made.case.get("before", {}), *made.case.get("router", {})}
    rows = {menu: [row for row in router.rows(menu) if row.get("dynamic") != "true"] for menu in sorted(menus)}
    return {menu: [{n: v for n, v in row.items() if n not in MADE} for row in table] for menu, table in rows.items()}


NETS = find_spec("trueup.plan.net") is not None


def test_there_are_scenarios_for_the_net() -> None:
    assert len(CASES) >= 10


if NETS:

    @pytest.mark.parametrize("about", CASES)
    def test_the_net_takes_back_what_cut_the_manager_off(
        about: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("trueup.device.session.DEADLINE", DEADLINE)
        monkeypatch.setattr("trueup.device.line.FIRST", 0.05)
        with stage(tmp_path, CASES[about]) as made:
            before = held(made)
            with hurrying(made.served.router) as passed:
                said, watch = made.apply("--allow-lockout")
            assert watch.cuts, "nothing cut the manager off"
            assert said.code == 1, said.all
            assert passed[0] <= BOUND
            assert shut(made.served.router) == ""
            assert held(made) == before
            again = made.made.trueup("plan")
            assert again.code == 2, again.all
