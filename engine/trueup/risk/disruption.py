"""What a plan disturbs while it is carried out: links that blink, servers that drop their sessions, a reboot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trueup.plan import Add, Change, Created, Existing, Move, Plan, Remove, Set
from trueup.plan.risk import Blink
from trueup.row import Row, Tables
from trueup_schemas.catalogue.disturbance import EFFECTS, Disturbance, Effect, MenuDisturbance, disturbance

OFF: Mapping[str, str] = {"disabled": "yes", "enabled": "no"}
"""Properties that switch a whole row on and off, with the value that means off."""

ASLEEP = Disturbance("none", "the row is disabled, before and after")


@dataclass(frozen=True, slots=True)
class Disturbed:
    """What one change, of property `name`, does to what: `row` is the live one, else what the plan says of it."""

    change: int
    menu: str
    known: MenuDisturbance
    found: Disturbance
    row: Row
    name: str = ""

    @property
    def what(self) -> str:
        """What is disturbed, for people; of what nobody knows, what was changed."""
        called = next((self.row.text(each) for each in self.known.names if self.row.text(each)), "")
        named = f"{self.known.prefix}{called}".strip() or self.menu
        return f"{named} {self.name}".strip() if self.found.effect == "unknown" else named


def classify(change: Change, row: Row | None = None) -> Effect:
    """The worst that a change does; `row` is its live row, where known."""
    effects = (found.effect for _, found in _effects(change, row))
    return max(effects, key=EFFECTS.index, default="none")


def disturbed(plan: Plan, tables: Tables) -> tuple[Disturbed, ...]:
    """Everything that a plan's changes do, also where that is nothing: of bulk that disturbs nothing, the first."""
    telling = list(_telling(plan))
    wanted = {(change.menu, id) for _, change in telling if (id := _id(change))}
    menus = {menu for menu, _ in wanted}
    rows = {(menu, r.id): r for menu in menus for r in tables.get(menu, ()) if (menu, r.id) in wanted}
    found = []
    for number, change in telling:
        row = rows.get((change.menu, _id(change)))
        known, named = disturbance(change.menu), row or _said(change)
        found += [Disturbed(number, change.menu, known, each, named, name) for name, each in _effects(change, row)]
    return tuple(found)


def _telling(plan: Plan) -> Iterator[tuple[int, Change]]:
    """The changes, with their numbers, less those that disturb nothing just as an earlier one does."""
    quiet: set[tuple[type, str]] = set()
    for number, change in enumerate(plan.changes):
        if (type(change), change.menu) in quiet:
            continue
        yield number, change
        known = disturbance(change.menu)
        same = {Add: known.add, Remove: known.remove, Move: known.move}.get(type(change))
        if same is not None and same.effect == "none":
            quiet.add((type(change), change.menu))


def blinks(found: tuple[Disturbed, ...]) -> tuple[Blink, ...]:
    """What is disturbed, each thing once for each effect, in the order of the changes."""
    grouped: dict[tuple[Effect, str, str], list[Disturbed]] = {}
    for each in found:
        if each.found.effect != "none":
            grouped.setdefault((each.found.effect, each.what, each.menu), []).append(each)
    return tuple(
        Blink(effect, what, menu, tuple(dict.fromkeys(each.change for each in all)), all[0].found.why)
        for (effect, what, menu), all in grouped.items()
    )


def _effects(change: Change, row: Row | None) -> Iterator[tuple[str, Disturbance]]:
    """Each property that is changed ("" for the row as a whole) and what that does."""
    known = disturbance(change.menu)
    if isinstance(change, Remove):
        yield "", ASLEEP if row is not None and _asleep(row) else known.remove
    elif isinstance(change, Move):
        yield "", known.move
    elif isinstance(change, Add):
        yield "", ASLEEP if change.values.get("disabled") == "yes" else known.add
    elif isinstance(change.target, Created):
        yield "", known.add
    else:
        yield from _set(change, row, known)


def _set(change: Set, row: Row | None, known: MenuDisturbance) -> Iterator[tuple[str, Disturbance]]:
    switched = [name for name in OFF if name in change.values]
    if not switched and row is not None and _asleep(row):
        yield "", ASLEEP
        return
    for name, value in change.values.items():
        if name not in switched or known.of(name).effect != "unknown":
            yield name, known.of(name)
        elif value == OFF[name]:
            yield name, known.remove
        else:
            yield name, known.add


def _asleep(row: Row) -> bool:
    return any(row.text(name) == off for name, off in OFF.items())


def _id(change: Change) -> str:
    target = getattr(change, "target", None)
    return target.id if isinstance(target, Existing) else ""


def _said(change: Change) -> Row:
    """What the plan itself says of a change's row."""
    if isinstance(change, Move):
        return Row({})
    values = {**change.row, **(change.values if isinstance(change, Add) else {})}
    return Row({name: value for name, value in values.items() if isinstance(value, str)})
