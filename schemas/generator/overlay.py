"""The hand-kept part: what no machine reported, one YAML file for each area of RouterOS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_NAMED = ("defaults", "types", "hardware", "refers", "unset", "versions", "exists", "came", "once")
"""Aspects that map property names to something; the other ones list property names."""
_LISTED = (
    "booleans",
    "generated",
    "gone",
    "omit",
    "optional",
    "personal",
    "plain",
    "public",
    "read-only",
    "required",
    "secret",
    "unknown",
    "unsure",
    "write-only",
)
_OTHER = (
    "kind",
    "key",
    "enforced",
    "unique",
    "namespace",
    "ordered",
    "strata",
    "filled",
    "at",
    "uses",
    "absent",
    "reads",
    "reads-yes-no",
    "seen",
    "blank",
    "like",
)
_TYPE = re.compile(r"(?P<negatable>!)?(?:(?P<many>set|list) )?(?P<type>[a-z/-]+)(?: (?P<low>\S*?)\.\.(?P<high>\S*))?")

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Menus by path, blocks that several menus use, by name, and what settles menus that an ISP uses."""

    menus: dict[str, Block]
    blocks: dict[str, Block]
    settled: dict[str, Block] = field(default_factory=dict)

    def menu(self, path: str) -> Block:
        """A menu's facts with those of the blocks it uses; its own come first, a nearer block before a farther.

        A menu of which nothing is said has what holds everywhere.
        """
        own = self.menus.get(path, {})
        merged: Block = {}
        settled = self.settled.get(path, {})
        for each in (self.blocks["everywhere"], *(self.blocks[name] for name in own.get("uses", ())), own, settled):
            _merge(merged, each)
        return merged

    def said(self, path: str) -> Block:
        """What is said of this menu alone."""
        merged: Block = {}
        for each in (self.menus.get(path, {}), self.settled.get(path, {})):
            _merge(merged, each)
        return merged

    @property
    def paths(self) -> list[str]:
        """Every menu that something is said of, sorted."""
        return sorted({*self.menus, *self.settled})


def load(folder: Path) -> Overlay:
    """Read every file of a folder, and those of `settled` in it.

    Raises ValueError on an unknown aspect or a menu that is given twice.
    """
    said = _read(folder)
    menus = {name: block for name, block in said.items() if name.startswith("/")}
    blocks = {name: block for name, block in said.items() if not name.startswith("/")}
    return Overlay(menus, blocks, _read(folder / "settled"))


def _read(folder: Path) -> dict[str, Block]:
    """What the files of a folder say, by menu or name of a block."""
    found: dict[str, Block] = {}
    for file in sorted(folder.glob("*.yaml")):
        for name, block in _blocks(file):
            if name in found:
                raise ValueError(f"{file}: {name} is given twice")
            found[name] = block
    return found


def _blocks(file: Path) -> Iterator[tuple[str, Block]]:
    for name, block in _yaml(file).items():
        if unknown := set(block or ()) - {*_NAMED, *_LISTED, *_OTHER}:
            raise ValueError(f"{file}: {name} has {', '.join(sorted(unknown))}, which is no aspect")
        yield name, block or {}


def _yaml(file: Path) -> Block:
    """The file with every scalar as text: RouterOS's `no` is a word, and its versions are no numbers."""
    block: Block = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 -- makes texts only
    return block


def _merge(into: Block, block: Block) -> None:
    for aspect, facts in block.items():
        if aspect in _NAMED:
            into[aspect] = into.get(aspect, {}) | facts
        elif aspect in _LISTED:
            into[aspect] = [*into.get(aspect, ()), *facts]
        else:
            into[aspect] = facts


def type_facts(expression: str) -> Block:
    """`!set enum 1..9 | word` as a property's JSON: negatable, many, type, range, words."""
    head, *words = (part.strip() for part in expression.split("|"))
    found = _TYPE.fullmatch(head)
    if not found:
        raise ValueError(f"no type: {expression}")
    facts: Block = {"type": found["type"]}
    if found["many"]:
        facts["many"] = found["many"]
    if words:
        facts["values"] = words
    if found["low"]:
        facts["minimum"] = found["low"]
    if found["high"]:
        facts["maximum"] = found["high"]
    if found["negatable"]:
        facts["negatable"] = True
    return facts


def reference(text: str) -> Block:
    """`/ip/pool`, or `~/ip/firewall/address-list:list` for a soft one that names another property than `name`."""
    menu, _, name = text.removeprefix("~").partition(":")
    facts: Block = {"menu": menu}
    if name:
        facts["property"] = name
    if text.startswith("~"):
        facts["hard"] = False
    return facts
