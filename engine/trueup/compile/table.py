"""Merged rows become the tables of Desired, checked as whole rows."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.compile.entry import Entry
from trueup.compile.merge import MenuMerger, key_of
from trueup.compile.rules import MenuRules
from trueup.errors import Problem
from trueup.row import Row, Scope, Table, Value
from trueup_schemas.catalogue import Menu


def build_table(merger: MenuMerger, problems: list[Problem]) -> Table:
    """The table of one menu; whole rows that lack what the router requires go to `problems`."""
    rows = tuple(_row(merger.rules, entry, problems) for entry in merger.rows())
    scopes = tuple(Scope(dict(group.match), bool(group.remove), group.source) for group in merger.groups.values())
    return Table(merger.menu.path, rows, scopes)


def _row(rules: MenuRules, entry: Entry, problems: list[Problem]) -> Row:
    values = {name: cell.value for name, cell in entry.cells.items()}
    _check_whole(rules, entry, values, problems)
    return Row(
        values=values,
        source=entry.source,
        sources={name: cell.source for name, cell in entry.cells.items()},
        was=_whole_key(rules.menu, entry.was, values),
        place=entry.place,
        protect=entry.protect,
        ignore=entry.ignore,
    )


def _check_whole(rules: MenuRules, entry: Entry, values: Mapping[str, Value], problems: list[Problem]) -> None:
    menu = rules.menu
    if menu.kind == "singleton":
        return
    lacking = {name for name in rules.required if values.get(name) is None}
    if menu.key and key_of(menu, values) is None:
        lacking |= {name for name in menu.key if values.get(name) is None}
    problems += (
        Problem(f"{menu.path}: the row has no {name}", entry.source, f"add `{name}: ...`") for name in sorted(lacking)
    )


def _whole_key(menu: Menu, was: Mapping[str, Value], values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The old key with the parts of it that did not change."""
    if not was:
        return {}
    defaults = {name: menu.properties[name].default for name in menu.key}
    return {name: was.get(name, values.get(name, defaults[name])) for name in menu.key}
