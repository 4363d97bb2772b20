"""What a router's declared device-mode does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.errors import Problem, Source
from trueup.load.node import MappingNode
from trueup.load.router import Router
from trueup.row import Row, Table, Tables
from trueup_schemas.device_mode import features, forbidden, modes

_HARMLESS = {"/system/routerboard/settings": {"auto-upgrade"}}
"""What may be set although its feature is forbidden."""


def not_allowed(router: Router, tables: Tables, version: str) -> Iterator[Problem]:
    """A problem for each menu whose rows cannot work, at the first of them; one alone where there is no such mode.

    Rows that are switched off are no problem.
    """
    declared = router.device_mode
    if declared is None:
        return
    known = modes(version)
    if declared.mode is None:
        yield Problem("device-mode: 'mode' is missing", _place(router), f"add `mode: {' | '.join(known)}`")
        return
    if declared.mode not in known:
        told = f"has {', '.join(known)}" if known else "has no device-mode"
        yield Problem(f"RouterOS {version} has no device-mode '{declared.mode}'", _place(router), f"it {told}")
        return
    refused = forbidden(declared.mode, declared.said, version)
    for table in tables.values():
        for feature in features(table.menu):
            rows = [row for row in table if _works(table, row)] if feature in refused else []
            if rows:
                yield _problem(table, rows, feature, declared.mode)


def _works(table: Table, row: Row) -> bool:
    off = row.text("disabled") == "yes" or row.text("enabled") == "no"
    return not off and not row.values.keys() <= _HARMLESS.get(table.menu, set())


def _problem(table: Table, rows: list[Row], feature: str, mode: str) -> Problem:
    message = f"{table.menu}: device-mode {mode} does not allow {feature}"
    others = f", nor {len(rows) - 1} more here" if len(rows) > 1 else ""
    remedy = f"allow it at the router with /system/device-mode/update {feature}=yes, and say `{feature}: yes` here"
    return Problem(f"{message}, so this row cannot work{others}", rows[0].source, remedy)


def _place(router: Router) -> Source | str:
    node = router.document.get("device-mode")
    if isinstance(node, MappingNode) and "mode" in node:
        node = node["mode"]
    return node.source if node is not None else router.name
