"""Golden cases: each folder tells a small story, and the plan that must come of it.

A case.yaml says what is on the router (`router`), what was declared and applied earlier (`before`), what happened since
(`then`), what is declared now (`declared`, and `site` for a farther layer), what the site's `reconcile` says now and
said then (`reconcile-before`), and the exact lines of the `plan`, or fragments of every `error`; the line of a place in
a plan is the line of case.yaml. `after` is what the router holds in the end, in order where order counts: each row has
these values, "" for none. `sent` are the commands, where their order is part of the promise; `hidden` are texts that
may not enter the audit repository.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from case_story import CASES, Case, Story, holding, made, make_spec, text, told, writes

from trueup.lab import serve
from trueup.plan import Add, Existing, Move, Set
from trueup_schemas.catalogue import Menu, catalogue

NAMES = sorted(file.parent.name for file in CASES.glob("*/case.yaml"))

Rows = dict[str, dict[str, dict[str, str]]]


def test_there_are_enough_cases() -> None:
    assert len(NAMES) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_is_as_told_and_one_apply_converges(name: str, tmp_path: Path) -> None:
    case = Case.read(name)
    with serve([make_spec(case)], tmp_path) as lab:
        tell(Story(case, tmp_path, lab))


def tell(story: Story) -> None:
    """Take a story to its end."""
    case = story.case
    if "before" in case.data:
        story.declare("before")
        outcome = story.run(write=True)
        assert not outcome.problems, outcome.problems
        assert outcome.report is None or outcome.report.converged, outcome.text
    for step in case.data.get("then", ()):
        story.happen(step)
    story.declare("declared")
    if "error" in case.data:
        refuses(story)
        return
    converges(story)
    for value in (*story.secrets.values(), *case.data.get("hidden", ())):
        assert holding(story.folder / "net-audit", value) == []


def refuses(story: Story) -> None:
    """The run says what is wrong, and writes nothing."""
    story.received()
    outcome = story.run(write=True)
    said = "\n".join(map(str, outcome.problems))
    for fragment in story.case.data["error"]:
        assert fragment in said, outcome.text or said
    assert len(outcome.problems) == len(story.case.data["error"]), said
    assert writes(story.received()) == []


def converges(story: Story) -> None:
    """The plan is the one told, and all that is written, over one connection; then there is nothing to do.

    The net logs in once more for each batch, to see whether that still works.
    """
    before = story.snapshot()
    story.received()
    outcome = story.run(write=True)
    assert not outcome.problems, "\n".join(map(str, outcome.problems))
    assert outcome.plan is not None
    assert outcome.text == story.case.data["plan"]
    assert outcome.plan.empty or (outcome.report is not None and outcome.report.converged), outcome.report
    received = story.received()
    sent = [sentence[0] for sentence in writes(received)]
    assert made(writes(received)) == told(outcome.text)
    assert sent == story.case.data.get("sent", sent)
    probes = outcome.plan.net.batches if outcome.plan.net else 0
    assert [sentence[0] for sentence in received].count("/login") == 1 + probes
    again = story.run(write=False)
    assert again.plan is not None
    assert again.plan.empty, again.text
    assert again.text.endswith("1 router: nothing to do\n")
    stays(before, story.snapshot(), outcome.plan.changes)
    known = catalogue(story.served.spec.version)
    for menu, rows in story.case.data.get("after", {}).items():
        holds(known.menu(menu), story.served.rows(menu), rows)


def stays(before: Rows, after: Rows, changes: tuple[object, ...]) -> None:
    """Every row that no change names has its values and its place among the others; what was renamed has followed."""
    touched = {(c.menu, i) for c in changes for i in named(c)}
    renamed = [(c.old["name"], c.values["name"]) for c in changes if isinstance(c, Set) and "name" in c.values]
    for menu, rows in before.items():
        kept = [(id, row) for id, row in rows.items() if (menu, id) not in touched and id in after[menu]]
        gone = [id for id in rows if (menu, id) not in touched and id not in after[menu]]
        assert gone == [], f"{menu}: {gone} went though no change named them"
        now = [id for id in after[menu] if id in dict(kept)]
        assert now == [id for id, _ in kept], f"{menu}: rows that no change named have moved"
        for id, row in kept:
            assert after[menu][id] == follow(row, after[menu][id], renamed), f"{menu} {id} changed unsaid"


def follow(row: Mapping[str, str], now: Mapping[str, str], renamed: Sequence[tuple[object, object]]) -> dict[str, str]:
    """A row as it was, with renamed names replaced where the router has let them follow, one rename after the other."""
    followed = {}
    for name, value in row.items():
        there = value
        for old, new in renamed:
            there = str(new) if there == old else there
        followed[name] = there if now.get(name) == there else value
    return followed


def named(change: object) -> list[str]:
    """The ids of the live rows that a change is about; a singleton's only row is any."""
    if isinstance(change, Move):
        return [target.id for target in change.targets if isinstance(target, Existing)]
    if isinstance(change, Add):
        return []
    target = change.target
    return [target.id] if isinstance(target, Existing) else ["", "*0", "*1"]


def holds(menu: Menu, live: list[dict[str, str]], rows: object) -> None:
    """The rows of a menu, in order where order counts; a singleton is a mapping."""
    wanted = [{n: text(v) for n, v in row.items()} for row in ([rows] if isinstance(rows, Mapping) else rows)]
    if not menu.ordered:
        live = [next((row for row in live if has(row, each)), {}) for each in wanted] + live[len(wanted) :]
    assert len(live) == len(wanted)
    assert [{n: row.get(n, "") for n in each} for row, each in zip(live, wanted, strict=True)] == wanted


def has(row: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(row.get(name, "") == value for name, value in wanted.items())
