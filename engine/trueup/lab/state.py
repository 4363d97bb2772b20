"""A router's state as JSON, so that it survives the process; written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from trueup.lab.router import Router
from trueup.lab.spec import Spec
from trueup.lab.table import Row, Table

FORMAT = 1


class BadState(Exception):
    """A state file that cannot be read."""


def dump(router: Router) -> dict[str, Any]:
    """Everything that a router must not forget: rows and counters."""
    with router.lock:
        tables = {
            path: [[row.id, dict(row.values), dict(row.marks)] for row in table]
            for path, table in router.tables.items()
        }
        board = router.spec.board
        return {
            "format": FORMAT,
            "version": router.spec.version,
            "board": board,
            "ports": " ".join(router.spec.ports),
            "counters": dict(router.counters),
            "tables": tables,
        }


def save(router: Router, file: Path) -> None:
    """Write the state (0600: it holds the router's secrets)."""
    router.dirty = False
    text = json.dumps(dump(router), indent=1)
    temporary = file.with_suffix(".new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    temporary.replace(file)


def restore(spec: Spec, file: Path) -> Router:
    """The router as it was saved, or a new one where nothing was; raises BadState."""
    if not file.exists():
        return Router(spec)
    try:
        kept = json.loads(file.read_text())
        tables = {
            path: Table(path, [Row(id, values, marks) for id, values, marks in rows])
            for path, rows in kept["tables"].items()
        }
        counters = {str(key): int(value) for key, value in kept["counters"].items()}
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise BadState(f"{file}: cannot be read ({type(error).__name__})") from error
    for name, now in (("version", spec.version), ("board", spec.board), ("ports", " ".join(spec.ports))):
        was = kept.get(name, "")
        if was != now:
            raise BadState(f"{file}: was kept with {name} {was}, now it is {now}; begin anew with --fresh")
    return Router.kept(spec, tables, counters)
