"""Rows that look alike, and names that pass from one row to another: what cannot be told is left as it is."""

from __future__ import annotations

from bench import Bench

from trueup.plan import Change, Existing, Plan, Remove, Set

FILTER, POOL = "/ip/firewall/filter", "/ip/pool"
TWIN = {"chain": "input", "action": "accept", "comment": "twin"}


def planned(*changes: Change) -> Plan:
    return Plan("bench", "h", "7.24", "SN1", "c1", (changes,))


def target(bench: Bench, path: str, at: int) -> Existing:
    return Existing(bench.router.rows(path)[at][".id"], "")


def test_a_name_that_passes_on_is_not_taken_for_another_row_after_a_restart():
    bench = Bench(seed={POOL: [{"name": "a", "ranges": "10.0.0.1"}, {"name": "b", "ranges": "10.0.0.2"}]})
    first, second = target(bench, POOL, 0), target(bench, POOL, 1)
    new, old = {"name": "b", "ranges": "10.0.0.9"}, {"name": "a", "ranges": "10.0.0.1"}
    plan = planned(Set(POOL, second, {"name": "c"}, {"name": "b"}, {}), Set(POOL, first, new, old, {}))
    script = bench.undo(plan, bench.live([POOL])).script
    bench.say(f"{POOL}/remove", f"=.id={first.id}")
    bench.restart(POOL)
    before = bench.holdings([POOL])
    assert bench.fire(script)[-1] == "trueup: 2 changes could not be undone"
    assert bench.holdings([POOL]) == before


def test_of_two_rows_that_look_alike_none_is_changed_after_a_restart():
    bench = Bench(seed={FILTER: [dict(TWIN), {**TWIN, "dst-port": "1", "protocol": "tcp"}, dict(TWIN)]})
    plan = planned(Set(FILTER, target(bench, FILTER, 0), {"comment": "new"}, {"comment": "twin"}, {}))
    script = bench.undo(plan, bench.live([FILTER])).script
    bench.carry_out(plan)
    bench.say(f"{FILTER}/remove", f"=.id={target(bench, FILTER, 0).id}")
    bench.restart(FILTER)
    before = bench.holdings([FILTER])
    assert bench.fire(script)[-1] == "trueup: 1 changes could not be undone"
    assert bench.holdings([FILTER]) == before


def test_of_two_removed_twins_one_that_came_back_is_counted_once():
    bench = Bench(seed={FILTER: [dict(TWIN), dict(TWIN)]})
    plan = planned(*(Remove(FILTER, target(bench, FILTER, at), {}, "was ours") for at in (0, 1)))
    script = bench.undo(plan, bench.live([FILTER])).script
    bench.carry_out(plan)
    bench.say(f"{FILTER}/add", *(f"={name}={value}" for name, value in TWIN.items()))
    assert bench.fire(script)[-1] == "trueup: undone"
    assert len(bench.router.rows(FILTER)) == 2
