"""The script that undoes one plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from trueup.canonical.duration import written
from trueup.canonical.quote import quoted
from trueup.inverse.before import Before, before
from trueup.inverse.look import FUNCTION
from trueup.inverse.lost import lost_rows
from trueup.inverse.menus import Touched
from trueup.inverse.places import neighbouring, restore_order
from trueup.inverse.referrers import left_dead
from trueup.inverse.statements import Step, Uncovered, undo_adds, undo_removes, undo_sets
from trueup.plan import Add, Existing, Move, Plan, Remove, Set
from trueup.row import Live
from trueup_schemas.catalogue import Catalogue

SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Undo:
    """A script for a router's scheduler, and what it leaves as it is; its length is the script's, in bytes.

    The script holds what the router held, personal data too: it is for that router alone, never for a log or record.
    """

    script: str = field(repr=False)
    uncovered: tuple[Uncovered, ...] = ()

    def __len__(self) -> int:
        return len(self.script)


def undo(plan: Plan, live: Live, catalogue: Catalogue, name: str) -> Undo:
    """The script that undoes `plan`, wherever it was interrupted, on the router that was as `live` tells.

    `live` holds the touched menus with every writable property. `name` is that of the scheduler's and the script's
    rows, which the script removes first. Running it again, or where nothing was done, changes nothing.

    Exact, as long as the router has not restarted: rows are known by their ids; a new row by its name, or by having
    come since and looking like one that was added (see look.py), so that at most a stranger's row that came in the
    same minutes and looks the same could be taken for it. After a restart, which a lower uptime tells (a router that
    had been up for less than the script is armed for may be mistaken), rows are known by their names or looks where
    those are one row's alone, and left as they are where not.
    """
    past = before(plan, live)
    lost = lost_rows(plan, past, catalogue)
    stages = dict(_stages(plan))
    uncovered: list[Uncovered] = []
    steps: list[Step] = []
    opening: list[str] = []
    again: list[str] = []
    for menu in _menus(plan, past, catalogue):
        steps += undo_sets(menu, lost, uncovered)
        steps += undo_adds(menu, stages)
        steps += undo_removes(menu, stages, lost, uncovered)
        steps += restore_order(menu)
        opening += menu.opening()
        again += menu.found_again(neighbouring(menu) | set(_targets(menu)))
    uncovered += left_dead(plan, past, catalogue)
    steps.sort(key=lambda step: -step[0])
    lines = [
        *_head(plan, live, name),
        *([FUNCTION] if any(each.startswith(":local s") for each in opening) else []),
        *opening,
        *_body([*again, *(text for _, text in steps)]),
    ]
    return Undo("\n".join(lines) + "\n", tuple(sorted(set(uncovered), key=lambda each: (each.change, each.reason))))


def _head(plan: Plan, live: Live, name: str) -> Iterator[str]:
    """What comes first: nothing may start the script again, and the log says what happens."""
    for menu in ("/system scheduler", "/system script"):
        yield f":do {{{menu} remove [{menu} find name={quoted(name)}]}} on-error={{}}"
    count = len(plan.changes)
    changes = "1 change" if count == 1 else f"{count} changes"
    yield f":log warning {quoted(f'trueup: undoing {changes} ({name})')}"
    yield f":local same ([/system resource get uptime] >= {written(live.facts.uptime * SECOND)})"
    yield ":local e 1"


def _body(statements: list[str]) -> Iterator[str]:
    """The statements, once more where one failed: what stood in its way may be gone by then."""
    yield ":for pass from=1 to=2 do={:if ($e>0) do={\n:set e 0"
    yield from statements
    yield "}}"
    yield ':if ($e>0) do={:log warning ("trueup: " . $e . " changes could not be undone")} else={'
    yield ':log warning "trueup: undone"}'


def _menus(plan: Plan, past: Before, catalogue: Catalogue) -> Iterator[Touched]:
    found: dict[str, dict[int, Add | Set | Remove | Move]] = {}
    for number, change in enumerate(plan.changes):
        found.setdefault(change.menu, {})[number] = change
    renamed = {
        place
        for change in plan.changes
        if isinstance(change, Set) and {"name", *catalogue.menu(change.menu).key} & change.values.keys()
        for place in (change.menu, catalogue.menu(change.menu).namespace)
        if place
    }
    for at, (path, changes) in enumerate(found.items(), 1):
        yield Touched(catalogue.menu(path), at, past, changes, renamed)


def _targets(menu: Touched) -> Iterator[str]:
    for change in menu.changes.values():
        if isinstance(change, Set | Remove) and isinstance(change.target, Existing):
            yield change.target.id


def _stages(plan: Plan) -> Iterator[tuple[int, int]]:
    number = 0
    for at, stage in enumerate(plan.stages):
        for _ in stage:
            yield number, at
            number += 1
