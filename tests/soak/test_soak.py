"""A daemon and thirty routers through a storm: it does not grow, leaves none behind, and in the end all is as declared.

Not part of `make test`: `make soak` lets it blow for ten minutes (`make soak SECONDS=60` for one).
"""

from __future__ import annotations

import os
import random
import sys
import time
from datetime import datetime
from typing import Any

import pytest
from gitops_room import POOL, Team, team
from soak_meter import Meter
from soak_storm import POOLS, Storm, declare, ranges

SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
SEED = int(os.environ.get("SOAK_SEED", "1"))
NAMES = tuple(f"edge-{number:02}" for number in range(30))
WATCHED = frozenset(NAMES[-4:])
SETTINGS = {
    "daemon": {"interval": "2s", "poll": "1s"},
    "rollout": {
        "settle": "200ms", "patience": "10s", "waves": [3, "100%"], "max-failures": "100%", "on-failure": "hold",
    },
}  # fmt: skip

STEP = 0.2
BEHIND = 60.0
"""Seconds of calm within which every router is looked at; the longest pause after a command without an answer."""

MEMORY, DESCRIPTORS, THREADS = 10.0, 12, 4
"""What may come on top from the second third to the last: MB, and numbers."""


@pytest.fixture
def office(tmp_path):
    with team(tmp_path, *NAMES, **SETTINGS) as both:
        for name in NAMES:
            declare(both, name, POOLS if name not in WATCHED else 1, watched=name in WATCHED)
        for name in WATCHED:
            both.made.lab[name].done_by("admin", f"{POOL}/add", "=name=p0", f"=ranges={ranges(0)}")
        both.push()
        both.start()
        both.until(lambda: calm(both), "the first rollout")
        yield both


def calm(both: Team) -> bool:
    return not unlike(both)


def unlike(both: Team) -> list[dict[str, Any]]:
    """The routers that are not as declared, or of which nothing is known."""
    routers = both.status().get("routers", {})
    return [routers.get(name, {"name": name}) for name in NAMES if routers.get(name, {}).get("state") != "converged"]


def test_it_neither_grows_nor_leaves_a_router_behind(office):
    storm = Storm(office, NAMES, WATCHED, random.Random(SEED))
    meter = Meter(office.pid)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        storm.step()
        meter.look()
        left_behind(office, storm)
        time.sleep(STEP)
    storm.end()
    office.until(lambda: not office.served.trouble, "the remote is back")
    commit = storm.merge()
    office.until(lambda: office.status().get("commit") == commit, "the last commit is in force")
    settled(office, commit)
    sys.stdout.write(f"\nseed {SEED}, {SECONDS:.0f} s: {storm.counts}\n{meter.told()}\n")
    as_declared(office, storm)
    did_not_grow(meter)
    assert not [each for each in office.events("failed") if "fault of trueup's own" in each["text"]]
    assert office.stop() == 0
    assert all(not alone(office, name) for name in NAMES), "connections are left behind"


def settled(office: Team, commit: str) -> None:
    """No rollout is under way, and all are as the commit declares, before long."""
    until = time.monotonic() + 2 * BEHIND
    while True:
        routers = office.status()["routers"].values()
        left = [each for each in routers if each["state"] != "converged" or each["target"] != commit]
        if not left and "rollout" not in office.status():
            return
        assert time.monotonic() < until, left or office.status()["rollout"]
        time.sleep(STEP)


def left_behind(office: Team, storm: Storm) -> None:
    """Every router that nothing has been wrong with for a while was looked at in that while."""
    status, now = office.status(), time.time()
    for name, since in storm.calm.items():
        rested = time.monotonic() - since if since is not None else 0.0
        if rested > BEHIND:
            seen = datetime.fromisoformat(status["routers"][name]["seen"]).timestamp()
            assert now - seen < BEHIND, f"{name} was left behind: {status['routers'][name]}"


def as_declared(office: Team, storm: Storm) -> None:
    for name, size in storm.sizes.items():
        wanted = {f"p{n}": ranges(n) for n in range(size if name not in WATCHED else 1)}
        assert {row["name"]: row["ranges"] for row in office.made.lab[name].rows(POOL)} == wanted, name
        assert office.made.lab[name].rows("/system/scheduler") == [], name


def did_not_grow(meter: Meter) -> None:
    for allowed, of in (
        (MEMORY, lambda sample: sample.memory),
        (DESCRIPTORS, lambda sample: sample.descriptors),
        (DESCRIPTORS, lambda sample: sample.connections),
        (THREADS, lambda sample: sample.threads),
        (THREADS, lambda sample: sample.children),
    ):
        before, after = meter.grown(of)
        assert after - before <= allowed, meter.told()


def alone(office: Team, name: str) -> bool:
    """Whether somebody is still logged in."""
    until = time.monotonic() + 5
    while (left := bool(office.made.lab[name].rows("/user/active"))) and time.monotonic() < until:
        time.sleep(0.05)
    return left
