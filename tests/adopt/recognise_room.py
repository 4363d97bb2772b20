"""What tests of recognising share: declarations as exports of the routers that they make."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rsc
import yaml

from trueup.adopt import Adopted, Place, adopt_export
from trueup.adopt.candidate import Candidate
from trueup.adopt.prove import WithFile, load_tree
from trueup.row import Row, Table
from trueup_schemas.catalogue import catalogue
from trueup_schemas.secret import SecretRef

VERSION = "7.24"
HEAD = f'router: edge\nversion: "{VERSION}"\n'
Tables = Mapping[str, Table]


class Writer(yaml.SafeDumper):
    """Writes secrets' names as `!secret NAME`."""


Writer.add_representer(SecretRef, lambda dumper, ref: dumper.represent_scalar("!secret", ref.name))


def yaml_of(intents: Mapping[str, Any]) -> str:
    return yaml.dump(dict(intents), Dumper=Writer, sort_keys=False, allow_unicode=True)


def candidate(head: str = HEAD) -> Candidate:
    """A router outside of any network, by what its file begins with."""
    network = load_tree(Path(), WithFile(None, "adopted/edge.yaml", head.encode()))
    return Candidate(network, "edge", head, VERSION)


def tables_of(body: str) -> Tables:
    """The rows of a router with this in its file."""
    return candidate().compile(body).desired.tables


def export_of(tables: Tables) -> bytes:
    """The export of a router that has these rows and one PPP secret, without which it would seem to hide secrets."""
    lines = [f"# 2025-01-01 00:00:00 by RouterOS {VERSION}", "/ppp secret add name=told service=l2tp password=canary"]
    for path, table in tables.items():
        lines.append("/" + path[1:].replace("/", " "))
        lines += (_command(path, row) for row in table)
    return ("\n".join(lines) + "\n").encode()


def _command(path: str, row: Row) -> str:
    menu = catalogue(VERSION).menu(path)
    written = rsc.command({name: _text(value) for name, value in row.values.items() if value is not None})
    if menu.kind == "singleton":
        return written.replace("add", "set", 1)
    if menu.kind == "fixed":
        key = menu.key[0]
        rest = {name: _text(value) for name, value in row.values.items() if name != key}
        return rsc.command(rest).replace("add", f"set [ find {key}={rsc.value(row.text(key))} ]", 1)
    return written


def _text(value: Any) -> str:
    return f"canary-{value.name}" if isinstance(value, SecretRef) else str(value)


def readopted(tables: Tables) -> Adopted:
    """What adopting the export of these rows comes to."""
    return adopt_export(export_of(tables), "x.rsc", "edge", Place())
