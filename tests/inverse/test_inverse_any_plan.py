"""Random tables, random declarations, any part of the plan between them: its inverse leaves the router as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench import Bench, bare
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.plan import Created, Plan
from trueup.row import Place

FILTER, ROUTE, LIST, QUEUE = "/ip/firewall/filter", "/ip/route", "/ip/firewall/address-list", "/queue/simple"
POOL, PROFILE, MEMBER, ETHER, IDENTITY = (
    "/ip/pool",
    "/ppp/profile",
    "/interface/list/member",
    "/interface/ethernet",
    "/system/identity",
)
MENUS = (FILTER, ROUTE, LIST, QUEUE, POOL, PROFILE, MEMBER, ETHER, IDENTITY)
Declared = dict[str, list[dict[str, Any]]]
FOREIGN: Mapping[str, Sequence[Mapping[str, str]]] = {
    FILTER: [{"chain": "input", "action": "accept", "comment": "theirs"}],
    ROUTE: [{"dst-address": "10.70.0.0/16", "gateway": "10.0.0.1", "comment": "theirs"}],
    LIST: [{"list": "x", "address": "10.70.0.1", "comment": "theirs"}],
    "/interface/list": [{"name": "lan"}, {"name": "wan"}],
}

FEW = st.sampled_from(["a", "b"])
RULES = st.fixed_dictionaries(
    {"chain": st.sampled_from(["input", "forward"])},
    optional={
        "action": st.sampled_from(["accept", "drop"]),
        "comment": FEW,
        "src-address": st.sampled_from(["10.0.0.1", "10.0.0.0/24", "10.0.0.1-10.0.0.7"]),
        "connection-state": st.sampled_from(["new", "established,related", "!invalid"]),
        "protocol": st.sampled_from(["tcp", "!tcp"]),
        "disabled": st.just("yes"),
    },
)
ROUTES = st.fixed_dictionaries(
    {
        "dst-address": st.sampled_from(["10.1.0.0/16", "10.2.0.0/16"]),
        "gateway": st.sampled_from(["10.0.0.8", "10.0.0.9"]),
    },
    optional={"distance": st.sampled_from(["2", "3"]), "comment": FEW},
)
ENTRIES = st.fixed_dictionaries(
    {"list": st.sampled_from(["x", "y"]), "address": st.sampled_from(["10.1.1.1", "10.1.0.0/16", "10.1.1.1-10.1.1.5"])},
    optional={"comment": FEW},
)
RANGES = st.sampled_from(["10.9.0.2-10.9.0.9", "10.9.1.2"])
DEFAULTS = {"action": "accept"}
REMARKS = st.fixed_dictionaries({}, optional={"comment": FEW})
NAMES = st.lists(st.sampled_from("pqr"), unique=True, max_size=3)


@st.composite
def declarations(draw: st.DrawFn) -> Declared:
    pools = draw(NAMES)
    profile = st.fixed_dictionaries({}, optional={"remote-address": st.sampled_from(pools)} if pools else {})
    rules = draw(st.lists(RULES, max_size=6))
    if rules:
        rules = [{**rules[0], "place": Place("last")}, *rules[1:]]
    queues = [{"name": f"q{name}", "target": "10.0.0.0/24"} for name in draw(st.permutations(draw(NAMES)))]
    names = draw(st.permutations(["one", "two", "ether4"]))
    members = draw(st.lists(st.sampled_from(["lan", "wan"]), unique=True))
    return {
        POOL: [{"name": name, "ranges": draw(RANGES), **draw(REMARKS)} for name in pools],
        PROFILE: [{"name": f"f{name}", **draw(profile)} for name in draw(NAMES)],
        FILTER: one_place_for_each_chain(rules),
        ROUTE: draw(st.lists(ROUTES, max_size=3, unique_by=repr)),
        LIST: draw(st.lists(ENTRIES, max_size=4, unique_by=lambda row: (row["list"], row["address"]))),
        QUEUE: [{**row, "place": Place("first")} if at == 0 else row for at, row in enumerate(queues)],
        MEMBER: [{"list": name, "interface": "ether5"} for name in members],
        ETHER: [{"default-name": f"ether{n}", "name": name} for n, name in enumerate(names, 2)],
        IDENTITY: [{"name": draw(FEW)}],
    }  # fmt: skip


def one_place_for_each_chain(rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found, seen = [], set()
    for rule in rules:
        kept = {name: value for name, value in rule.items() if name != "place"}
        found.append(kept if rule["chain"] in seen else {**kept, "place": Place("last")})
        seen.add(rule["chain"])
    return found


def part_of(plan: Plan, data: st.DataObject) -> list[int]:
    """The numbers of the changes that are carried out: all of some stages, and a part of the next."""
    whole = data.draw(st.integers(0, len(plan.stages)), label="whole stages")
    done = list(range(sum(len(stage) for stage in plan.stages[:whole])))
    if whole < len(plan.stages):
        here = range(len(done), len(done) + len(plan.stages[whole]))
        done += sorted(data.draw(st.sets(st.sampled_from(here)), label="of the next"))
    chosen = set(done)
    return [n for n in done if not needs_another(plan, n, chosen)]


def needs_another(plan: Plan, number: int, chosen: set[int]) -> bool:
    before = getattr(plan.changes[number], "before", None)
    return isinstance(before, Created) and before.n not in chosen


def strange(bench: Bench) -> dict[str, tuple[str, dict[str, str]]]:
    """Rows that somebody else adds meanwhile, with their ids."""
    bench.say(f"{FILTER}/add", "=chain=input", "=action=accept", "=comment=stranger")
    bench.say(f"{ROUTE}/add", "=dst-address=10.1.0.0/16", "=gateway=10.0.0.8", "=comment=stranger")
    bench.say(f"{LIST}/add", "=list=x", "=address=10.71.0.1")
    bench.say(f"{POOL}/add", "=name=stranger", "=ranges=10.88.0.1")
    return {path: bench.holdings(MENUS)[path][-1] for path in (FILTER, ROUTE, LIST, POOL)}


@settings(max_examples=20)
@given(declarations(), declarations(), st.data())
def test_any_part_of_any_plan_is_undone(first: Declared, second: Declared, data: st.DataObject):
    bench = Bench(seed=FOREIGN)
    bench.apply(first)
    plan, live = bench.plan(second)
    before = bench.holdings(MENUS)
    script = bench.undo(plan, live).script
    bench.carry_out(plan, part_of(plan, data))
    strangers = strange(bench) if data.draw(st.booleans(), label="strangers") else {}
    for _ in range(data.draw(st.integers(1, 2), label="times")):
        said = bench.fire(script)
        assert said[-1] == "trueup: undone", said
    after = bench.holdings(MENUS)
    for path, row in strangers.items():
        after[path].remove(row)
    assert bare(bench.known, after) == bare(bench.known, before)
    assert theirs(after) == theirs(before)


def theirs(holdings: Mapping[str, Sequence[tuple[str, Mapping[str, str]]]]) -> dict[str, list[Any]]:
    return {path: [row for row in rows if row[1].get("comment") == "theirs"] for path, rows in holdings.items()}


@settings(max_examples=20)
@given(declarations(), declarations(), st.data())
def test_after_a_restart_that_renumbered_rows_none_of_others_is_touched(
    first: Declared, second: Declared, data: st.DataObject
):
    bench = Bench(seed=FOREIGN)
    bench.apply(first)
    plan, live = bench.plan(second)
    before = bench.holdings(MENUS)
    script = bench.undo(plan, live).script
    bench.carry_out(plan, part_of(plan, data))
    strangers = strange(bench)
    bench.restart(*(path for path in MENUS if path not in (IDENTITY, ETHER)))
    bench.fire(script)
    after = bench.holdings(MENUS)
    for path, (_, row) in strangers.items():
        assert row in [values for _, values in after[path]]
    for path in MENUS:
        assert theirs(after)[path] or not theirs(before)[path]
    without = {
        path: [row for row in rows if row[1] not in [strangers.get(path, ("", {}))[1]]] for path, rows in after.items()
    }
    told = [path for path in (POOL, PROFILE, ETHER, IDENTITY, MEMBER) if path in before]
    found, wanted = bare(bench.known, without), bare(bench.known, before)
    assert {path: found[path] for path in told} == {path: wanted[path] for path in told}
    for path in (FILTER, ROUTE, LIST):
        alone = [repr(sorted(row.items())) for _, row in before[path]]
        there = Counter(repr(sorted(row.items())) for _, row in without[path])
        assert not [row for row in alone if not there[row]] or shares_looks(first, second, path), (path, there)


def shares_looks(first: Declared, second: Declared, path: str) -> bool:
    """Whether rows look alike: then a restart leaves some of them where they cannot be told."""
    precise = ("comment", "chain", "action", "list", "dst-address", "disabled", "distance")
    looks = [
        tuple(row.get(name, DEFAULTS.get(name)) for name in precise)
        for rows in (first, second)
        for row in {repr(r): r for r in rows[path]}.values()
    ]
    return max(Counter(looks).values(), default=0) > 1
