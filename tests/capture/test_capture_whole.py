"""A whole router's tree: what is asked, how, and that it says what the shipped catalogue says."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from capture_room import capture, file_of, menu, small_room
from fleet_room import Room, Said, git, room, spec

from trueup.device.inspect import HANGING
from trueup_schemas.captured import CapturedFile
from trueup_schemas.catalogue import Property, catalogue, difference
from trueup_schemas.catalogue.refined import refined


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, Said]]:
    """A router with every package and the hardware of a board, captured."""
    with room(tmp_path_factory.mktemp("whole"), spec("edge", board="rb5009")) as made:
        made.declare("edge", {"/ip/pool": [{"name": "guests", "ranges": "10.0.0.2-10.0.0.9"}]}, version="7.24")
        made.commit()
        yield made, capture(made, "edge", "--json")


def requests(made: Room) -> list[dict[str, str]]:
    return [
        dict(word[1:].split("=", 1) for word in words if word.startswith("="))
        for words in made.lab["edge"].log
        if words[0] == "/console/inspect"
    ]


def test_the_tree_of_a_router_with_everything_is_the_shipped_catalogue(whole):
    made, said = whole
    assert said.code == 0
    assert said.err == ""
    told = json.loads(said.out)
    assert (told["changed"], told["not-told"], told["menus"]) == (True, [], {"came": [], "went": []})
    assert told["properties"] == {}
    tree = CapturedFile.model_validate_json(file_of(made, "edge").read_bytes()).tree()
    shipped = catalogue(tree.version)
    assert {path for path in shipped.paths if shipped.menu(path).writable} <= {*tree.menus}
    assert difference(shipped, refined(tree.version, tree, "edge")).menus.came == ()


def test_eight_requests_are_on_their_way_and_never_more(whole):
    made, _ = whole
    assert made.lab["edge"].most == 8


def test_no_request_goes_where_routers_hang(whole):
    made, said = whole
    asked = requests(made)
    assert len(asked) == json.loads(said.out)["requests"]
    inside = [each for each in asked if not HANGING.isdisjoint(each["path"].split(","))]
    assert {each["path"] for each in inside} >= {"routing,rule", "routing,rule,add"}
    assert {each["request"] for each in inside} == {"child"}


def test_nothing_is_written_to_the_router(whole):
    made, _ = whole
    writes = {"add", "set", "remove", "move", "unset", "enable", "disable", "comment"}
    assert not [words for words in made.lab["edge"].log if words[0].rpartition("/")[2] in writes]


def test_the_network_is_valid_with_its_tree_and_captured_again_it_is_the_same(whole):
    made, _ = whole
    assert made.trueup("validate").code == 0
    made.commit()
    again = capture(made, "edge")
    assert again.code == 0
    assert "says the same already" in again.out
    assert git(made.network, "status", "--porcelain") == ""


def test_a_new_property_among_nodes_that_hang_is_taken_without_the_routers_words(tmp_path):
    """7.16.2 never answers `syntax` in /routing/rule; one such question would end the capture."""
    rule = menu("/routing/rule", Property("lamp", "boolean"), known=catalogue("7.16").menu("/routing/rule"))
    pool = menu("/ip/pool", Property("lamp", "boolean"), known=catalogue("7.16").menu("/ip/pool"))
    with small_room(tmp_path, spec("edge", version="7.16.2"), rule=rule, pool=pool) as made:
        made.declare("edge", {})
        said = capture(made, "edge", "--json")
        asked = {each["path"] for each in requests(made) if each["request"] == "syntax"}
        tree = CapturedFile.model_validate_json(file_of(made, "edge").read_bytes()).tree()
    assert json.loads(said.out)["not-told"] == []
    assert asked == {"ip,pool,set,lamp"}
    assert (tree.menus["/ip/pool"].syntax, tree.menus["/routing/rule"].syntax) == ({"lamp": "yes|no"}, {})
    assert "lamp" in tree.menus["/routing/rule"].properties
