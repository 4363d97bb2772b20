"""Whatever a change does to the example network, looking at what it may touch finds what looking at all of it does."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.load.held import Held
from trueup.load.narrow import Reach, reach, stubs_of
from trueup.load.network import read_tree
from trueup.review.change import included
from trueup.review.side import Side, compile_side, differs
from trueup_schemas.intents import SPANNING

SITES = Path(__file__).parents[2] / "sites"
SUFFIXES = (".yaml", ".j2", ".csv", ".jsonl")
FILES = {
    path.relative_to(SITES).as_posix(): path.read_bytes()
    for path in sorted(SITES.rglob("*"))
    if path.suffix in SUFFIXES and path.name != "lab.yaml"
}
NUMBER = re.compile(rb"\d+")


def held(files: dict[str, bytes]) -> Held:
    return Held(files, tuple(sorted(files)), {}, "c")


def edited(files: dict[str, bytes], name: str, kind: str, at: int) -> dict[str, bytes]:
    """The files after one edit: a number is another one, a line is gone, a file is gone, copied or renamed."""
    data = files.get(name)
    if data is None:
        return files
    rest = {path: text for path, text in files.items() if path != name}
    if kind == "gone":
        return rest
    if kind == "renamed":
        return {**rest, name.replace(".", "-b.", 1): data}
    if kind == "copied":
        return {
            **files,
            name.replace(".", "-b.", 1): re.sub(rb"^router: (\S+)", rb"router: \1-b", data, flags=re.MULTILINE),
        }
    if kind == "line":
        lines = data.splitlines(keepends=True)
        return {**files, name: b"".join(line for number, line in enumerate(lines) if number != at % len(lines))}
    found = list(NUMBER.finditer(data))
    if not found:
        return files
    match = found[at % len(found)]
    return {**files, name: data[: match.start()] + str(int(match[0]) + 1).encode() + data[match.end() :]}


def looked_at(sides: tuple[Held, Held], within: Reach) -> tuple[set[str], bool]:
    """The routers that differ, and whether the head has an error."""
    compiled: list[Side] = []
    for side in sides:
        network, problems = read_tree(SITES, side.narrowed(stubs_of(side, within.routers | within.beside)))
        compiled.append(compile_side(network, problems, within.routers) if network else Side({}, (), problems))
    before, after = (side.routers for side in compiled)
    names = before.keys() | after.keys()
    touched = {n for n in names if n not in before or n not in after or differs(before[n], after[n])}
    return touched, any(problem.severity == "error" for problem in compiled[1].every_problem)


EDITS = st.tuples(
    st.sampled_from(sorted(FILES)),
    st.sampled_from(["number", "line", "gone", "copied", "renamed"]),
    st.integers(0, 999),
)


@given(st.lists(EDITS, min_size=1, max_size=3))
@settings(max_examples=12)
def test_the_bound_leaves_nothing_out(edits: list[tuple[str, str, int]]) -> None:
    head = FILES
    for name, kind, at in edits:
        head = edited(head, name, kind, at)
    sides = held(FILES), held(head)
    narrow = looked_at(sides, reach(*sides, SPANNING, included()))
    whole = looked_at(sides, Reach(frozenset(FILES) | frozenset(head)))
    assert narrow[1] == whole[1]
    if not whole[1]:
        assert narrow[0] == whole[0]
