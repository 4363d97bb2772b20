"""`trueup adopt ROUTER --update`: what was changed by hand on a router goes into its file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from trueup.adopt import write_all
from trueup.adopt.update import Drift, Updated, update
from trueup.adopt.update_files import writings
from trueup.audit import Audit, audit_path
from trueup.cli.selection import select
from trueup.cli.terminal import progress, show_json, show_lines
from trueup.fleet.drift import read_drift
from trueup.load.network import load_network
from trueup.plan.document import plan_to_document
from trueup.plan.plan import FORMAT_VERSION
from trueup.secrets import open_stores
from trueup.show import Line, Show


def run_update(name: str, folder: Path, *, unmanaged: bool, partial: bool, as_json: bool) -> None:
    """Merge one router's drift, and tell; ends the command with its exit code."""
    drift = asyncio.run(_read(name, folder, quiet=as_json))
    updated = update(drift, unmanaged=unmanaged)
    keep = updated.whole or (partial and not updated.astray)
    files = writings(updated, drift) if keep else []
    write_all(files)
    written = [str(each.path) for each in files]
    if as_json:
        show_json(_document(updated, written))
    else:
        show_lines(_lines(updated, written))
    _tell(updated, kept=bool(written))
    sys.exit(0 if updated.whole else 1)


async def _read(name: str, folder: Path, *, quiet: bool) -> Drift:
    network = load_network(folder)
    router = select(network, [name])[0]
    stores = open_stores(network.settings, network.root)
    with progress(quiet=quiet) as watch:
        watch(router.name, "reading", 0, 0)
        return await read_drift(network, router, stores, Audit.find(audit_path(network)))


def _lines(updated: Updated, written: list[str]) -> Iterator[Line]:
    """What was written, as the lines that changed."""
    if not written:
        if updated.whole:
            yield Line(0, "", f"{updated.router}: nothing to merge")
        return
    yield Line(0, "", f"{updated.router}: {updated.file}")
    for line in unified_diff(updated.before.split("\n"), updated.text.split("\n"), n=1, lineterm=""):
        if not line.startswith(("---", "+++")):
            yield Line(
                2, "+" if line[0] == "+" else "-" if line[0] == "-" else "", line if line[0] == "@" else line[1:]
            )
    for name in updated.secrets:
        what = "has another value now" if name in updated.changed else "is new"
        yield Line(2, "~" if name in updated.changed else "+", f"secret {name} {what}")
    yield from (Line(2, "", f"wrote {file}") for file in written)
    if updated.whole:
        yield Line(2, "", "the plan of this declaration for the same state is empty")


def _tell(updated: Updated, *, kept: bool) -> None:
    """On standard error: what could not be merged, and the differences that are left."""
    for problem in (*updated.undone, *updated.told):
        _warn(f"{problem.severity}: {problem}")
    if updated.whole:
        return
    hint = "" if updated.astray or updated.same else " (--partial writes the rest)"
    rest = "the rest was written" if kept else f"nothing was written{hint}"
    _warn(f"error: {rest}; this is left of the plan:")
    for line in Show(private=False).body(updated.left):
        _warn(f"{' ' * line.indent}{line.mark:<2}{line.text}".rstrip())


def _warn(text: str) -> None:
    click.echo(text.encode("utf-8", "backslashreplace").decode(), err=True)


def _document(updated: Updated, written: list[str]) -> dict[str, Any]:
    """What `--json` prints; it names secrets and holds none."""
    return {
        "format-version": FORMAT_VERSION,
        "router": updated.router,
        "files": written,
        "secrets": {name: "changed" if name in updated.changed else "new" for name in updated.secrets},
        "told": [str(problem) for problem in updated.told],
        "undone": [str(problem) for problem in updated.undone],
        "drift": plan_to_document(updated.drift),
        "left": plan_to_document(updated.left),
        "text": updated.text,
    }
