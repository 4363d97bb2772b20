"""Whatever fails at whatever point under whatever net: see fault_matrix.holds.

A sample of the schedules, or with --every-schedule all of them (`make test-faults`).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fault_matrix import FAULTS, SETTINGS, Setting, Travel, holds, schedules, travel

LEAST = 2000
"""Schedules that the matrix has at least."""

STRIDE = 29
"""One schedule of so many is in the sample."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "point" not in metafunc.fixturenames:
        return
    chosen = schedules() if metafunc.config.getoption("--every-schedule") else schedules()[::STRIDE]
    ids = [f"{setting.name}-{fault}-{point}" for setting, fault, point in chosen]
    metafunc.parametrize(("made", "fault", "point"), chosen, ids=ids, indirect=["made"], scope="module")


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Travel]:
    with travel(tmp_path_factory.mktemp("faults"), request.param) as made:
        yield made


def test_the_router_ends_as_it_was_or_as_reported_and_the_next_plan_converges(made, fault, point):
    holds(made, fault, point)


def test_the_matrix_has_every_fault_under_every_net():
    every = schedules()
    assert len(every) >= LEAST
    assert {(setting.name, fault) for setting, fault, _ in every} == {(s.name, f) for s in SETTINGS for f in FAULTS}
    sample = every[::STRIDE]
    assert {fault for _, fault, _ in sample} == set(FAULTS)
    assert {setting for setting, _, _ in sample} == set(SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_command_of_an_apply_is_a_point(setting: Setting, tmp_path_factory: pytest.TempPathFactory):
    with travel(tmp_path_factory.mktemp("points"), setting) as made:
        assert len(made.arrived.commands) == setting.points
