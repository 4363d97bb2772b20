"""What machines reported: command trees of several versions, probed types, and demanded arguments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

ARGUMENTS = frozenset({"copy-from", "place-before", "numbers", "_type", "number", "value-name"})
"""Arguments of commands that are never properties."""

_CONFIGURES = {"add", "set"}

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All reports together. `trees` and the typed report are by version, the oldest first."""

    trees: dict[str, Tree]
    typed: dict[str, Tree]
    typed_version: str
    required: dict[str, list[str]] = field(default_factory=dict)
    refusals: dict[str, list[str]] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version that something was reported of, the oldest first."""
        return tuple(sorted({*self.trees, self.typed_version}, key=_numbers))

    def configurable(self) -> list[str]:
        """Every menu that has `add` or `set` in one tree at least."""
        found = {path for tree in self.trees.values() for path in menus(tree) if _CONFIGURES & commands(tree, path)}
        return sorted(found)

    def commands(self, path: str) -> set[str]:
        """The commands of a menu in the newest tree that can configure it, else in the newest that has it."""
        found = [commands(tree, path) for tree in self.trees.values() if node(tree, path)]
        return next((each for each in reversed(found) if _CONFIGURES & each), found[-1] if found else set())

    def unique(self, path: str) -> list[str] | None:
        """The key that the router was seen to enforce, as property names."""
        identity = self.typed.get(path, {}).get("identity", {})
        return [identity["key"]] if identity.get("verdict") == "UNIQUE" else None

    def refused_name(self, path: str) -> str:
        """What the router said when two rows of a menu were to have one name."""
        return " ".join(self.refusals.get(path, ()))

    def tested(self, path: str) -> dict[str, str]:
        """What became of a second row with the same value, by property: UNIQUE, DUPLICATE or AMBIGUOUS."""
        identity: dict[str, Any] = self.typed.get(path, {}).get("identity", {})
        verdict = dict.fromkeys(identity.get("candidates", ())[:1], identity.get("verdict", ""))
        tested: dict[str, str] = verdict | identity.get("tested", {})
        return tested

    def takes_numbers(self, path: str) -> bool:
        """Whether `set` wants to be told which row; a singleton's does not."""
        return any("numbers" in arguments(tree, path, "set") for tree in self.trees.values())

    def seen(self, path: str) -> tuple[str, ...]:
        """The versions that can configure the menu; those that have it, where none can."""
        there = {each: self._commands_in(each, path) for each in self.versions if self._has_menu(each, path)}
        return tuple(each for each, known in there.items() if _CONFIGURES & known) or tuple(there)

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

    def syntax(self, path: str, name: str, version: str = "") -> str:
        """The router's own syntax text of an argument, from one tree or the newest that has it; "" is none."""
        trees = [self.trees[version]] if version else list(self.trees.values())
        found = [(arguments(tree, path, "set") | arguments(tree, path, "add")).get(name) for tree in trees]
        texts = [each.get("desc", "") for each in found if each]
        return texts[-1] if texts else ""

    def _commands_in(self, version: str, path: str) -> set[str]:
        if version in self.trees:
            return commands(self.trees[version], path)
        return set(self.typed[path].get("commands", ()))

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


def commands(tree: Tree, path: str) -> set[str]:
    """A menu's commands."""
    return {name for name, each in node(tree, path).items() if isinstance(each, dict) and each.get("_type") == "cmd"}


def menus(tree: Tree, above: str = "") -> Iterator[str]:
    """Every path of a tree."""
    for name, each in tree.items():
        if isinstance(each, dict) and each.get("_type") in ("dir", "path"):
            yield f"{above}/{name}"
            yield from menus(each, f"{above}/{name}")


def together(one: Tree, other: Tree) -> Tree:
    """Both trees of one version, say with and without extra packages, as one."""
    both = {name: each for name, each in other.items() if name not in one}
    return one | both | {name: together(one[name], other[name]) for name in one if _branch(one, other, name)}


def _branch(one: Tree, other: Tree, name: str) -> bool:
    return isinstance(one[name], dict) and isinstance(other.get(name), dict)


def load_tree(files: Iterable[Path]) -> Tree:
    """One version's tree, from one file or several."""
    return reduce(together, (json.loads(file.read_text("utf-8")) for file in files))


def load(trees: list[tuple[str, Path]], typed: Path, required: Path | None, unique: Iterable[Path] = ()) -> Evidence:
    """Read every report; several trees of one version are taken together."""
    report = json.loads(typed.read_text("utf-8"))
    demanded = json.loads(required.read_text("utf-8")) if required else []
    refusals: dict[str, list[str]] = {}
    for each in (each for file in unique for each in json.loads(file.read_text("utf-8"))["verdicts"]):
        refusals.setdefault(each["path"], []).append(each.get("detail", ""))
    files: dict[str, list[Path]] = {}
    for version, file in trees:
        files.setdefault(version, []).append(file)
    return Evidence(
        trees={v: load_tree(files[v]) for v in sorted(files, key=_numbers)},
        typed={menu["path"]: menu for menu in report["menus"]},
        typed_version=report["routeros_version"].split()[0],
        required={each["path"]: each["required"] for each in demanded},
        refusals=refusals,
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
