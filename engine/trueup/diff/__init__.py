"""Desired, live and owned state compared: pure."""

from __future__ import annotations

from trueup.diff.content import Keys, Shape
from trueup.diff.difference import Difference, MenuDifference
from trueup.diff.ignore import ignored, leave_alone
from trueup.diff.match import match
from trueup.diff.menu import MenuDiffer, strangers
from trueup.diff.owned import Owned, OwnedRow, same_boot, why_void
from trueup.diff.references import check_references
from trueup.diff.renames import follow, renamed
from trueup.errors import PlanError, Problem
from trueup.plan import Note
from trueup.row import Desired, Live, Row, Table
from trueup_schemas.catalogue import Catalogue

__all__ = ["Difference", "Keys", "MenuDifference", "Owned", "OwnedRow", "Shape", "difference"]


def difference(desired: Desired, live: Live, owned: Owned | None, catalogue: Catalogue, keys: Keys) -> Difference:
    """What differs between a router and its declaration; PlanError with every problem that stands in the way.

    `live` must hold every menu that is declared or owned and that the router has, and those that are referred to.
    """
    return _Differ(desired, live, owned, catalogue, keys).run()


class _Differ:
    """One router's comparison."""

    def __init__(self, desired: Desired, live: Live, owned: Owned | None, catalogue: Catalogue, keys: Keys) -> None:
        self.desired, self.live, self.catalogue, self.keys = desired, live, catalogue, keys
        void = why_void(owned, live.facts, keys.digest)
        self.notes = [Note(f"{void}: nothing on this router counts as ours")] if void else []
        self.owned = None if void else owned
        self.same_boot = self.owned is not None and same_boot(self.owned, live.facts)
        self.records: dict[str, list[OwnedRow]] = {}
        for record in self.owned.rows if self.owned else ():
            self.records.setdefault(record.menu, []).append(record)
        self.problems: list[Problem] = []

    def run(self) -> Difference:
        paths = [path for path in dict.fromkeys((*self.desired.tables, *self.records)) if path in self.catalogue]
        rows = {path: self._declared(path) for path in paths}
        menus = [self._match(path, rows[path], {}) for path in paths if self._there(path)]
        renames: dict[str, dict[str, str]] = {}
        for menu in menus:
            for index, row in menu.matching.live.items():
                for place, (old, new) in renamed(menu.shape.menu, menu.declared[index], row).items():
                    renames.setdefault(place, {})[old] = new
        if renames:
            menus = [self._match(menu.path, menu.declared, renames) for menu in menus]
        for menu in menus:
            self._compare(menu)
        self.problems.extend(check_references(menus, self.live, self.catalogue))
        if self.problems:
            raise PlanError(self.problems)
        return Difference(tuple(menus), tuple(self.notes))

    def _declared(self, path: str) -> tuple[Row, ...]:
        return tuple(map(self.keys.with_public_keys, self.desired.tables.get(path, Table(path))))

    def _there(self, path: str) -> bool:
        if path in self.live.tables:
            return True
        if rows := self.desired.tables.get(path, Table(path)).rows:
            message = f"the router has no menu {path}"
            self.problems.append(Problem(message, rows[0].source, "install the package it belongs to, or drop it"))
        return False

    def _match(self, path: str, declared: tuple[Row, ...], renames: dict[str, dict[str, str]]) -> MenuDifference:
        shape = Shape(self.catalogue.menu(path))
        live = follow(shape.menu, self.live.tables[path].rows, renames)
        records, rules = self.records.get(path, ()), self.desired.exempt.get(path, ())
        left = ignored(shape, live, rules)
        matching = match(shape, declared, live, records, same_boot=self.same_boot, keys=self.keys, ignored=left)
        scopes = self.desired.tables.get(path, Table(path)).scopes
        menu = MenuDifference(shape, declared, live, scopes, matching, ignored=left)
        leave_alone(menu, rules)
        return menu

    def _compare(self, menu: MenuDifference) -> None:
        differ = MenuDiffer(menu, self.keys)
        differ.run()
        self.problems.extend((*menu.matching.problems, *differ.problems))
        self.notes.extend(differ.notes)
        if self.owned and not self.same_boot and not menu.shape.menu.key:
            records = (record.id for record in self.records.get(menu.path, ()) if record.id)
            for id in strangers(menu, records):
                text = f"row {id} looks like ours, edited by hand before the router restarted; it counts as a stranger"
                self.notes.append(Note(text, menu.path))
