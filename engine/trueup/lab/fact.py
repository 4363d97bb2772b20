"""What is known of menus, each fact with its source: files of their own, probes, documentation, and what is assumed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trueup_schemas.catalogue.types import Menu

FACTS = Path(__file__).with_name("facts")
BESIDE = frozenset({"boards", "device-modes", "documented", "packages"})
"""Files that are not one menu's."""

KINDS = frozenset(
    {
        "commands",
        "shows",
        "default",
        "needs",
        "needs-any",
        "excludes",
        "disjoint",
        "forbids",
        "unique",
        "refers",
        "secret",
    }
    | {"write-only", "generates", "computes", "reads", "drops", "timed", "listed", "auto-name", "names", "row"}
    | {"first-id", "protects", "in-use", "keeps", "brings"}
)
"""The kinds of facts; docs/fidelity.md describes each."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of one menu: its kind, what it says, and where that is known from; versions are inclusive."""

    kind: str
    says: Any
    source: str
    trap: str = ""
    since: str = ""
    until: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, version: tuple[int, ...]) -> bool:
        """Whether the fact is true of a version."""
        return holds(version, self.since, self.until)


def holds(version: tuple[int, ...], since: str, until: str) -> bool:
    """Whether a version is within two others, both inclusive; "" is open."""
    return not ((since and version < numbers(since)) or (until and version > (*numbers(until), 999)))


def numbers(version: str) -> tuple[int, ...]:
    """`7.16.2 (stable)` as (7, 16, 2)."""
    return tuple(int(part) for part in version.split()[0].split(".") if part.isdigit())


def read_facts(text: str, where: str) -> tuple[Fact, ...]:
    """The facts of one file; every scalar stays the text that was written."""
    return tuple(one_fact(entry, where) for entry in yaml.load(text, Loader=LOADER) or ())  # noqa: S506 -- a loader of texts alone


def one_fact(entry: Mapping[str, Any], where: str) -> Fact:
    """One entry of a facts file; raises ValueError where it isn't one fact with a source."""
    rest = dict(entry)
    (kind,) = KINDS & rest.keys() or {""}
    if not kind or not rest.get("source"):
        raise ValueError(f"{where}: {entry} is not one fact with its source")
    says, source = rest.pop(kind), rest.pop("source")
    known = {name: rest.pop(name, "") for name in ("trap", "since", "until")}
    return Fact(kind, says, source, options=rest, **known)


LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def menu_facts(path: str) -> tuple[Fact, ...]:
    """The shipped facts of a menu: those of its own file, else what probes and documentation tell; () is none."""
    file = own_file(path)
    return read_facts(file.read_text("utf-8"), file.name) if file else (*probed(path), *documented(path))


@cache
def own_file(path: str) -> Path | None:
    """The file that tells all of one menu, where there is one."""
    file = FACTS / f"{path.strip('/')}.yaml"
    return file if path.strip("/") not in BESIDE and file.is_file() else None


def probed(path: str) -> tuple[Fact, ...]:
    """What routers were seen to do in a menu; `schemas/generator/probed.py` wrote it down."""
    known = _probed()
    sources = known["sources"]
    entries = known["menus"].get(path, ())
    return tuple(one_fact({**entry, "source": sources[entry["source"]]}, "probed.json") for entry in entries)


def documented(path: str) -> tuple[Fact, ...]:
    """What documentation and other people tell of a menu that has no file of its own."""
    return tuple(one_fact(entry, "documented.yaml") for entry in _documented().get(path, ()))


def assumed(menu: Menu) -> tuple[Fact, ...]:
    """The commands that a menu has, going by its kind and properties, where no command tree shows it."""
    writable = {property.name for property in menu.writable}
    words = ["set"] if writable else []
    if menu.kind == "list":
        words += ["add", "remove", *(["move"] if menu.ordered else ())]
    if menu.kind != "singleton":
        words += ["comment"] if "comment" in writable else []
        words += ["enable", "disable"] if "disabled" in writable else []
    says = " ".join(words)
    return (Fact("commands", says, "assumed: the usual ones of a menu of its kind"),) if words else ()


@cache
def _probed() -> Any:
    return json.loads((FACTS / "probed.json").read_text("utf-8"))


@cache
def _documented() -> Mapping[str, Any]:
    return yaml.load((FACTS / "documented.yaml").read_text("utf-8"), Loader=LOADER) or {}  # noqa: S506 -- a loader of texts alone
