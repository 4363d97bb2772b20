"""Whatever rules say is left alone: no change is ever about it, and all else converges as without them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from copy import deepcopy

from box import EPOCH, MENUS, Box, Known, plan_for, run
from hypothesis import given, settings
from hypothesis import strategies as st
from test_converges import NAMES, boxes, declared, edit

from trueup.compile.ignore import Exempt, spared
from trueup.compile.rules import Rules
from trueup.diff.ignore import managed
from trueup.errors import Problem
from trueup.plan import Add, Change, Existing, Move, Plan, Remove, Set
from trueup.row import Desired, Exemption, Facts, Live, Place, Row, Table

THEIRS = Exemption({"comment": "theirs*"})
EXEMPT = {"/profile": (Exemption({}, frozenset({"rate"})),)}
PATHS = ("/filter", "/pool", "/list", "/server")
LEFT = {"/filter": ("src", "odd", "out"), "/pool": ("next",), "/list": ("comment",), "/profile": ("rate", "pool")}


@st.composite
def exemptions(draw: st.DrawFn) -> dict[str, tuple[Exemption, ...]]:
    """Rows with a comment of theirs are ignored in some menus; some properties are left alone in some, or kept."""
    found: dict[str, tuple[Exemption, ...]] = {path: (THEIRS,) for path in PATHS if draw(st.booleans())}
    for path in draw(st.sets(st.sampled_from(sorted(LEFT)))):
        names = frozenset(draw(st.sets(st.sampled_from(LEFT[path]), min_size=1)))
        match = (
            {"action": draw(st.sampled_from(["accept", "dr*"]))} if path == "/filter" and draw(st.booleans()) else {}
        )
        found[path] = (*found.get(path, ()), Exemption(match, names, keep=draw(st.booleans())))
    return found


def under(tables: Mapping[str, Table], exempt: Exempt) -> Mapping[str, Table]:
    """The tables as they are compiled under these rules."""
    problems: list[Problem] = []
    found = spared(tables, exempt, Rules(Known()), problems)  # type: ignore[arg-type]
    assert not problems
    return found


def scribble(box: Box, data: st.DataObject) -> None:
    """Somebody adds rows of theirs, takes some for theirs that were ours, and writes into what may be left alone."""
    for path in PATHS:
        if data.draw(st.booleans()):
            values = {"name": "z", "ranges": "z", "chain": "input", "list": "z", "address": "z"}
            known = {name: text for name, text in values.items() if name in MENUS[path].properties}
            if path != "/pool" or all(row["name"] != "z" for row in box.tables[path]):
                box.add(path, known | {"comment": data.draw(st.sampled_from(["theirs", "theirs too"]))})
    for path in ("/filter", "/pool"):
        for row in box.tables[path]:
            if not row.get("dynamic") and data.draw(st.integers(0, 3)) == 0:
                row["comment"] = "theirs now"
            elif path == "/filter" and data.draw(st.integers(0, 3)) == 0:
                row["odd"] = data.draw(NAMES)


def ids(change: Change) -> Iterator[str]:
    targets = change.targets if isinstance(change, Move) else (getattr(change, "target", None),)
    yield from (target.id for target in targets if isinstance(target, Existing))


def leaves_alone(plan: Plan, box: Box, ours: set[str], tables: Mapping[str, Table], exempt: Exempt) -> None:
    """No change is about what the rules leave alone, but that a row which is declared stays ours."""
    for change in plan.changes:
        rules = exempt.get(change.menu, ())
        rows = {row[".id"]: row for row in box.tables[change.menu]}
        keys = {row.text("name") for row in tables.get(change.menu, ()) if "name" in MENUS[change.menu].key}
        for id in ids(change):
            if THEIRS in rules and rows[id].get("comment", "").startswith("theirs"):
                assert not isinstance(change, Remove), change
                assert id in ours or rows[id].get("name") in keys, change
        if isinstance(change, Add | Set):
            for rule in rules:
                if always(rule, change) and not (isinstance(change, Add) and rule.keep):
                    assert rule.properties.isdisjoint(change.values), (change, rule)


def always(rule: Exemption, change: Add | Set) -> bool:
    """Whether a rule is about the declared row of a change for certain; a change tells not all of its row."""
    if isinstance(change, Set):
        return not rule.match
    return rule.holds(lambda name: str(change.values.get(name, "accept" if name == "action" else "")))


@settings(max_examples=120)
@given(boxes(), declared(), declared(), exemptions(), exemptions(), st.data())
def test_no_change_is_about_what_is_left_alone(
    box: Box,
    first: dict[str, Table],
    second: dict[str, Table],
    before: dict[str, tuple[Exemption, ...]],
    now: dict[str, tuple[Exemption, ...]],
    data: st.DataObject,
) -> None:
    scribble(box, data)
    owned, ours = None, set[str]()
    for tables, exempt in ((first, before), (second, now)):
        wanted, there = under(tables, exempt), deepcopy(box)
        plan, left, owned = run(box, wanted, owned, exempt)
        leaves_alone(plan, there, ours, wanted, exempt)
        assert left.empty, left
        assert plan_for(box, wanted, owned, exempt).empty
        ours = {record.id for record in owned.rows}
        edit(box, data)
        scribble(box, data)
        leaves_alone(plan_for(box, wanted, owned, exempt), box, ours, wanted, exempt)


def test_what_is_left_alone_is_no_part_of_what_is_managed() -> None:
    rows = [Row({"name": "a", "comment": "theirs"}, id="*1"), Row({"name": "b", "comment": "theirs"}, id="*2")]
    live = Live(
        Facts("7.24", "", "", "SN1", 1, EPOCH),
        {
            "/pool": Table("/pool", (*rows, Row({"name": "c", "ranges": "x"}, id="*3"))),
            "/profile": Table("/profile", (Row({"name": "p", "rate": "1", "pool": "b"}, id="*4"),)),
        },
    )
    exempt = {"/pool": (THEIRS,), **EXEMPT}
    desired = Desired("r1", {"/profile": Table("/profile", (Row({"name": "p", "pool": "b"}),))}, "c1", exempt)
    found = managed(desired, live, Known())
    assert [row.id for row in found.tables["/pool"]] == ["*2", "*3"], "a pool that is named stays"
    assert [row.values for row in found.tables["/profile"]] == [{"name": "p", "pool": "b"}]
    assert managed(Desired("r1", desired.tables), live, Known()) is live


def test_a_row_that_only_looks_like_a_declared_one_is_not_taken_for_it() -> None:
    box = Box()
    theirs = box.add("/filter", {"chain": "input", "odd": "theirs"})
    exempt = {"/filter": (Exemption({"odd": "theirs"}),)}
    tables = {"/filter": Table("/filter", (Row({"chain": "input"}, place=Place("first")),))}
    plan, left, owned = run(box, tables, None, exempt)
    assert [type(change) for change in plan.changes] == [Add]
    assert left.empty
    assert theirs not in {record.id for record in owned.rows}


def test_what_is_left_alone_makes_no_plan_stale() -> None:
    """The plan's fingerprint and the digests of its rows hold though somebody changes what is left alone meanwhile."""
    box = Box()
    row = box.add("/profile", {"name": "a", "rate": "1", "pool": ""})
    tables = under({"/profile": Table("/profile", (Row({"name": "a", "comment": "b"}),))}, EXEMPT)
    before = plan_for(box, tables, None, EXEMPT)
    box.set("/profile", row, {"rate": "2"})
    after = plan_for(box, tables, None, EXEMPT)
    assert not before.empty
    assert (before.fingerprint, before.changes) == (after.fingerprint, after.changes)
    box.set("/profile", row, {"pool": "z"})
    assert plan_for(box, tables, None, EXEMPT).fingerprint != after.fingerprint


@given(st.text("ab*?.\n", max_size=8), st.text("ab.\n", max_size=10))
def test_patterns_fit_what_the_shell_s_would(pattern: str, text: str) -> None:
    assert Exemption({"comment": pattern}).holds(lambda _: text) == fits(pattern, text)


def fits(pattern: str, text: str) -> bool:
    """The textbook's way: slow, and surely right."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(fits(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and fits(pattern[1:], text[1:])


def test_a_hostile_pattern_costs_no_time() -> None:
    rule = Exemption({"comment": "*a" * 200 + "b"})
    start = time.process_time()
    assert not rule.holds(lambda _: "a" * 20_000)
    assert time.process_time() - start < 5
