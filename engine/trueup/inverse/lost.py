"""Removed rows that cannot come back, and what else cannot come back as it was, since it refers to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trueup.canonical import named
from trueup.inverse.before import Before
from trueup.plan import Plan, Remove
from trueup.row import Row, Secret
from trueup_schemas.catalogue import Catalogue, Menu, Property

NOT_REMADE = frozenset({"/certificate", "/file", "/user/ssh-keys", "/user/ssh-keys/private"})
"""Menus whose rows hold more than their properties say."""

Names = frozenset[tuple[str, str, str]]
"""What others call rows by: a menu or namespace, a property, its text."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Why removed rows cannot come back, by the numbers of their changes, and their names."""

    reasons: Mapping[int, str]
    names: Names = frozenset()

    def named_by(self, property: Property, value: object) -> bool:
        """Whether a value refers to such a row."""
        if not self.names or not isinstance(value, str):
            return False
        hard = [each for each in property.refers if each.hard]
        return any((each.menu, each.property, name) in self.names for each in hard for name in named(property, value))


def lost_rows(plan: Plan, past: Before, catalogue: Catalogue) -> Lost:
    """Which of a plan's removals nothing can undo; one may follow from another."""
    removes = {n: change for n, change in enumerate(plan.changes) if isinstance(change, Remove)}
    lost = Lost({})
    while True:
        found = dict(lost.reasons)
        for number, change in removes.items():
            row = past.index.get((change.menu, change.target.id))
            if number not in found and (reason := why_lost(catalogue.menu(change.menu), row, lost)):
                found[number] = reason
        if len(found) == len(lost.reasons):
            return lost
        names = {
            name
            for number in found
            if (row := past.index.get((removes[number].menu, removes[number].target.id))) is not None
            for name in names_of(catalogue.menu(removes[number].menu), row)
        }
        lost = Lost(found, frozenset(names))


def names_of(menu: Menu, row: Row) -> Names:
    """All that others may call a row by."""
    places = [place for place in (menu.path, menu.namespace) if place]
    texts = [(name, text) for name, text in row.values.items() if isinstance(text, str) and text]
    return frozenset((place, name, text) for place in places for name, text in texts)


def why_lost(menu: Menu, row: Row | None, lost: Lost) -> str:
    """Why a removed row cannot come back, "" where it can.

    Without a secret, or without what it referred to, a row must not come back in force: a server without its
    certificate or a network without its passphrase would be open. So it comes back disabled, or not at all.
    """
    if row is None:
        return "the row is not in what was read, so that it cannot come back"
    if menu.path in NOT_REMADE:
        return "the row cannot come back: it holds more than its properties say"
    for property in menu.writable:
        if (why := why_missing(property, row, lost)) and (property.required or "disabled" not in menu.properties):
            return f"the row cannot come back: {why}"
    return ""


def why_missing(property: Property, row: Row, lost: Lost) -> str:
    """Why a property cannot come back though the row may, "" where it can."""
    value = row.values.get(property.name)
    if isinstance(value, Secret):
        return "" if value.reveal() in ("", property.default) else hidden(property)
    if property.write_only:
        return hidden(property)
    return f"{property.name} refers to a row that cannot come back" if lost.named_by(property, value) else ""


def hidden(property: Property) -> str:
    return f"{property.name} is secret, and the script holds none"
