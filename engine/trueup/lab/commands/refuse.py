"""What a write is refused for before anything changes."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

from trueup.lab.behaviour import Unique
from trueup.lab.menu import Menu
from trueup.lab.table import Row
from trueup.lab.trap import Trap, failure

if TYPE_CHECKING:
    from trueup.lab.router import Router

ALWAYS_OPEN = frozenset({"comment", "disabled"})
"""What may be changed even in builtin rows."""


def lacking(menu: Menu, values: Mapping[str, str]) -> None:
    """Refuse an `add` that lacks what the menu demands."""
    missing = [name for name in menu.behaviour.needs if name not in values]
    if missing:
        raise Trap(f"missing value(s) of argument(s) {' '.join(missing)}")
    for rule in menu.behaviour.needs_any:
        if not any(values.get(name) for name in rule.says):
            raise Trap(rule.trap)


def combined(menu: Menu, values: Mapping[str, str]) -> None:
    """Refuse properties that exclude each other, and values that a menu forbids."""
    for rule in menu.behaviour.excludes:
        if all(values.get(name) for name in rule.says):
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


def taken(router: Router, menu: Menu, row: Row, values: Mapping[str, str]) -> None:
    """Refuse what another row of the menu, or of its namespace, already holds."""
    for rule in menu.behaviour.unique:
        wanted = {name: values.get(name, "") for name in rule.properties}
        if not any(wanted.values()) or (rule.enabled and values.get("disabled") == "true"):
            continue
        telling, value = list(wanted.items())[-1]  # the last one differs most, so most rows are passed over at once
        for other in router.kin(menu) if rule.namespace else menu.table.rows:
            if other.values.get(telling, "") == value and other is not row and clashes(rule, other, wanted):
                raise failure(rule.trap.format_map(values))


def clashes(rule: Unique, other: Row, wanted: Mapping[str, str]) -> bool:
    """Whether a row that the rule counts holds all the values wanted."""
    counts = not other.marked("dynamic") and (not rule.enabled or other.enabled)
    return counts and all(other.values.get(name, "") == value for name, value in wanted.items())
