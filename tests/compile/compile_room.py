"""Small networks for tests of compiling, and their rows as plain data."""

from __future__ import annotations

from pathlib import Path

import pytest

from trueup.compile import Compiled, compile_network
from trueup.errors import DeclarationError, Problem
from trueup.load.network import Network, load_network
from trueup.row import Row

CONNECT = "connect: {hosts: [192.0.2.1], password: !secret api}\n"


def network(folder: Path, files: dict[str, str]) -> Network:
    """A network of these files; trueup.yaml and site.yaml come by themselves, connect comes with `router:`."""
    texts = {"trueup.yaml": "network: test\n", "site/site.yaml": ""} | files
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text + (CONNECT if text.startswith("router:") else ""), encoding="utf-8")
    return load_network(folder)


def compiled(folder: Path, files: dict[str, str], router: str = "r") -> Compiled:
    """One router of a network of these files."""
    return next(one for one in compile_network(network(folder, files)) if one.router == router)


def rows(one: Compiled, menu: str) -> list[dict[str, str]]:
    """The menu's rows in order, as texts; secrets by their names, `~` as it is written."""
    return [texts(row) for row in one.desired.tables[menu]]


def texts(row: Row) -> dict[str, str]:
    return {name: "~" if value is None else str(value) for name, value in row.values.items()}


def problems(folder: Path, files: dict[str, str]) -> list[Problem]:
    """What compiling these files says is wrong."""
    with pytest.raises(DeclarationError) as caught:
        compile_network(network(folder, files))
    return list(caught.value.problems)
