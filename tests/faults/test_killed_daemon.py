"""A daemon killed at any point: see daemon_matrix.holds.

A sample of the schedules, or with --every-schedule all of them (`make test-faults`).
"""

from __future__ import annotations

import pytest
from daemon_matrix import Schedule, hall, holds, schedules

LEAST = 30
SAMPLE = ("files written 3", "before finish 1 in a roll-back")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "schedule" not in metafunc.fixturenames:
        return
    every = schedules() if metafunc.config.getoption("--every-schedule") else sample()
    metafunc.parametrize("schedule", every, ids=str)


def sample() -> list[Schedule]:
    return [each for each in schedules() if str(each) in SAMPLE]


def test_after_a_kill_every_router_ends_as_declared_and_the_rollout_is_one(schedule, tmp_path):
    with hall(tmp_path, schedule) as there:
        holds(there, schedule)


def test_the_matrix_has_its_schedules_and_the_sample_is_of_them():
    assert len(schedules()) >= LEAST
    assert len(sample()) == len(SAMPLE)
