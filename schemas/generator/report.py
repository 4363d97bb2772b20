"""Say what of a router's own command tree the catalogue lacks, and why. `make catalogue-report` runs it."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import overlay
from evidence import ARGUMENTS, Tree, arguments, commands, load_tree, menus

from trueup_schemas.catalogue import Catalogue, UnknownVersion, catalogue, spans

_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Lack:
    """A menu or property of the tree that the catalogue does not offer for the version; `property` is "" for a menu."""

    path: str
    property: str
    reason: str


def main() -> int:
    """Print every lack with its reason, and how much is there."""
    options = _options()
    version = options.version or _version_of(options.tree[0])
    try:
        tree, known = load_tree(options.tree), catalogue(version)
    except (OSError, json.JSONDecodeError, UnknownVersion) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    wanted = dict(configurable(tree))
    lacks = list(lacking(known, wanted, overlay.load(options.overlay)))
    for lack in lacks:
        sys.stdout.write(f"{lack.path}{' ' if lack.property else ''}{lack.property}: {lack.reason}\n")
    sys.stdout.write(f"{summary(version, wanted, lacks)}\n")
    return 0


def configurable(tree: Tree) -> Iterator[tuple[str, set[str]]]:
    """Every menu with `add` or `set`, and the properties that these take."""
    for path in menus(tree):
        if commands(tree, path) & {"add", "set"}:
            yield path, {*arguments(tree, path, "add"), *arguments(tree, path, "set")} - ARGUMENTS


def lacking(known: Catalogue, wanted: dict[str, set[str]], facts: overlay.Overlay) -> Iterator[Lack]:
    """What is in the tree and cannot be declared."""
    for path, names in wanted.items():
        if path not in known:
            yield Lack(path, "", _elsewhere(spans(path)) or "no tree and no overlay that it was made from has it")
        there = {each.name for each in known.menu(path).writable} if path in known else set()
        for name in sorted(names - there):
            yield Lack(path, name, _why(known, path, name, facts))


def _why(known: Catalogue, path: str, name: str, facts: overlay.Overlay) -> str:
    if path not in known:
        return "its menu is not there"
    if name in facts.menu(path).get("omit", ()):
        return "left out: the router keeps it itself"
    if name in known.menu(path).properties:
        return "there to be read only: declaring it would do harm or nothing"
    return _elsewhere(spans(path, name)) or "no tree and no overlay that it was made from has it"


def _elsewhere(span: dict[str, str] | None) -> str:
    """Why something that the catalogue has is not in this version."""
    if not span:
        return ""
    return f"the catalogue has it {' and '.join(f'{word} {version}' for word, version in span.items())}"


def summary(version: str, wanted: dict[str, set[str]], lacks: list[Lack]) -> str:
    """How many menus and properties there are, and what part of them the catalogue has."""
    menus_lacking = sum(1 for lack in lacks if not lack.property)
    properties = sum(len(names) for names in wanted.values())
    return "\n".join(
        f"RouterOS {version}: {total - lacking} of {total} {noun}, {100 * (total - lacking) / max(total, 1):.2f} %"
        for noun, total, lacking in (
            ("menus", len(wanted), menus_lacking),
            ("properties", properties, len(lacks) - menus_lacking),
        )
    )


def _version_of(file: Path) -> str:
    found = _VERSION.search(file.name)
    return found[0] if found else ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path, nargs="+", help="/console/inspect reports of one version, taken together")
    parser.add_argument("--version", default="", help="which one; else the first file's name says so")
    parser.add_argument("--overlay", type=Path, default=Path(__file__).parent / "overlay")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
