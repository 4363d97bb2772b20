"""The process killed at any write of an apply: nets leave all or nothing, and the next apply goes on.

A sample of the points, or with --every-schedule all of them.
"""

from __future__ import annotations

import pytest
from fleet_room import room, spec
from test_recover import POOL, POOLS, ROWS, journal, kill, noticed, pools, scripts

WRITES = {"7.24": POOLS + 2, "7.16": POOLS + 4}
"""Writes of an apply: the rows', and those that take and release safe mode, or bring and remove a script."""

EDGE = 5
"""Writes at either end that are all tried; of those between, which are alike, every third."""

SAMPLE = (1, 3, POOLS + 2)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = metafunc.config.getoption("--every-schedule")
    points = [
        (version, at)
        for version, most in WRITES.items()
        for at in range(1, most + 1)
        if at in SAMPLE or (every and (at % 3 == 0 or at < EDGE or at > most - EDGE))
    ]
    metafunc.parametrize(("version", "at"), points)


def test_a_kill_leaves_all_or_nothing_and_the_next_apply_goes_on(version, at, tmp_path):
    with room(tmp_path, spec("edge", version=version, per_command=0.002)) as made:
        made.declare("edge", {POOL: []})
        made.commit()
        made.declare("edge", ROWS)
        made.commit()
        kill(made, at)
        noticed(made)
        made.lab["edge"].router.advance(600)
        assert pools(made) in (0, POOLS)
        assert made.lab["edge"].rows("/system/scheduler") == []
        assert len(scripts(made)) <= 1, "one that nothing runs, killed before it was scheduled, or as it was removed"
        said = made.trueup("apply")
        assert said.code == 0, said.all
        assert pools(made) == POOLS
        if "nothing to do" in said.out:
            assert made.trueup("recover", "--keep").code == 0
        assert scripts(made) == []
        assert made.trueup("plan").code == 0
        assert not journal(made).exists()
