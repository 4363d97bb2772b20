"""The columns of a table, checked once for all of its rows."""

from __future__ import annotations

from collections.abc import Callable

from trueup.compile.rules import MenuRules
from trueup.errors import Problem, Source
from trueup.load.node import Column, TableNode

Refuse = Callable[[str, Source], None]
"""Says why a row may not declare a name."""


def refused_columns(rules: MenuRules, table: TableNode, refuse: Refuse, problems: list[Problem]) -> frozenset[str]:
    """The columns that rows of this menu may not have, each told in `problems`; no cell is ever repeated."""
    columns = table.columns
    if columns and not any(name in rules.declarable or name in rules.reserved for name in columns):
        # Without a header the first row's cells stand here, a password perhaps among them.
        message = f"{rules.menu.path}: the first line names no property of this menu"
        remedy = "write property names, such as name,comment, in the first line"
        problems.append(Problem(message, next(iter(columns.values())).source, remedy))
        return frozenset(columns)
    refused: set[str] = set()
    for name, column in columns.items():
        if name not in rules.declarable and name not in rules.reserved:
            refuse(name, column.source)
            refused.add(name)
        elif wrong := _secrecy(rules, name, column):
            message, remedy = wrong
            problems.append(Problem(f"{rules.menu.path} {name}: {message}", column.source, remedy))
            refused.add(name)
    return frozenset(refused)


def _secrecy(rules: MenuRules, name: str, column: Column) -> tuple[str, str] | None:
    """What is wrong with a column that should or should not name secrets."""
    secret = name in rules.declarable and rules.declarable[name][0].secret
    if secret and not column.secret:
        remedy = f"name the column `!secret {name}`, write secrets' names in it, and keep the values in a secret store"
        return "a secret may not be written in plain text", remedy
    if column.secret and not secret:
        return "a secret may not stand here", f"name the column `{name}`; only passwords and keys are secrets"
    return None
