"""A team runs twenty routers from git: pull request, merge, waves, a bad change, a hand edit, a window, a crash."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from gitops_room import POOL, Team, team

NAMES = tuple(f"edge-{i:02}" for i in range(20))
SETTINGS = {
    "daemon": {"interval": "2s", "poll": "1s"},
    "rollout": {"settle": "200ms", "waves": [{"label": "canary"}, 5, "100%"]},
    "defaults": {"reconcile": {"mode": "propose"}},
}


@pytest.fixture
def office(tmp_path):
    with team(tmp_path, *NAMES, **SETTINGS) as both:
        both.start()
        both.until(lambda: all(both.pools(name) == 1 for name in NAMES), "the first rollout")
        idle(both)
        yield both


def idle(both: Team) -> None:
    both.until(lambda: "rollout" not in both.status(), "no rollout is under way")
    both.until(lambda: all(both.router(name).get("state") == "converged" for name in NAMES), "all are as declared")


def merged(both: Team, branch: str) -> str:
    number = both.forge.open(branch, base="main", title=f"Change {branch}").number
    commit = both.forge.merge(number)
    both.until(lambda: both.status().get("commit") == commit, f"{branch} is in force")
    return commit


def test_a_team_runs_its_network_from_git(office):
    review_and_merge(office)
    stop_a_bad_change_at_the_canary(office)
    propose_a_hand_edit(office)
    hold_back_outside_a_window(office)
    go_on_after_a_crash(office)
    assert office.stop() == 0
    assert [row["name"] for row in office.made.lab[NAMES[0]].rows("/system/scheduler")] == []


def review_and_merge(both: Team) -> None:
    """The pull request is commented before it is merged, and its waves are in order."""
    both.branch("more")
    for name in NAMES[:10]:
        both.declare(name, 2, labels=["canary"] if name == NAMES[0] else [])
    both.push("more", "Two pools for half of them")
    pull = both.forge.open("more", base="main", title="More pools")
    for _ in range(2):
        said = both.ci("--base", "origin/main", "--head", "origin/more", "--publish")
        assert said.returncode == 0, said.stdout + said.stderr
    (comment,) = both.forge.ours(pull.number)
    assert "10 routers" in comment
    assert "edge-00" in comment
    assert both.forge.statuses[-1].state == "success"
    before = len(both.status().get("past", ()))
    commit = both.forge.merge(pull.number)
    both.until(lambda: both.status().get("commit") == commit, "the merge is in force")
    both.until(lambda: len(both.status().get("past", ())) > before, "the rollout has ended")
    idle(both)
    assert [both.pools(name) for name in NAMES] == [2] * 10 + [1] * 10
    rollout = both.status()["past"][0]
    assert [len(wave) for wave in rollout["waves"]] == [1, 5, 4]
    ends = [max(rollout["routers"][name]["since"] for name in wave) for wave in rollout["waves"]]
    assert ends == sorted(ends)


def stop_a_bad_change_at_the_canary(both: Team) -> None:
    """What the canary's own router refuses reaches no other, the canary is as it was, and a revert goes on."""
    both.branch("bad")
    for name in NAMES:
        rows = {POOL: [{"name": "p0", "ranges": "10.0.0.2-10.0.0.9", "next-pool": "p9"}]}
        both.made.declare(name, rows, labels=["canary"] if name == NAMES[0] else [])
    both.push("bad", "A pool that is not there")
    merged(both, "bad")
    both.until(lambda: both.status().get("rollout", {}).get("state") == "stopped", "it is stopped")
    rollout = both.status()["rollout"]
    assert "trueup rollout retry" in rollout["remedy"]
    assert {part["state"] for name, part in rollout["routers"].items() if name != NAMES[0]} == {"waiting"}
    both.until(lambda: both.router(NAMES[0])["state"] == "converged", "the canary has gone back")
    assert [both.pools(name) for name in NAMES] == [2] * 10 + [1] * 10
    both.branch("mended")
    for index, name in enumerate(NAMES):
        both.declare(name, 2 if index < 10 else 1, labels=["canary"] if name == NAMES[0] else [])
    both.push("mended", "Back to what was")
    merged(both, "mended")
    idle(both)


def propose_a_hand_edit(both: Team) -> None:
    """Drift is told with its author, stays, and is offered as a pull request; its merge makes it declared."""
    router = both.made.lab[NAMES[3]].router
    router.execute([f"{POOL}/set", "=.id=*1", "=ranges=10.77.0.2-10.77.0.9"], user="anna")
    both.until(lambda: both.events("proposed", NAMES[3]), "it is proposed")
    both.until(lambda: both.router(NAMES[3]).get("drift"), "the status tells it")
    drift = both.router(NAMES[3])["drift"][0]
    assert drift["author"] == "anna"
    assert drift["cause"] == "drift"
    pull = next(pull for pull in both.forge.pulls.values() if pull.branch.startswith("trueup/adopt/"))
    assert "anna" in pull.body
    assert "10.77" not in pull.body
    assert both.made.lab[NAMES[3]].rows(POOL)[0]["ranges"] == "10.77.0.2-10.77.0.9"
    both.forge.merge(pull.number)
    idle(both)
    assert both.made.lab[NAMES[3]].rows(POOL)[0]["ranges"] == "10.77.0.2-10.77.0.9"


def hold_back_outside_a_window(both: Team) -> None:
    both.branch("window")
    now = datetime.now(UTC)
    closed = {"kind": "deny", "name": "freeze", "since": str(now.date()), "until": str((now + timedelta(1)).date())}
    both.made.write("trueup.yaml", {**settings(both), "windows": [closed]})
    both.declare(NAMES[15], 3)
    both.push("window", "Three pools, and a freeze")
    merged(both, "window")
    both.until(lambda: both.router(NAMES[15]).get("state") == "pending", "it waits")
    assert "freeze" in both.router(NAMES[15])["reason"]
    assert both.pools(NAMES[15]) == 1
    both.branch("thaw")
    both.made.write("trueup.yaml", settings(both))
    both.push("thaw", "The freeze is over")
    merged(both, "thaw")
    both.until(lambda: both.pools(NAMES[15]) == 3, "it is written")
    idle(both)


def go_on_after_a_crash(both: Team) -> None:
    """Killed in the middle of a rollout, the daemon that starts anew ends it."""
    both.branch("last")
    for index, name in enumerate(NAMES):
        both.declare(name, 5, labels=["canary"] if index == 0 else [])
    both.push("last", "Five pools")
    merged(both, "last")
    both.until(lambda: sum(both.pools(name) == 5 for name in NAMES) >= 3, "some have it")
    both.kill()
    assert any(both.pools(name) != 5 for name in NAMES), "killed too late to prove anything"
    both.start()
    both.until(lambda: all(both.pools(name) == 5 for name in NAMES), "all have it")
    idle(both)


def settings(both: Team) -> dict:
    from fleet_room import Named

    forge = {**both.forge.settings, "token": Named("forge/token")}
    return {"network": "net", "forge": forge, **json.loads(json.dumps(SETTINGS))}
