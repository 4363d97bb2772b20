"""The names in a network, found without reading it as YAML: quick enough for a shell that waits for them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

MAIN, SITE, GROUPS = "trueup.yaml", ("site.yaml", "site.yml"), "groups"
MOST = 5_000
"""The most files that are looked into."""
LETTERS = 64_000
"""The most letters of a file that are looked at; names stand at its beginning."""

_ROUTER = re.compile(r"^router[ \t]*:[ \t]*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
_LABELS = re.compile(r"^[ \t]*labels[ \t]*:[ \t]*(?:\[([^\]]*)\]|((?:\n[ \t]*-[^\n]*)+))", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def network_above(start: Path) -> Path | None:
    """The nearest folder, upwards, that is a network; None where there is none."""
    return next((folder for folder in (start, *start.parents) if (folder / MAIN).is_file()), None)


def routers(root: Path) -> Iterator[str]:
    """The routers' names."""
    for path in _files(root):
        if path.name not in SITE and any((path.parent / name).is_file() for name in SITE):
            yield from _ROUTER.findall(_text(path))


def sites(root: Path) -> Iterator[str]:
    """The sites' names: their folders."""
    for path in _files(root):
        if path.name in SITE:
            yield path.parent.relative_to(root).as_posix()


def groups(root: Path) -> Iterator[str]:
    """The groups' names: their files."""
    for path in _files(root / GROUPS):
        if path.parent == root / GROUPS:
            yield path.stem


def labels(root: Path) -> Iterator[str]:
    """The labels that any layer has."""
    for path in _files(root):
        for inline, block in _LABELS.findall(_text(path)):
            yield from _WORD.findall(re.sub(r"#[^\n]*", "", inline or block))


def _files(root: Path) -> Iterator[Path]:
    """The YAML files of a folder that are not hidden, in order."""
    count = 0
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            count += 1
            if count > MOST:
                return
            if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                yield Path(folder, name)


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(LETTERS)
    except OSError:
        return ""
