"""What a menu does, from `facts/`: one small YAML file for each menu, every fact with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FACTS = Path(__file__).with_name("facts")

KINDS = frozenset(
    "commands shows default needs needs-any unique refers secret write-only generates reads auto-name "
    "row first-id protects in-use missing-id names computes forbids requires".split()
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
        return not (
            (self.since and version < numbers(self.since))
            or (self.until and version > (*numbers(self.until), 999))
        )


def numbers(version: str) -> tuple[int, ...]:
    """`7.16.2 (stable)` as (7, 16, 2)."""
    return tuple(int(part) for part in version.split()[0].split(".") if part.isdigit())


def read_facts(text: str, where: str) -> tuple[Fact, ...]:
    """The facts of one file; every scalar stays the text that was written."""
    return tuple(one_fact(entry, where) for entry in yaml.load(text, Loader=LOADER) or ())


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
    """The shipped facts of a menu, () where there are none."""
    file = FACTS / f"{path.strip('/')}.yaml"
    return read_facts(file.read_text(), file.name) if file.is_file() else ()


def known_menus() -> tuple[str, ...]:
    """Every menu that has a facts file."""
    files = FACTS.rglob("*.yaml")
    return tuple(sorted("/" + str(f.relative_to(FACTS).with_suffix("")) for f in files if "boards" not in f.parts))


@dataclass(frozen=True, slots=True)
class Unique:
    """Properties that no two rows share, with the refusal; `enabled` counts enabled rows alone."""

    properties: tuple[str, ...]
    trap: str
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class Refers:
    """A property that names rows of a menu or namespace; `words` stand for themselves; "" soft: not checked."""

    menu: str
    property: str = "name"
    words: frozenset[str] = frozenset()
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A menu's facts, gathered for one version."""

    path: str
    commands: frozenset[str] = frozenset()
    shows: Mapping[str, str] = field(default_factory=dict)
    default: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    needs_any: tuple[tuple[tuple[str, ...], str], ...] = ()
    unique: tuple[Unique, ...] = ()
    refers: Mapping[str, Refers] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    write_only: frozenset[str] = frozenset()
    generates: Mapping[str, str] = field(default_factory=dict)
    computes: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)
    auto_name: str = ""
    rows: tuple[Mapping[str, str], ...] = ()
    first_id: int = 1
    protects: Mapping[str, str] = field(default_factory=dict)
    in_use: tuple[tuple[str, str, str], ...] = ()
    names: str = ""


def listed(says: object) -> tuple[str, ...]:
    """A fact's words: a YAML list, or one text of words."""
    return tuple(says.split()) if isinstance(says, str) else tuple(map(str, says)) if isinstance(says, Iterable) else ()


def refers_of(fact: Fact) -> Refers:
    """What a `refers` fact says of each property it names."""
    options = fact.options
    return Refers(
        options["to"], options.get("by", "name"), frozenset(listed(options.get("words", ""))), fact.trap
    )


def gather(path: str, facts: Sequence[Fact], version: str) -> Behaviour:
    """A menu's behaviour in one version; a later fact of the same property wins."""
    held = [fact for fact in facts if fact.holds(numbers(version))]

    def merged(kind: str) -> dict[str, str]:
        return {name: value for fact in held if fact.kind == kind for name, value in fact.says.items()}

    def words(kind: str) -> tuple[str, ...]:
        return tuple(word for fact in held if fact.kind == kind for word in listed(fact.says))

    return Behaviour(
        path=path,
        commands=frozenset(words("commands")),
        shows=merged("shows"),
        default=merged("default"),
        needs=words("needs"),
        needs_any=tuple((listed(fact.says), fact.trap) for fact in held if fact.kind == "needs-any"),
        unique=tuple(
            Unique(listed(fact.says), fact.trap, "enabled" in fact.options) for fact in held if fact.kind == "unique"
        ),
        refers={name: refers_of(fact) for fact in held if fact.kind == "refers" for name in listed(fact.says)},
        secret=frozenset(words("secret")),
        write_only=frozenset(words("write-only")),
        generates=merged("generates"),
        computes=merged("computes"),
        reads=merged("reads"),
        auto_name="".join(words("auto-name")[-1:]),
        rows=tuple(fact.says for fact in held if fact.kind == "row"),
        first_id=int("".join(words("first-id")[-1:]) or "1", 16),
        protects=merged("protects"),
        in_use=tuple((f.options["menu"], f.options["by"], f.trap) for f in held if f.kind == "in-use"),
        names="".join(words("names")[-1:]),
    )
