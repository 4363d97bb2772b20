"""What a write is refused for before anything changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from trueup.lab.behaviour import Unique
from trueup.lab.machine import Machine
from trueup.lab.menu import Menu
from trueup.lab.table import Row
from trueup.lab.trap import Trap, failure

ALWAYS_OPEN = frozenset({"comment", "disabled"})
"""What may be changed even in builtin rows."""


def lacking(menu: Menu, values: Mapping[str, str]) -> None:
    """Refuse an `add` that lacks what the menu demands."""
    missing = [name for name in menu.behaviour.needs if name not in values and name in menu.shape.properties]
    if missing:
        raise Trap(f"missing value(s) of argument(s) {' '.join(missing)}")
    for rule in menu.behaviour.needs_any:
        if not any(values.get(name) for name in rule.says):
            raise Trap(rule.trap)


def bare(menu: Menu, removed: Iterable[str]) -> None:
    """Refuse to take away what a row cannot be without."""
    missing = [name for name in removed if name in menu.behaviour.needs]
    if missing:
        raise Trap(f"missing value(s) of argument(s) {' '.join(missing)}")


def alike(menu: Menu, futures: Sequence[Mapping[str, str]]) -> None:
    """Refuse one change that makes several rows share what no two rows may."""
    for rule in menu.behaviour.unique if len(futures) > 1 else ():
        seen = [tuple(values.get(name, "") for name in rule.properties) for values in futures]
        counted = [held for held, values in zip(seen, futures, strict=True) if counts(rule, held, values)]
        if len(set(counted)) < len(counted):
            raise failure(rule.trap.format_map(futures[0]))


def counts(rule: Unique, held: tuple[str, ...], values: Mapping[str, str]) -> bool:
    """Whether a row with these values takes part in a rule."""
    return any(held) and not (rule.enabled and values.get("disabled") == "true")


def combined(menu: Menu, values: Mapping[str, str]) -> None:
    """Refuse properties that exclude each other, and values that a menu forbids."""
    for rule in menu.behaviour.excludes:
        if all(values.get(name) for name in rule.says):
            raise failure(rule.trap)
    for rule in menu.behaviour.disjoint:
        members = [set(values.get(name, "").split(",")) - {""} for name in rule.says]
        if set.intersection(*members):
            raise failure(rule.trap)
    for rule in menu.behaviour.forbids:
        says = rule.says if isinstance(rule.says, Mapping) else {}
        if any(values.get(name) in words.split() for name, words in says.items()):
            raise failure(rule.trap)


def protected(menu: Menu, row: Row, touched: Set[str]) -> None:
    """Refuse changes of rows that are the router's own."""
    if row.marked("dynamic"):
        raise failure(menu.behaviour.protects.get("dynamic", "can not change dynamic"))
    if row.marked("builtin") and touched - ALWAYS_OPEN:
        raise failure(menu.behaviour.protects.get("builtin", "cannot change builtin"))


def taken(machine: Machine, menu: Menu, row: Row, values: Mapping[str, str]) -> None:
    """Refuse what another row of the menu, or of its namespace, already holds."""
    for rule in menu.behaviour.unique:
        wanted = {name: values.get(name, "") for name in rule.properties}
        if not counts(rule, tuple(wanted.values()), values):
            continue
        telling, value = list(wanted.items())[-1]  # the last one differs most, so most rows are passed over at once
        for other in machine.kin(menu) if rule.namespace else menu.table.rows:
            if other is not row and same(rule, other.values.get(telling, ""), value) and clashes(rule, other, wanted):
                raise failure(rule.trap.format_map(values))


def clashes(rule: Unique, other: Row, wanted: Mapping[str, str]) -> bool:
    """Whether a row whose last value is the same counts and holds the others too."""
    return (
        not other.marked("dynamic")
        and (not rule.enabled or other.enabled)
        and all(other.values.get(name, "") == value for name, value in list(wanted.items())[:-1])
    )


def same(rule: Unique, held: str, value: str) -> bool:
    """Whether two values are one to a rule: equal, or of spans with a number in common."""
    return held == value or (rule.spans and not numbers(held).isdisjoint(numbers(value)))


def numbers(spans: str) -> frozenset[int]:
    """The numbers of a list such as `10,20-22`; the values have been accepted before."""
    found: set[int] = set()
    for span in spans.split(",") if spans else ():
        low, _, high = span.partition("-")
        found.update(range(int(low), int(high or low) + 1))
    return frozenset(found)
