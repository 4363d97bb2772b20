"""A plan that has to be confirmed, from the apply to its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import Room, room, spec

POOL = "/ip/pool"
BEFORE = {POOL: [{"name": "old", "ranges": "10.0.1.2-10.0.1.9"}, {"name": "kept", "ranges": "10.0.2.2-10.0.2.9"}]}
AFTER = {POOL: [{"name": "new", "ranges": "10.0.3.2-10.0.3.9"}, {"name": "kept", "ranges": "10.0.2.2-10.0.2.99"}]}


@pytest.fixture(params=["6.49", "7.16", "7.24"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """A router on which BEFORE was applied, and AFTER is declared."""
    with room(tmp_path, spec("edge", version=request.param)) as made:
        made.declare("edge", BEFORE)
        made.commit()
        assert made.trueup("apply").code == 0
        made.declare("edge", AFTER)
        made.commit()
        yield made


def pools(made: Room) -> dict[str, str]:
    return {row["name"]: row["ranges"] for row in made.lab["edge"].rows(POOL)}


def nets(made: Room) -> list[str]:
    """What nets have put on the router."""
    return [row["name"] for menu in ("/system/scheduler", "/system/script") for row in made.lab["edge"].rows(menu)]


THEN = {row["name"]: row["ranges"] for row in BEFORE[POOL]}
NOW = {row["name"]: row["ranges"] for row in AFTER[POOL]}


def test_what_is_confirmed_stays(made):
    said = made.trueup("apply", "--confirm-within", "10m")
    assert said.code == 0, said.all
    assert "taken back by the router in 10m unless confirmed: trueup confirm edge" in said.out
    assert pools(made) == NOW
    assert len(nets(made)) == 2
    assert made.trueup("confirm").code == 0
    assert nets(made) == []
    made.lab["edge"].router.advance(3600)
    assert pools(made) == NOW
    assert made.trueup("plan").code == 0
    assert outcomes(made)[0] == "confirmed"


def test_what_is_not_confirmed_is_taken_back_and_the_next_plan_is_the_same(made):
    made.trueup("apply", "--confirm-within", "10m")
    made.lab["edge"].router.advance(595)
    assert pools(made) == NOW
    made.lab["edge"].router.advance(10)
    assert pools(made) == THEN
    assert nets(made) == []
    said = made.trueup("confirm")
    assert said.code == 1
    assert "the router has taken the change back by itself" in said.err
    assert outcomes(made)[0] == "undone"
    plan = made.trueup("plan")
    assert plan.code == 2
    assert "1 row to add, 1 to change, 1 to remove" in plan.out, "what was removed and came back is still ours"
    assert "by hand" not in plan.out
    assert made.trueup("apply").code == 0
    assert pools(made) == NOW


def test_a_rollback_takes_it_back_at_once(made):
    made.trueup("apply", "--confirm-within", "10m")
    assert made.trueup("rollback").code == 0
    assert pools(made) == THEN
    assert nets(made) == []
    assert outcomes(made)[0] == "undone"
    assert "by hand" not in made.trueup("plan").out
    assert made.trueup("apply").code == 0
    assert pools(made) == NOW


def test_a_second_change_is_refused_while_one_waits(made):
    made.trueup("apply", "--confirm-within", "10m")
    assert "is taken back soon unless confirmed: trueup confirm edge" in made.trueup("plan").out
    made.declare("edge", BEFORE)
    made.commit()
    said = made.trueup("apply")
    assert said.code == 1
    assert "still waiting to be confirmed" in said.err
    assert "trueup confirm edge" in said.err
    assert pools(made) == NOW


def test_nothing_waits(made):
    for command in ("confirm", "rollback"):
        said = made.trueup(command)
        assert said.code == 1
        assert "nothing waits to be confirmed" in said.err


def test_what_came_of_it_as_json(made):
    made.trueup("apply", "--confirm-within", "10m")
    said = made.trueup("confirm", "--json")
    assert said.code == 0
    assert json.loads(said.out)["routers"] == [{"router": "edge", "outcome": "confirmed: it stays as it is"}]
    said = made.trueup("rollback", "--json")
    assert said.code == 1
    [told] = json.loads(said.out)["routers"]
    assert told["router"] == "edge"
    assert "nothing waits to be confirmed" in told["problems"][0]


def outcomes(made: Room) -> list[str]:
    return [run["routers"]["edge"]["outcome"] for run in json.loads(made.trueup("log", "--json").out)["runs"]]


def test_a_script_that_ran_too_early_is_not_taken_for_success(tmp_path):
    """Its time passes while the change is verified."""
    with room(tmp_path, spec("edge", version="7.16")) as made:
        made.declare("edge", BEFORE)
        made.commit()
        made.trueup("apply")
        made.declare("edge", AFTER)
        made.commit()
        served = made.lab["edge"]
        remember, probed = served.remember, 0

        def early(sentence):
            nonlocal probed
            remember(sentence)
            probed += sentence[0] == "/system/identity/print"
            if probed == 1:
                probed += 1
                served.router.advance(3600)

        served.remember = early
        said = made.trueup("apply")
        assert said.code == 1, said.all
        assert "the inverse script ran before it could be taken down" in said.out
        assert "all of it was taken back" in said.out
        assert pools(made) == THEN
        served.remember = remember
        assert made.trueup("apply").code == 0
        assert pools(made) == NOW
