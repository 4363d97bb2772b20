"""The fewest rows move, undeclared rows keep their place, and every `place` is kept."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from trueup.order.sequence import Arrangement, Stratum, Wanted, arrange
from trueup.order.subsequence import longest_increasing


@given(st.lists(st.integers(0, 30), unique=True))
def test_the_longest_increasing_subsequence_is_increasing(values: list[int]) -> None:
    found = [values[i] for i in longest_increasing(values)]
    assert found == sorted(found)


@given(st.lists(st.integers(0, 9), unique=True, max_size=9))
def test_no_longer_increasing_subsequence_exists(values: list[int]) -> None:
    length = len(longest_increasing(values))
    longer = combinations(values, length + 1)
    assert not any(list(candidate) == sorted(candidate) for candidate in longer)


def play(table: list[str], arrangement: Arrangement) -> list[str]:
    """The table after a router has carried the steps out, one after the other."""
    table = list(table)
    for step in arrangement.steps:
        if not step.is_new:
            table = [name for name in table if name not in step.names]
        at = len(table) if step.before is None else table.index(step.before)
        table[at:at] = step.names
    return table


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[Wanted], list[str], set[str]]:
    """A table of declared, undeclared and dynamic rows in any order, and the declared order with new rows in it."""
    live = [f"d{i}" for i in range(draw(st.integers(0, 6)))]
    others = [f"u{i}" for i in range(draw(st.integers(0, 3)))]
    dynamic = [f"y{i}" for i in range(draw(st.integers(0, 2)))]
    table = draw(st.permutations([*live, *others, *dynamic]))
    new = [f"n{i}" for i in range(draw(st.integers(0, 4)))]
    names = draw(st.permutations([*live, *new]))
    others = [name for name in table if name.startswith("u")]
    wanted = [Wanted(name, name.startswith("n")) for name in names]
    if wanted and others and (not live or draw(st.booleans())):
        at = draw(st.integers(0, len(wanted) - 1))
        side = draw(st.sampled_from(["first", "last", "before", "after"]))
        mark = draw(st.integers(0, len(others) - 1))
        bounds = {"first": (0, 0), "last": (len(others), None), "before": (0, mark), "after": (mark + 1, None)}
        low, high = bounds[side]
        wanted[at] = Wanted(wanted[at].name, wanted[at].is_new, low, high, placed=True)
    return list(table), wanted, others, {name for name in table if not name.startswith("y")}


@given(tables())
def test_declared_rows_stand_in_order_and_others_have_not_moved(
    case: tuple[list[str], list[Wanted], list[str], set[str]],
) -> None:
    table, wanted, others, anchors = case
    arrangement = arrange(table, anchors, [Stratum(wanted, others)])
    assert not arrangement.problems
    after = play(table, arrangement)
    assert after == list(arrangement.chain)
    names = [w.name for w in wanted]
    assert [name for name in after if name in names] == names
    assert [name for name in after if name not in names] == [name for name in table if name not in names]


@given(tables())
def test_every_place_is_kept(case: tuple[list[str], list[Wanted], list[str], set[str]]) -> None:
    table, wanted, others, anchors = case
    after = play(table, arrange(table, anchors, [Stratum(wanted, others)]))
    for row in wanted:
        gap = sum(after.index(other) < after.index(row.name) for other in others)
        assert row.low <= gap <= (len(others) if row.high is None else row.high)


def could_stay(table: list[str], wanted: list[Wanted], others: list[str], staying: set[str]) -> bool:
    """Whether these rows could stay where they are: in declared order, and every `place` can still be kept."""
    rows = [name for name in table if name in staying]
    if rows != [w.name for w in wanted if w.name in staying]:
        return False
    low = 0
    for row in wanted:
        low = max(low, row.low)
        if row.name in staying:
            gap = sum(table.index(other) < table.index(row.name) for other in others)
            if gap < low or (row.high is not None and gap > row.high):
                return False
            low = gap
        elif row.high is not None and low > row.high:
            return False
    return True


@given(tables())
def test_the_fewest_rows_move(case: tuple[list[str], list[Wanted], list[str], set[str]]) -> None:
    table, wanted, others, anchors = case
    moved = sum(len(s.names) for s in arrange(table, anchors, [Stratum(wanted, others)]).steps if not s.is_new)
    live = [w.name for w in wanted if not w.is_new]
    fewer = combinations(live, len(live) - moved + 1) if moved else ()
    assert not any(could_stay(table, wanted, others, set(staying)) for staying in fewer)


def test_neighbours_that_move_share_a_command() -> None:
    wanted = [Wanted(name, is_new=False) for name in "bcda"]
    arrangement = arrange(list("abcd"), set("abcd"), [Stratum(wanted)])
    assert [step.names for step in arrangement.steps] == [("a",)]
    wanted = [Wanted(name, is_new=False) for name in "cdab"]
    arrangement = arrange(list("abcdu"), set("abcdu"), [Stratum([*wanted], [])])
    assert sum(len(step.names) for step in arrangement.steps) == 2
    assert len(arrangement.steps) == 1


def test_a_new_row_goes_right_after_its_declared_predecessor() -> None:
    wanted = [Wanted("a", is_new=False), Wanted("n", is_new=True), Wanted("b", is_new=False)]
    arrangement = arrange(list("aub"), set("aub"), [Stratum(wanted, ["u"])])
    assert play(list("aub"), arrangement) == list("anub")


def test_without_a_neighbour_among_undeclared_rows_place_must_be_written() -> None:
    wanted = [Wanted("n", is_new=True)]
    assert arrange(list("u"), set("u"), [Stratum(wanted, ["u"])]).problems


def test_places_that_contradict_each_other_are_a_problem() -> None:
    wanted = [Wanted("a", True, low=1, placed=True), Wanted("b", True, high=0, placed=True)]
    assert arrange(list("u"), set("u"), [Stratum(wanted, ["u"])]).problems
