"""Renames, swaps, values that must be free first, and rows that may not go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from box import KEYS, Box, Known, plan_for, run

from trueup.diff import difference
from trueup.diff.record import attempted, written
from trueup.errors import PlanError
from trueup.plan import Add, Remove, Set
from trueup.row import Desired, Place, Row, Scope, Table
from trueup_schemas.secret import SecretRef


def box_with_ports(*names: str) -> Box:
    box = Box()
    for number, name in enumerate(names, 1):
        box.add("/ether", {"default-name": f"ether{number}", "name": name})
    return box


def tables(**rows: list[Row]) -> dict[str, Table]:
    return {f"/{path}": Table(f"/{path}", tuple(each)) for path, each in rows.items()}


def test_two_ports_swap_names_over_a_temporary_one() -> None:
    box = box_with_ports("wan", "lan")
    box.add("/vlan", {"name": "v1", "interface": "wan"})
    wanted = tables(
        ether=[Row({"default-name": "ether1", "name": "lan"}), Row({"default-name": "ether2", "name": "wan"})],
        vlan=[Row({"name": "v1", "interface": "lan"})],
    )
    plan, left, _ = run(box, wanted, None)
    assert left.empty
    assert [type(change) for change in plan.changes] == [Set, Set, Set]
    assert {row["default-name"]: row["name"] for row in box.tables["/ether"]} == {"ether1": "lan", "ether2": "wan"}
    assert box.tables["/vlan"][0]["interface"] == "lan"


def test_a_secret_counts_as_written_only_once_the_whole_change_is_done() -> None:
    box = Box()
    _, _, owned = run(box, tables(user=[Row({"name": "ann", "password": SecretRef("a")})]), None)
    wanted, live = tables(user=[Row({"name": "ann", "password": SecretRef("b")})]), box.live()
    found = difference(Desired("r1", wanted), live, owned, Known(), KEYS)
    record = attempted(found, owned, live.facts, "c1", KEYS)
    (whole,) = found.menus[0].sets.values()
    for change, due in ((replace(whole, values={"disabled": "yes"}), 1), (whole, 0)):
        assert len(plan_for(box, wanted, written(record, found, [(change, "*1")], KEYS)).changes) == due


def test_a_chain_of_renames_frees_each_name_before_it_is_taken() -> None:
    box = box_with_ports("a", "b", "c")
    names = ["b", "c", "d"]
    wanted = tables(ether=[Row({"default-name": f"ether{i}", "name": name}) for i, name in enumerate(names, 1)])
    plan, left, _ = run(box, wanted, None)
    assert left.empty
    assert len(plan.changes) == 3


def test_a_rename_is_one_change_and_references_follow() -> None:
    box = Box()
    box.add("/pool", {"name": "old", "ranges": "r"})
    box.add("/profile", {"name": "p", "pool": "old"})
    wanted = tables(
        pool=[Row({"name": "new", "ranges": "r"}, was={"name": "old"})], profile=[Row({"name": "p", "pool": "new"})]
    )
    plan, left, owned = run(box, wanted, None)
    assert left.empty
    assert [type(change) for change in plan.changes] == [Set]
    assert plan_for(box, wanted, owned).empty


@pytest.mark.parametrize("renamed", [True, False])
def test_a_row_stays_ours_whether_or_not_a_rename_was_carried_out_before_the_end(renamed: bool) -> None:
    box = Box()
    _, _, owned = run(box, tables(pool=[Row({"name": "old", "ranges": "r"})]), None)
    wanted, live = tables(pool=[Row({"name": "new", "ranges": "r"}, was={"name": "old"})]), box.live()
    found = difference(Desired("r1", wanted), live, owned, Known(), KEYS)
    record = attempted(found, owned, live.facts, "c1", KEYS)
    if renamed:
        box.set("/pool", "*1", {"name": "new"})
    plan, left, owned = run(box, {}, record)
    assert left.empty
    assert [type(change) for change in plan.changes] == [Remove]
    assert owned.rows == ()


def test_was_does_not_count_once_the_new_name_is_there() -> None:
    box = Box()
    box.add("/pool", {"name": "old", "ranges": "r"})
    box.add("/pool", {"name": "new", "ranges": "r"})
    assert plan_for(box, tables(pool=[Row({"name": "new", "ranges": "r"}, was={"name": "old"})]), None).empty


def test_was_naming_a_declared_row_is_an_error() -> None:
    rows = [Row({"name": "new", "ranges": "r"}, was={"name": "old"}), Row({"name": "old", "ranges": "r"})]
    with pytest.raises(PlanError, match="declared too"):
        plan_for(Box(), tables(pool=rows), None)


def test_both_names_live_and_the_old_one_ours_is_an_error() -> None:
    box = Box()
    _, _, owned = run(box, tables(pool=[Row({"name": "old", "ranges": "r"})]), None)
    box.add("/pool", {"name": "new", "ranges": "r"})
    with pytest.raises(PlanError, match="old is ours"):
        plan_for(box, tables(pool=[Row({"name": "new", "ranges": "r"}, was={"name": "old"})]), owned)


def test_a_name_that_moves_to_another_menu_is_removed_first_and_added_beside() -> None:
    box = box_with_ports("ether1")
    _, _, owned = run(box, tables(vlan=[Row({"name": "x", "interface": "ether1"})]), None)
    wanted = tables(vlan=[], ether=[Row({"default-name": "ether1", "name": "x"})])
    plan, left, _ = run(box, wanted, owned)
    assert left.empty
    assert [type(change) for change in plan.changes] == [Remove, Set]


def test_a_name_that_an_undeclared_row_keeps_is_an_error() -> None:
    box = box_with_ports("ether1")
    box.add("/vlan", {"name": "taken", "interface": "ether1"})
    with pytest.raises(PlanError, match="already taken"):
        plan_for(box, tables(vlan=[], ether=[Row({"default-name": "ether1", "name": "taken"})]), None)


def test_rows_are_added_before_what_refers_to_them_and_removed_after() -> None:
    box = Box()
    first = tables(pool=[Row({"name": "a", "ranges": "r"})], profile=[Row({"name": "p", "pool": "a"})])
    plan, _, owned = run(box, first, None)
    assert [change.menu for change in plan.changes] == ["/pool", "/profile"]
    plan, left, _ = run(box, {}, owned)
    assert left.empty
    assert [change.menu for change in plan.changes] == ["/profile", "/pool"]


def test_a_reference_moves_before_what_it_named_goes() -> None:
    box = Box()
    first = tables(pool=[Row({"name": "a", "ranges": "r"})], profile=[Row({"name": "p", "pool": "a"})])
    _, _, owned = run(box, first, None)
    second = tables(pool=[Row({"name": "b", "ranges": "r"})], profile=[Row({"name": "p", "pool": "b"})])
    plan, left, _ = run(box, second, owned)
    assert left.empty
    assert [type(change) for change in plan.changes] == [Add, Set, Remove]


def test_a_reference_to_a_row_that_this_plan_removes_is_an_error() -> None:
    box = Box()
    _, _, owned = run(box, tables(pool=[Row({"name": "a", "ranges": "r"})]), None)
    with pytest.raises(PlanError, match="refers to nothing"):
        plan_for(box, tables(profile=[Row({"name": "p", "pool": "a"})]), owned)


def test_a_reference_to_a_name_that_this_plan_takes_away_is_an_error() -> None:
    box = box_with_ports("ether1")
    box.add("/interface", {"name": "ether1"})
    renamed = Row({"default-name": "ether1", "name": "wan"})
    with pytest.raises(PlanError, match="out=ether1 refers to nothing"):
        plan_for(box, tables(ether=[renamed], filter=[Row({"chain": "input", "out": "ether1"})]), None)
    assert not plan_for(box, tables(ether=[renamed], filter=[Row({"chain": "input", "out": "wan"})]), None).empty


def test_a_strangers_row_with_the_key_of_ours_is_left_alone() -> None:
    box = Box()
    ours = [Row({"address": "10.0.0.1", "mac": "a"})]
    _, _, owned = run(box, tables(arp=ours), None)
    stranger = box.add("/arp", {"address": "10.0.0.1", "mac": "b"})
    assert plan_for(box, tables(arp=ours), owned).empty
    plan, left, _ = run(box, tables(arp=[Row({"address": "10.0.0.1", "mac": "c"})]), owned)
    assert left.empty
    assert [type(change) for change in plan.changes] == [Set]
    booted, box.booted = box.booted, box.booted.replace(year=2025)
    assert plan_for(box, {}, owned).empty
    box.booted = booted
    run(box, {}, owned)
    assert [row[".id"] for row in box.tables["/arp"]] == [stranger]


def test_an_empty_secret_is_as_good_as_none() -> None:
    box = Box()
    box.add("/server", {"address": "a", "secret": ""})
    assert plan_for(box, tables(server=[Row({"address": "a", "secret": None})]), None).empty


def test_a_protected_row_stays_when_its_declaration_goes() -> None:
    box = Box()
    _, _, owned = run(box, tables(pool=[Row({"name": "a", "ranges": "r"}, protect=True)]), None)
    plan, _, owned = run(box, tables(pool=[]), owned)
    assert plan.empty
    assert any("protected" in note.text for note in plan.notes)
    assert any("protected" in note.text for note in plan_for(box, {}, owned).notes)


def test_a_row_that_may_not_go_has_its_declared_properties_returned_and_leaves_the_record() -> None:
    box = box_with_ports("ether1")
    _, _, owned = run(box, tables(ether=[Row({"default-name": "ether1", "mtu": "9000"})]), None)
    plan, left, owned = run(box, {}, owned)
    assert left.empty
    assert [dict(change.values) for change in plan.changes if isinstance(change, Set)] == [{"mtu": "1500"}]
    assert owned.rows == ()


def test_a_property_without_a_known_default_is_left_and_said_so_once() -> None:
    box = Box()
    row = Row({"name": "p", "rate": "1M"})
    _, _, owned = run(box, tables(profile=[row]), None)
    plan, _, owned = run(box, tables(profile=[Row({"name": "p"})]), owned)
    assert plan.empty
    assert any("rate" in note.text for note in plan.notes)
    assert not plan_for(box, tables(profile=[Row({"name": "p"})]), owned).notes


def test_a_lost_record_means_that_nothing_is_ours() -> None:
    box = Box()
    run(box, tables(pool=[Row({"name": "a", "ranges": "r"})]), None)
    plan = plan_for(box, tables(pool=[]), None)
    assert plan.empty
    assert any("nothing on this router counts as ours" in note.text for note in plan.notes)


def test_a_hand_edited_keyless_row_is_brought_back_as_a_change_until_the_router_restarts() -> None:
    box = Box()
    wanted = tables(filter=[Row({"chain": "input", "src": "a"})])
    _, _, owned = run(box, wanted, None)
    box.tables["/filter"][0]["src"] = "b"
    plan = plan_for(box, wanted, owned)
    assert [type(change) for change in plan.changes] == [Set]
    box.now, box.booted = box.now.replace(year=2027), box.now.replace(year=2027)
    wanted = tables(filter=[Row({"chain": "input", "src": "a"}, place=Place("first"))])
    plan = plan_for(box, wanted, owned)
    assert [type(change) for change in plan.changes] == [Add]
    assert any("looks like ours" in note.text for note in plan.notes)


def test_a_replaced_keyless_rule_between_the_same_neighbours_is_one_change() -> None:
    box = Box()
    rules = [Row({"chain": "input", "src": name}) for name in "abc"]
    _, _, owned = run(box, tables(filter=rules), None)
    rules[1] = Row({"chain": "input", "src": "d"})
    plan, left, _ = run(box, tables(filter=rules), owned)
    assert left.empty
    assert [type(change) for change in plan.changes] == [Set]


def test_unmanaged_remove_prunes_its_scope_alone() -> None:
    box = Box()
    box.add("/filter", {"chain": "input", "src": "x"})
    box.add("/filter", {"chain": "forward", "src": "x"})
    box.add("/filter", {"chain": "input", "src": "y", "dynamic": "true"})
    pruned = {"/filter": Table("/filter", (), (Scope({"chain": "input"}, remove=True),))}
    plan, left, _ = run(box, pruned, None)
    assert left.empty
    assert [type(change) for change in plan.changes] == [Remove]
    assert [row["chain"] for row in box.tables["/filter"]] == ["forward", "input"]
