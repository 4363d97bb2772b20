"""`trueup apply FILE` carries out exactly the plan in the file, or nothing, and says why."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fleet_room import IDENTITY, Named, Room, Said, room, spec
from hypothesis import given, settings
from hypothesis import strategies as st

FILTER = "/ip/firewall/filter"


def rule(comment: str) -> dict[str, str]:
    return {"chain": "input", "action": "accept", "comment": comment}


SEED = {
    FILTER: [rule("theirs, first"), rule("theirs, last")],
    "/ip/pool": [{"name": "theirs", "ranges": "10.9.0.2-10.9.0.9"}],
    "/ppp/profile": [{"name": "changed"}],
}
ROWS = {
    "/ppp/profile": [{"name": "changed", "remote-address": "theirs"}],
    FILTER: [{**rule("ours"), "place": {"after": {"comment": "theirs, first"}}}],
    "/ip/hotspot/user": [{"name": "alice", "password": Named("guest")}],
}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, spec("edge-1", seed=SEED), spec("edge-2")) as made:
        made.patch.setenv("TRUEUP_SECRET_GUEST", "canary-guest")
        made.declare("edge-1", ROWS)
        made.declare("edge-2", IDENTITY)
        made.commit()
        yield made


def save(made: Room, *words: str) -> str:
    file = made.folder / "plan.json"
    assert made.trueup("plan", *words, "--out", str(file)).code == 2
    return str(file)


def refused(said: Said, *says: str) -> None:
    assert said.code == 1
    assert "Traceback" not in said.all
    for text in says:
        assert text in said.err


def test_exactly_the_saved_plan_is_applied(made):
    file = save(made, "edge-1")
    said = made.trueup("apply", file)
    assert said.code == 0, said.err
    assert made.wrote("edge-1")
    assert not made.wrote("edge-2"), "a router that the plan does not name is left alone"
    assert made.trueup("plan", "edge-1").code == 0


def test_a_plan_that_has_been_applied_is_stale(made):
    file = save(made, "edge-1")
    made.trueup("apply", file)
    before = len(made.wrote("edge-1"))
    refused(made.trueup("apply", file), "edge-1: the saved plan is stale", "is no longer needed; plan again")
    assert len(made.wrote("edge-1")) == before


def edit_the_row(made: Room) -> None:
    row(made, "/ppp/profile", "changed").values["only-one"] = "yes"


def move_the_neighbour(made: Room) -> None:
    rules = made.lab["edge-1"].router.menu(FILTER).table.rows
    rules.reverse()


def take_the_referenced_row_away(made: Room) -> None:
    pools = made.lab["edge-1"].router.menu("/ip/pool").table.rows
    del pools[[each.values["name"] for each in pools].index("theirs")]


def declare_other_rows(made: Room) -> None:
    made.declare("edge-1", ROWS | {"/system/identity": {"name": "more"}})
    made.commit()


def change_the_secret(made: Room) -> None:
    made.patch.setenv("TRUEUP_SECRET_GUEST", "canary-another")


def row(made: Room, menu: str, name: str) -> Any:
    return next(each for each in made.lab["edge-1"].router.menu(menu).table if each.values["name"] == name)


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (edit_the_row, "set /ppp/profile changed is different now"),
        (move_the_neighbour, "add /ip/firewall/filter input ours accept is different now"),
        (take_the_referenced_row_away, "theirs"),
        (declare_other_rows, "set /system/identity is needed now"),
        (change_the_secret, "add /ip/hotspot/user"),
    ],
)
def test_a_stale_plan_is_refused_and_what_changed_is_said(made, happens, says):
    file = save(made, "edge-1")
    happens(made)
    said = made.trueup("apply", file)
    refused(said, "edge-1", says)
    assert "canary" not in said.all
    assert not made.wrote("edge-1")


def test_a_plan_for_another_box_is_refused(made):
    file = Path(save(made, "edge-1"))
    document = json.loads(file.read_text())
    document["plans"][0]["serial"] = "HGE0A1B2C3D"
    file.write_text(json.dumps(document))
    refused(made.trueup("apply", str(file)), "the router's serial was HGE0A1B2C3D, now SNedge-1", "plan again")
    assert not made.wrote("edge-1")


def test_another_commit_with_the_same_rows_is_no_reason_to_refuse(made):
    file = save(made, "edge-1")
    (made.network / "README.md").write_text("words\n")
    made.commit("Say more")
    assert made.trueup("apply", file).code == 0


def test_one_stale_plan_stops_the_others_of_its_file(made):
    file = save(made)
    edit_the_row(made)
    refused(made.trueup("apply", file), "edge-1: the saved plan is stale")
    assert [made.wrote(name) for name in made.lab] == [[], []]


def test_an_empty_plan_writes_nothing_anywhere(made):
    assert made.trueup("apply", "edge-1").code == 0
    file = made.folder / "empty.json"
    assert made.trueup("plan", "edge-1", "--out", str(file)).code == 0
    said = made.trueup("apply", str(file))
    assert (said.code, said.out) == (0, "the saved plan is empty: nothing to do\n")
    assert json.loads(made.trueup("apply", "--json", str(file)).out)["empty"] is True
    assert not made.wrote("edge-2"), "no router is meant, which is not the same as all of them"


@pytest.mark.parametrize("words", [["--site", "harbour"], ["--label", "x"], ["--group", "x"], ["--with-peers"]])
def test_a_saved_plan_chooses_its_own_routers(made, words):
    refused(made.trueup("apply", save(made, "edge-1"), *words), "a saved plan says itself which routers it is for")
    assert not made.wrote("edge-1")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "this is no saved plan"),
        ("{", "this is no saved plan"),
        ("[" * 100_000, "this is no saved plan"),
        ("[]", "this is no saved plan"),
        ('{"plans": 5}', "this is no saved plan"),
        ('{"plans": ["x"]}', "this is no saved plan"),
        ('{"plans": [{}]}', "format-version (none); this trueup reads 1.1"),
        ('{"plans": [{"format-version": "2.0"}]}', "format-version 2.0; this trueup reads 1.1"),
        ('{"plans": [{"format-version": "1.7"}]}', "no plan that can be read: KeyError('router')"),
    ],
)
def test_a_file_that_is_no_plan(made, text, says):
    file = made.folder / "plan.json"
    file.write_text(text)
    refused(made.trueup("apply", str(file)), says, "")
    assert not made.wrote("edge-1")


def test_a_path_to_no_file(made):
    refused(made.trueup("apply", str(made.folder / "nowhere.json")), "there is no saved plan", "trueup plan --out")


def test_a_file_that_is_no_text(made):
    file = made.folder / "plan.json"
    file.write_bytes(bytes(range(256)))
    refused(made.trueup("apply", str(file)), "this is no saved plan", "make one with `trueup plan --out FILE`")


JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.just([[]]))


def nodes(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every node below the top."""
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in items:
        yield (*path, key)
        yield from nodes(value, (*path, key))


def test_whatever_is_damaged_in_a_plan_it_is_refused_or_changes_nothing_that_counts(made):
    file = Path(save(made, "edge-1"))
    whole = json.loads(file.read_text())
    ways = list(nodes(whole))
    made.patch.setattr("trueup.fleet.run.FleetRun.apply", nothing)

    @settings(max_examples=60)
    @given(st.sampled_from(ways), JUNK)
    def damage(way: tuple[Any, ...], junk: Any) -> None:
        document = copy.deepcopy(whole)
        place = document
        for key in way[:-1]:
            place = place[key]
        place[way[-1]] = junk
        file.write_text(json.dumps(document))
        said = made.trueup("apply", str(file))
        assert said.code in (0, 1)
        assert "Traceback" not in said.all
        if said.code == 1:
            assert said.err.startswith("error: ")

    damage()


async def nothing(_: object) -> list[object]:
    """In place of applying: what gets this far would be applied as planned anew."""
    return []
