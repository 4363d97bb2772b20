"""Wherever a plan was interrupted, its inverse script leaves the router as it was before."""

from __future__ import annotations

from functools import cache

import pytest
from bench import Bench, bare
from hypothesis import given, settings
from hypothesis import strategies as st
from travel import AFTER, FILTER, MENUS, SECRETS, traveller

from trueup.plan import Created, Plan

CHANGES = 40


@cache
def start(version: str) -> tuple[Bench, dict, object, object]:
    bench = traveller(version)
    plan, live = bench.plan(AFTER)
    return bench, bench.kept(), plan, bench.undo(plan, live)


def begin(version: str = "7.24") -> tuple[Bench, Plan, str]:
    """The router as it was, its plan, and the plan's inverse."""
    bench, kept, plan, undo = start(version)
    bench.restore(kept)
    return bench, plan, undo.script


def left(bench: Bench) -> dict:
    """What the router holds of the touched menus, as far as it is undone: not a secret, nor what is off without one."""
    found = bench.holdings(MENUS)
    secret = ("secret", "disabled")
    rows = [(id, {n: v for n, v in values.items() if n not in secret}) for id, values in found["/radius"]]
    return {**found, "/radius": rows}


@pytest.mark.parametrize(("version", "step"), [("7.24", 2), ("7.16", 9), ("7.9", 9), ("6.49", 9)])
def test_whatever_was_done_in_turn_is_undone(version: str, step: int):
    total = len(begin(version)[1].changes)
    assert 20 < total < CHANGES
    for done in range(total, -1, -step):
        bench, plan, script = begin(version)
        before = left(bench)
        bench.carry_out(plan, range(done))
        said = bench.fire(script)
        assert said[-1] == "trueup: undone", said
        assert bare(bench.known, left(bench)) == bare(bench.known, before), done


def test_nothing_done_is_nothing_changed():
    bench, _, script = begin()
    before = bench.holdings(MENUS)
    bench.fire(script)
    assert bench.holdings(MENUS) == before


def possible(plan: Plan, numbers: set[int]) -> set[int]:
    """The chosen changes of the first stages; the last stage that was begun is done in part."""
    ends, at = [], 0
    for stage in plan.stages:
        at += len(stage)
        ends.append(at)
    last = max(numbers, default=-1)
    begun = next((end for end in ends if last < end), 0)
    earlier = max([0, *(end for end in ends if end < begun)])
    chosen = {*range(earlier), *(n for n in numbers if n >= earlier)}
    return {n for n in chosen if not lacks(plan, n, chosen)}


def lacks(plan: Plan, number: int, chosen: set[int]) -> bool:
    """Whether a change needs a new row that is not there."""
    change = plan.changes[number]
    before = getattr(change, "before", None)
    return isinstance(before, Created) and before.n not in chosen


@settings(max_examples=12)
@given(st.sets(st.integers(0, CHANGES)), st.booleans())
def test_any_part_of_a_stage_is_undone_and_twice_is_harmless(numbers: set[int], twice: bool):
    bench, plan, script = begin()
    before = left(bench)
    bench.carry_out(plan, possible(plan, {n for n in numbers if n < len(plan.changes)}))
    for _ in range(1 + twice):
        bench.fire(script)
    assert bare(bench.known, left(bench)) == bare(bench.known, before)


def test_rows_of_others_keep_their_ids_and_new_ones_stay():
    bench, plan, script = begin()
    theirs = {path: [row for row in rows if "theirs" in str(row)] for path, rows in bench.holdings(MENUS).items()}
    bench.carry_out(plan)
    twin = {"chain": "input", "action": "accept", "comment": "three", "src-address": "10.9.9.9"}
    bench.say(f"{FILTER}/add", *(f"={n}={v}" for n, v in twin.items()))
    bench.say("/ip/firewall/address-list/add", "=list=ours", "=address=10.0.8.1")
    bench.say("/ip/pool/add", "=name=other", "=ranges=10.50.0.2-10.50.0.9")
    added = {path: bench.holdings(MENUS)[path][-1] for path in (FILTER, "/ip/firewall/address-list", "/ip/pool")}
    bench.fire(script)
    after = bench.holdings(MENUS)
    for path, rows in theirs.items():
        assert [row for row in after[path] if "theirs" in str(row)] == rows
    assert all(row in after[path] for path, row in added.items())


def test_the_script_holds_no_secret_and_tells_what_it_leaves():
    _, _, plan, undo = start("7.24")
    assert not any(value in undo.script for value in SECRETS.values())
    assert {plan.changes[each.change].menu for each in undo.uncovered} == {"/radius"}
    assert undo.script not in repr(undo)
    assert len(undo) == len(undo.script.encode())


def test_never_more_rows_go_than_were_added_though_all_is_tried_twice():
    bench, plan, script = begin()
    bench.carry_out(plan)
    for _ in range(2):
        bench.say(f"{FILTER}/add", "=chain=input", "=action=accept", "=comment=twins")
    refused = script.replace('ranges="10.0.2.2-10.0.2.9"', 'ranges="nonsense"')
    assert refused != script
    assert bench.fire(refused)[-1] == "trueup: 1 changes could not be undone"
    assert len([row for row in bench.router.rows(FILTER) if row["comment"] == "twins"]) == 2
