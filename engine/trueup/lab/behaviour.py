"""What a menu does, from `facts/`: one small YAML file for each menu, every fact with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from trueup.lab.fact import Fact, menu_facts, numbers


@dataclass(frozen=True, slots=True)
class Unique:
    """Properties that no two rows share, with the refusal; `enabled` counts enabled rows alone.

    `namespace` names the menus whose rows count, "" the menu's own; `spans`: the last property lists numbers and
    ranges, and one number in common is enough.
    """

    properties: tuple[str, ...]
    trap: str
    enabled: bool = False
    namespace: str = ""
    spans: bool = False


@dataclass(frozen=True, slots=True)
class Refers:
    """A property that names rows of menus or namespaces, by their property `by`.

    `words` stand for themselves, `addresses` for no name.
    """

    menus: tuple[str, ...]
    words: frozenset[str] = frozenset()
    trap: str = ""
    addresses: bool = False
    by: str = "name"


@dataclass(frozen=True, slots=True)
class Default:
    """Values that the router fills in, always or while `when` (a property and its value) holds."""

    values: Mapping[str, str]
    when: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Words of a refusal, and what they are about."""

    says: Mapping[str, str] | tuple[str, ...]
    trap: str
    menu: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A menu's facts, gathered for one version."""

    path: str
    commands: frozenset[str] = frozenset()
    shows: Mapping[str, str] = field(default_factory=dict)
    defaults: tuple[Default, ...] = ()
    needs: tuple[str, ...] = ()
    needs_any: tuple[Rule, ...] = ()
    excludes: tuple[Rule, ...] = ()
    disjoint: tuple[Rule, ...] = ()
    forbids: tuple[Rule, ...] = ()
    unique: tuple[Unique, ...] = ()
    refers: Mapping[str, Refers] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    write_only: frozenset[str] = frozenset()
    generates: Mapping[str, str] = field(default_factory=dict)
    computes: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)
    drops: frozenset[str] = frozenset()
    timed: str = ""
    listed: str = ""
    auto_name: str = ""
    names: str = ""
    rows: tuple[Mapping[str, str], ...] = ()
    first_id: int = 1
    protects: Mapping[str, str] = field(default_factory=dict)
    in_use: tuple[Rule, ...] = ()
    keeps: tuple[Rule, ...] = ()
    brings: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        """The set of names that the rows share with other menus, "" for none."""
        return next((rule.namespace for rule in self.unique if rule.namespace), "")

    def default(self, values: Mapping[str, str]) -> dict[str, str]:
        """What the router fills into a row with these values."""
        filled: dict[str, str] = {}
        for default in self.defaults:
            if default.when is None or {**filled, **values}.get(default.when[0]) == default.when[1]:
                filled |= default.values
        return filled


def words_of(says: object) -> tuple[str, ...]:
    """A fact's words: one text of words."""
    return tuple(str(says).split())


def refers_of(fact: Fact) -> Refers:
    """What a `refers` fact says of each property it names."""
    options = fact.options
    words = frozenset(words_of(options.get("words", "")))
    return Refers(words_of(options["to"]), words, fact.trap, "addresses" in options, options.get("by", "name"))


def rule_of(fact: Fact) -> Rule:
    says = fact.says if isinstance(fact.says, dict) else words_of(fact.says)
    return Rule(says, fact.trap, fact.options.get("menu", ""), fact.options.get("by", ""))


def default_of(fact: Fact) -> Default:
    name, equal, value = fact.options.get("when", "").partition("=")
    return Default(fact.says, (name, value) if equal else None)


class Gathering:
    """The facts of one menu that hold in one version, by kind."""

    def __init__(self, facts: Sequence[Fact], version: str) -> None:
        self.held = [fact for fact in facts if fact.holds(numbers(version))]

    def of(self, kind: str) -> list[Fact]:
        return [fact for fact in self.held if fact.kind == kind]

    def merged(self, kind: str) -> dict[str, str]:
        return {name: value for fact in self.of(kind) for name, value in fact.says.items()}

    def words(self, kind: str) -> tuple[str, ...]:
        return tuple(word for fact in self.of(kind) for word in words_of(fact.says))

    def last(self, kind: str) -> str:
        return "".join(self.words(kind)[-1:])

    def rules(self, kind: str) -> tuple[Rule, ...]:
        return tuple(map(rule_of, self.of(kind)))

    def brought(self) -> dict[str, tuple[Mapping[str, str], ...]]:
        """The dynamic rows that an enabled row brings, by the menu that they go to."""
        menus = dict.fromkeys(fact.options["to"] for fact in self.of("brings"))
        return {menu: tuple(f.says for f in self.of("brings") if f.options["to"] == menu) for menu in menus}


def gather(path: str, facts: Sequence[Fact], version: str) -> Behaviour:
    """A menu's behaviour in one version; a later fact of the same property wins."""
    known = Gathering(facts, version)
    return Behaviour(
        path=path,
        commands=frozenset(known.words("commands")),
        shows=known.merged("shows"),
        defaults=tuple(map(default_of, known.of("default"))),
        needs=known.words("needs"),
        needs_any=known.rules("needs-any"),
        excludes=known.rules("excludes"),
        disjoint=known.rules("disjoint"),
        forbids=known.rules("forbids"),
        unique=tuple(map(unique_of, known.of("unique"))),
        refers={name: refers_of(fact) for fact in known.of("refers") for name in words_of(fact.says)},
        secret=frozenset(known.words("secret")),
        write_only=frozenset(known.words("write-only")),
        generates=known.merged("generates"),
        computes=known.merged("computes"),
        reads=known.merged("reads"),
        drops=frozenset(known.words("drops")),
        timed=known.last("timed"),
        listed=known.last("listed"),
        auto_name=known.last("auto-name"),
        names=known.last("names"),
        rows=tuple(fact.says for fact in known.of("row")),
        first_id=int(known.last("first-id") or "1", 16),
        protects=known.merged("protects"),
        in_use=known.rules("in-use"),
        keeps=known.rules("keeps"),
        brings=known.brought(),
    )


@cache
def shipped(path: str, version: str) -> Behaviour:
    """A menu's behaviour by the facts that are shipped."""
    return gather(path, menu_facts(path), version)


def unique_of(fact: Fact) -> Unique:
    options = fact.options
    return Unique(
        words_of(fact.says), fact.trap, "enabled" in options, options.get("namespace", ""), "spans" in options
    )
