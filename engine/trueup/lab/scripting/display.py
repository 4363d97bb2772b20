"""What `print` writes for the eye: the lab's own form, after the router's `detail` and `terse`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from trueup.lab.menu import Menu

FLAGS = {
    "disabled": "X",
    "invalid": "I",
    "dynamic": "D",
    "running": "R",
    "slave": "S",
    "active": "A",
    "builtin": "b",
} | {"default": "*"}
"""Letters for flags (MikroTik documentation, of many menus)."""

PLAIN = re.compile(r"[A-Za-z0-9_./:,!*@%+-]+")
WIDEST = 24
"""Columns at most for the names of a singleton's values."""


def shown(menu: Menu, rows: Sequence[Mapping[str, str]], wanted: Sequence[str], how: Collection[str]) -> list[str]:
    """Rows for the eye: a singleton's values one a line, others one row a line with number and flags.

    `.id` is told with `show-ids` alone, flags as words to who asks for them by name.
    """
    hidden = set() if "show-ids" in how or ".id" in wanted else {".id"}
    told = [{n: v for n, v in row.items() if n not in hidden and (not wanted or n in wanted)} for row in rows]
    if menu.single:
        width = min(WIDEST, max((len(name) for row in told for name in row), default=0))
        return [f"{name:>{width + 2}}: {value}" for row in told for name, value in row.items()]
    letters = [flags(row, wanted) for row in rows]
    used = [f"{letter} - {name}" for name, letter in FLAGS.items() if any(letter in each for each in letters)]
    head = [f"Flags: {', '.join(used)}"] if used and "terse" not in how else []
    width = max(map(len, letters), default=0)
    return head + [
        f"{number:>2} {each:<{width}} {pairs(row, wanted, 'terse' in how)}".rstrip()
        for number, (each, row) in enumerate(zip(letters, told, strict=True))
    ]


def flags(row: Mapping[str, str], wanted: Sequence[str]) -> str:
    """The letters of the flags that a row bears."""
    return "".join(letter for name, letter in FLAGS.items() if row.get(name) == "true" and name not in wanted)


def pairs(row: Mapping[str, str], wanted: Sequence[str], terse: bool) -> str:
    """A row's values; texts stand in quotes where they are no plain words, unless it is to be terse."""
    kept = {name: value for name, value in row.items() if name not in FLAGS or name in wanted}
    return " ".join(f"{n}={v if terse or PLAIN.fullmatch(v) or not v else quoted(v)}" for n, v in kept.items())


def quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
