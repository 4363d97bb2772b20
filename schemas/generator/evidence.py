"""What machines reported: command trees of several versions, probed types, and demanded arguments."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ARGUMENTS = frozenset({"copy-from", "place-before", "numbers", "_type", "number", "value-name"})
"""Arguments of commands that are never properties."""

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All reports together. `trees` and the typed report are by version, the oldest first."""

    trees: dict[str, Tree]
    typed: dict[str, Tree]
    typed_version: str
    required: dict[str, list[str]] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version that something was reported of, the oldest first."""
        return tuple(sorted({*self.trees, self.typed_version}, key=_numbers))

    def commands(self, path: str) -> set[str]:
        """The commands of a menu in the newest tree that has it."""
        for version in reversed(self.versions):
            if version in self.trees and (menu := node(self.trees[version], path)):
                return {name for name, each in menu.items() if isinstance(each, dict) and each.get("_type") == "cmd"}
        return set()

    def unique(self, path: str) -> list[str] | None:
        """The key that the router was seen to enforce, as property names."""
        identity = self.typed.get(path, {}).get("identity", {})
        return [identity["key"]] if identity.get("verdict") == "UNIQUE" else None

    def takes_numbers(self, path: str) -> bool:
        """Whether `set` wants to be told which row; a singleton's does not."""
        return any("numbers" in arguments(tree, path, "set") for tree in self.trees.values())

    def seen(self, path: str) -> tuple[str, ...]:
        """The versions that have the menu."""
        return tuple(each for each in self.versions if self._has_menu(each, path))

    def writable(self, path: str) -> dict[str, tuple[str, ...]]:
        """The properties that `add` or `set` takes, each with the versions that it was seen in."""
        found: dict[str, list[str]] = {}
        for version in self.versions:
            for name in self._writable_in(version, path):
                found.setdefault(name, []).append(version)
        return {name: tuple(seen) for name, seen in sorted(found.items())}

    def read_only(self, path: str) -> dict[str, bool]:
        """The properties that can only be read; true for booleans."""
        writable = self.writable(path)
        return {name: each.get("bool", False) for name, each in self.fields(path).items() if name not in writable}

    def fields(self, path: str) -> dict[str, Tree]:
        """The typed report's fields by name."""
        listed = self.typed.get(path, {}).get("fields", ())
        return {each["name"]: each for each in listed if each["name"] not in ARGUMENTS and each["name"].islower()}

    def is_words(self, path: str, name: str) -> bool:
        """Whether the router's syntax text shows that several words may be given."""
        newest = self.trees[list(self.trees)[-1]]
        return "*]" in arguments(newest, path, "set").get(name, {}).get("desc", "")

    def syntax(self, path: str, name: str) -> str:
        """The router's own syntax text of an argument, from the newest tree."""
        newest = self.trees[list(self.trees)[-1]]
        text: str = (arguments(newest, path, "set") | arguments(newest, path, "add")).get(name, {}).get("desc", "")
        return text

    def _has_menu(self, version: str, path: str) -> bool:
        return bool(node(self.trees[version], path)) if version in self.trees else path in self.typed

    def _writable_in(self, version: str, path: str) -> set[str]:
        if version in self.trees:
            tree = self.trees[version]
            return (set(arguments(tree, path, "add")) | set(arguments(tree, path, "set"))) - ARGUMENTS
        return {name for name, each in self.fields(path).items() if each["access"] == "writable"}


def node(tree: Tree, path: str) -> Tree:
    """The tree below a path; empty where it has none."""
    for step in path.strip("/").split("/"):
        tree = tree.get(step, {})
    return tree


def arguments(tree: Tree, path: str, command: str) -> Tree:
    """A command's arguments."""
    return {name: each for name, each in node(tree, path).get(command, {}).items() if isinstance(each, dict)}


def load(trees: dict[str, Path], typed: Path, required: Path | None) -> Evidence:
    """Read every report."""
    report = json.loads(typed.read_text("utf-8"))
    demanded = json.loads(required.read_text("utf-8")) if required else []
    return Evidence(
        trees={v: json.loads(trees[v].read_text("utf-8")) for v in sorted(trees, key=_numbers)},
        typed={menu["path"]: menu for menu in report["menus"]},
        typed_version=report["routeros_version"].split()[0],
        required={each["path"]: each["required"] for each in demanded},
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
