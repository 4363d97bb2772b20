"""What a captured tree changes: new things can be declared, lacking ones not, secrets stay secret."""

from __future__ import annotations

import json
from dataclasses import replace

from capture_room import capture, file_of, menu, small_room
from fleet_room import Named, run_main, spec

from trueup.load.captures import CaptureReader, Captures
from trueup_schemas.catalogue import Property, catalogue
from trueup_schemas.catalogue.captured import Captured, CapturedMenu, file_text
from trueup_schemas.catalogue.refined import refined

LAMP = "canary-lamp-secret-5d1c"
LIGHTHOUSE = menu(
    "/tool/lighthouse",
    Property("name", "text", required=True),
    Property("beam", "duration", minimum="1s", maximum="1m"),
    Property("colours", "enum", many="set", values=("green", "red", "white")),
    Property("lit", "boolean"),
    Property("lamp-secret", "text", secret=True),
    Property("disabled", "boolean"),
)
POOL = menu("/ip/pool", Property("reserve", "address"), known=catalogue("7.24").menu("/ip/pool"))
DECLARED = {
    "/tool/lighthouse": [
        {"name": "north", "beam": "00:00:10", "colours": ["white", "red"], "lit": True, "lamp-secret": Named("lamp")}
    ],
    "/ip/pool": [{"name": "guests", "ranges": "10.0.0.2-10.0.0.9", "reserve": "10.0.0.2"}],
}


def test_what_nobody_knew_is_declared_applied_and_then_nothing_is_left(tmp_path):
    with small_room(tmp_path, spec("edge"), lighthouse=LIGHTHOUSE, pool=POOL) as made:
        made.patch.setenv("TRUEUP_SECRET_LAMP", LAMP)
        made.declare("edge", DECLARED)
        before = made.trueup("validate")
        assert before.code == 1
        assert "unknown menu /tool/lighthouse" in before.err
        assert "unknown property 'reserve'" in before.err
        made.write("harbour/edge.yaml", {**read(made), "rows": {}})
        said = capture(made, "edge")
        assert said.code == 0
        assert "1 new menus: /tool/lighthouse" in said.out
        assert "1 new properties: /ip/pool reserve" in said.out
        made.declare("edge", DECLARED)
        made.commit()
        assert made.trueup("validate").code == 0
        plan = made.trueup("plan")
        assert plan.code == 2
        applied = made.trueup("apply")
        assert applied.code == 0
        assert made.lab["edge"].rows("/tool/lighthouse")[0]["lamp-secret"] == LAMP
        assert made.lab["edge"].rows("/ip/pool")[0]["reserve"] == "10.0.0.2"
        assert made.trueup("plan").code == 0
        assert LAMP not in plan.all + applied.all + file_of(made, "edge").read_text()


def read(made):
    """The router's file without its rows, as `declare` wrote it."""
    connect = {
        "hosts": ["127.0.0.1"],
        "username": "trueup",
        "password": Named("api"),
        "port": made.lab["edge"].tls_port,
    }
    return {"router": "edge", "connect": {**connect, "tls": {"ca": str(made.lab.ca)}}}


def test_types_come_from_the_routers_words(tmp_path):
    with small_room(tmp_path, spec("edge"), lighthouse=LIGHTHOUSE) as made:
        made.declare("edge", {})
        assert capture(made, "edge").code == 0
        shown = run_main(
            "catalogue", "show", "/tool/lighthouse", "--router", "edge", "--network", str(made.network), "--json"
        )
        told = {each["name"]: each for each in json.loads(shown.out)["properties"]}
    assert {name: each["type"] for name, each in told.items()} == {
        "beam": "duration",
        "colours": "enum",
        "disabled": "boolean",
        "lamp-secret": "text",
        "lit": "boolean",
        "name": "text",
    }
    assert (told["beam"]["minimum"], told["beam"]["maximum"]) == ("1s", "1m")
    assert told["colours"]["values"] == ["green", "red", "white"]
    assert [name for name, each in told.items() if each["secret"]] == ["lamp-secret"]
    assert {each["default"] for each in told.values()} == {None}
    assert json.loads(shown.out)["key"] == ["name"]


def test_a_new_secret_may_not_stand_in_the_open(tmp_path):
    with small_room(tmp_path, spec("edge"), lighthouse=LIGHTHOUSE) as made:
        made.declare("edge", {})
        capture(made, "edge")
        made.declare("edge", {"/tool/lighthouse": [{"name": "north", "lamp-secret": LAMP}]})
        said = made.trueup("validate")
    assert said.code == 1
    assert "!secret" in said.err
    assert LAMP not in said.all


def test_what_a_router_lacks_is_refused_for_it_alone(tmp_path):
    rows = {
        "/container": [{"name": "c", "interface": "veth1", "remote-image": "alpine"}],
        "/ip/pool": [{"name": "p", "ranges": "10.0.0.2"}],
    }
    with small_room(tmp_path, spec("edge", packages=()), spec("other")) as made:
        made.declare("edge", {})
        said = capture(made, "edge")
        assert said.code == 0
        assert "menus that this router lacks" in said.out
        made.declare("edge", rows, version="7.24")
        made.declare("other", rows, version="7.24")
        refused = made.trueup("validate")
        assert refused.code == 1
        assert "unknown menu /container in the own command tree of edge, captured from RouterOS 7.24" in refused.err
        assert "harbour/edge.yaml:" in refused.err
        assert "harbour/other.yaml:" not in refused.err


def test_a_property_that_a_router_lacks_is_refused(tmp_path):
    known = catalogue("7.24").menu("/ip/pool")
    less = menu("/ip/pool", *(each for each in known.properties.values() if each.name != "next-pool"))
    with small_room(tmp_path, spec("edge"), pool=less) as made:
        made.declare("edge", {})
        assert "1 properties that this router lacks: /ip/pool next-pool" in capture(made, "edge").out
        made.declare("edge", {"/ip/pool": [{"name": "p", "ranges": "10.0.0.2", "next-pool": "q"}]})
        said = made.trueup("validate")
    assert said.code == 1
    assert "unknown property 'next-pool' in the own command tree of edge, captured from RouterOS 7.24" in said.err


def test_routers_of_the_same_release_get_what_is_new_and_lose_nothing(tmp_path):
    pool = {"name": "p", "ranges": "10.0.0.2"}
    with small_room(tmp_path, spec("edge"), lighthouse=LIGHTHOUSE) as made:
        made.declare("edge", {})
        capture(made, "edge")
        made.declare("sister", {"/tool/lighthouse": [{"name": "south"}], "/ip/address": []}, version="7.24.1")
        made.declare("elder", {"/ip/pool": [pool]}, version="7.16")
        assert made.trueup("validate").code == 0
        made.declare("elder", {"/tool/lighthouse": [{"name": "south"}]}, version="7.16")
        said = made.trueup("validate")
    assert said.code == 1
    assert "unknown menu /tool/lighthouse in RouterOS 7.16" in said.err


def test_the_tree_of_another_release_does_not_count_and_that_is_said(tmp_path):
    with small_room(tmp_path, spec("edge"), lighthouse=LIGHTHOUSE) as made:
        made.declare("edge", {})
        capture(made, "edge")
        made.declare("edge", {"/ip/pool": []}, version="7.16")
        said = made.trueup("validate")
    assert said.code == 0
    assert "catalogue/edge.json" in said.err
    assert "captured from RouterOS 7.24, so it does not tell what 7.16 lacks there" in said.err


def test_versions_between_two_shipped_trees_become_exact(tmp_path):
    """7.20 lies between trees, so that a property of 7.24 is not known there until the router says that it has it."""
    known = catalogue("7.24").menu("/interface/wireguard/peers")
    had = menu("/interface/wireguard/peers", known=known)
    with small_room(tmp_path, spec("edge", version="7.16"), peers=had) as made:
        made.declare("edge", {})
        assert "/interface/wireguard/peers responder" in capture(made, "edge").out
        shown = run_main(
            "catalogue",
            "show",
            "/interface/wireguard/peers",
            "--router",
            "edge",
            "--network",
            str(made.network),
            "--json",
        )
    told = {each["name"]: each for each in json.loads(shown.out)["properties"]}
    assert told["responder"]["type"] == known.properties["responder"].type == "boolean"
    assert told["private-key"]["secret"]


def test_a_thousand_routers_with_one_tree_share_one_catalogue():
    tree = Captured("7.24", "", "", (), {"/ip/pool": CapturedMenu("list", ("name",))})
    captures = Captures({f"edge-{number}": tree for number in range(1000)})
    assert len({id(captures.catalogue(name, "7.24")) for name in captures.trees}) == 1
    assert len({id(captures.catalogue(f"other-{number}", "7.24.1")) for number in range(1000)}) == 1
    assert captures.catalogue("edge-0", "7.16") is catalogue("7.16")
    assert Captures({}).catalogue("edge-0", "7.24") is catalogue("7.24")


def test_what_is_a_secret_stays_one_whatever_a_tree_says():
    shipped = catalogue("7.24").menu("/ppp/secret")
    words = dict.fromkeys(shipped.properties, "yes|no")
    tree = Captured("7.24", "", "", (), {"/ppp/secret": CapturedMenu("list", tuple(words), syntax=words)})
    known = refined("7.24", tree, "edge").menu("/ppp/secret")
    assert known.properties == shipped.properties
    assert known.properties["password"].secret


def test_a_router_is_adopted_with_what_nobody_knew(tmp_path):
    held = {"/tool/lighthouse": [{"name": "north", "beam": "10s", "lamp-secret": LAMP}]}
    with small_room(tmp_path, spec("edge", seed=held), lighthouse=LIGHTHOUSE) as made:
        made.declare("edge")
        assert capture(made, "edge").code == 0
        said = made.trueup("adopt", "edge")
        assert said.code == 0
        text = (made.network / "harbour/edge.yaml").read_text()
        assert "/tool/lighthouse:" in text
        assert "name: north" in text
        assert LAMP not in said.all + text
        exported = made.trueup("export", "edge")
    assert "/tool lighthouse" in exported.out
    assert LAMP not in exported.all


def test_after_an_upgrade_what_nobody_else_knows_can_still_be_declared(tmp_path):
    with small_room(tmp_path, spec("edge", version="7.16"), lighthouse=LIGHTHOUSE, pool=POOL) as made:
        made.declare("edge", {})
        capture(made, "edge")
        rows = {
            "/tool/lighthouse": [{"name": "north"}],
            "/ip/pool": [{"name": "p", "ranges": "10.0.0.2", "reserve": "10.0.0.2"}],
        }
        made.declare("edge", rows, version="7.20")
        upgraded = made.trueup("validate")
        made.declare("edge", {**rows, "/ip/dns/forwarders": [{"name": "f"}]}, version="7.20")
        other = made.trueup("validate")
    assert upgraded.code == 0
    assert "does not tell what 7.20 lacks there" in upgraded.err
    assert other.code == 1
    assert "unknown menu /ip/dns/forwarders in RouterOS 7.20" in other.err


def test_what_only_version_6_was_written_down_for_keeps_its_key_and_no_default():
    path = "/routing/bgp/peer"
    old = catalogue("6.49").menu(path)
    names = tuple(each.name for each in old.writable)
    tree = Captured("7.24", "", "", (), {path: CapturedMenu(old.kind, names)})
    known = refined("7.24", tree, "edge").menu(path)
    assert (known.kind, known.key) == (old.kind, old.key)
    assert {each.name for each in known.writable} == {*names}
    assert {each.default for each in old.writable} > {None}
    assert {each.default for each in known.writable} == {None}


def test_fixed_rows_that_nobody_knew_are_found_by_a_name_that_cannot_be_set(tmp_path):
    lamps = menu("/tool/lamps", Property("name", "text", read_only=True), Property("colour", "text"), kind="fixed")
    seed = {"/tool/lamps": [{"name": "left", "colour": "red"}, {"name": "right", "colour": "red"}]}
    with small_room(tmp_path, spec("edge", seed=seed), lamps=lamps) as made:
        made.declare("edge", {})
        capture(made, "edge")
        made.declare("edge", {"/tool/lamps": [{"name": "right", "colour": "green"}]})
        made.commit()
        assert made.trueup("apply").code == 0
        assert [row["colour"] for row in made.lab["edge"].rows("/tool/lamps")] == ["red", "green"]
        assert made.trueup("plan").code == 0


def test_a_list_takes_words_that_came_after_the_newest_version_that_is_known(tmp_path):
    known = catalogue("7.24").menu("/ip/hotspot/profile")
    login = known.properties["login-by"]
    later = menu(known.path, replace(login, values=(*login.values, "moonlight")), known=known)
    rows = {known.path: [{"name": "p", "login-by": ["cookie", "moonlight"]}]}
    with small_room(tmp_path, spec("edge", version="7.25"), later=later) as made:
        made.declare("edge", rows, version="7.25")
        assert "moonlight" in made.trueup("validate").err
        assert capture(made, "edge").code == 0
        assert made.trueup("validate").code == 0
        made.declare("edge", {known.path: [{"name": "p", "login-by": ["sunlight"]}]}, version="7.25")
        assert "sunlight" in made.trueup("validate").err


def test_what_was_told_once_is_not_asked_again(tmp_path):
    with small_room(tmp_path, spec("edge"), lighthouse=LIGHTHOUSE) as made:
        made.declare("edge", {})
        first, again = (json.loads(capture(made, "edge", "--json").out)["requests"] for _ in range(2))
        kept = file_of(made, "edge").read_text()
        assert again < first
        assert '"lit": "yes|no"' in kept
        file_of(made, "edge").unlink()
        capture(made, "edge")
        assert file_of(made, "edge").read_text() == kept


def test_files_that_differ_in_their_boards_alone_share_one_catalogue():
    menus = {"/tool/lighthouse": CapturedMenu("list", ("name",), syntax={"name": "string value"})}
    reader = CaptureReader()
    trees = {
        board: reader.read(file_text(Captured("7.24", board, "arm64", (), menus)).encode(), f"catalogue/{board}.json")
        for board in ("RB5009", "hEX", "hAP")
    }
    assert [tree.board for tree in trees.values()] == ["RB5009", "hEX", "hAP"]
    captures = Captures(trees)
    assert len({id(captures.catalogue(name, "7.24")) for name in trees}) == 1
    assert "of RB5009 and 2 more" in captures.catalogue("hEX", "7.24").told
    other = reader.read(file_text(Captured("7.23", "RB5009", "arm64", (), menus)).encode(), "catalogue/other.json")
    assert (
        Captures({**trees, "other": other})
        .catalogue("other", "7.23")
        .told.endswith("of other, captured from RouterOS 7.23")
    )
