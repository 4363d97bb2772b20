"""Whatever fails at whatever point under whatever net: see fault_matrix.holds.

A sample of the schedules, or with --every-schedule all of them (`make test-faults`).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fault_matrix import FAULTS, SETTINGS, Travel, holds, travel

POINTS = 62
"""Commands of the longest apply, at each of which every fault strikes once; shorter ones have fewer points."""

STRIDE = 23
"""One schedule of so many is in the sample; no divisor of the number of faults, so that all of them come."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "point" not in metafunc.fixturenames:
        return
    every = metafunc.config.getoption("--every-schedule")
    schedules = [(setting, fault, point) for setting in SETTINGS for point in range(POINTS) for fault in FAULTS]
    chosen = schedules if every else schedules[::STRIDE]
    ids = [f"{setting.name}-{fault}-{point}" for setting, fault, point in chosen]
    metafunc.parametrize(("made", "fault", "point"), chosen, ids=ids, indirect=["made"], scope="module")


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Travel]:
    with travel(tmp_path_factory.mktemp("faults"), request.param) as made:
        yield made


def test_the_router_ends_as_it_was_or_as_reported_and_the_next_plan_converges(made, fault, point):
    holds(made, fault, point)
