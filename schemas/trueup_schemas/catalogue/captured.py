"""A router's own command tree, as it told it: which menus it has, and what can be declared in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from trueup_schemas.catalogue.types import Kind

FORMAT_VERSION = 1
ARGUMENTS = frozenset({"copy-from", "place-before", "numbers", "number", "value-name"})
"""Arguments of commands that are never properties."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CapturedMenu:
    """One menu with `add` or `set`: their arguments, and the router's words about those that nobody knew before."""

    kind: Kind
    properties: tuple[str, ...]
    ordered: bool = False
    syntax: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Captured:
    """One router's tree; of `untold` menus, with all below them, it gave no answer.

    Two are equal where they share their menus, whatever boards they are of: a tree is large, and is kept once.
    """

    version: str
    board: str
    architecture: str
    packages: tuple[str, ...]
    menus: Mapping[str, CapturedMenu]
    untold: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Captured) or self.menus is not other.menus:
            return False
        return (self.version, self.untold) == (other.version, other.untold)

    def __hash__(self) -> int:
        return hash((self.version, self.untold, id(self.menus)))

    def tells(self, path: str) -> bool:
        """Whether this tree says anything of a menu, that there is none included."""
        return not any(f"{path}/".startswith(f"{each}/") for each in self.untold)


def together(trees: Iterable[Captured]) -> Captured | None:
    """What several routers of one release have, taken together; None without any."""
    trees = tuple(trees)
    if len(trees) < 2:
        return trees[0] if trees else None
    menus: dict[str, CapturedMenu] = {}
    for tree in trees:
        for path, menu in tree.menus.items():
            menus[path] = _joined(menus[path], menu) if path in menus else menu
    return Captured(trees[0].version, "", "", (), menus)


def _joined(one: CapturedMenu, other: CapturedMenu) -> CapturedMenu:
    names = tuple(sorted({*one.properties, *other.properties}))
    return CapturedMenu(one.kind, names, one.ordered or other.ordered, {**other.syntax, **one.syntax})


def file_text(tree: Captured) -> str:
    """A tree as its file: sorted, one line for each menu, nothing in it that changes by itself."""
    head: dict[str, Any] = {
        "format-version": FORMAT_VERSION,
        "version": tree.version,
        "board": tree.board,
        "architecture": tree.architecture,
        "packages": sorted(tree.packages),
        "not-told": sorted(tree.untold),
    }
    lines = [f" {_text(name)}: {_text(value)}" for name, value in head.items()]
    menus = ",\n".join(f"  {_text(path)}: {_text(_entry(tree.menus[path]))}" for path in sorted(tree.menus))
    return "{\n" + ",\n".join([*lines, f' "menus": {{\n{menus}\n }}']) + "\n}\n"


def _entry(menu: CapturedMenu) -> dict[str, Any]:
    entry: dict[str, Any] = {"kind": menu.kind}
    if menu.ordered:
        entry["ordered"] = True
    entry["properties"] = " ".join(sorted(menu.properties))
    if menu.syntax:
        entry["syntax"] = dict(sorted(menu.syntax.items()))
    return entry


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
