"""Dialogues as data: sentences sent, and the sentences that the lab is to answer; written, not recorded on a router.

A file holds a menu and its dialogues. In what is expected, `$name` after `=ret=` or `=.id=` is an id: the first time it
is learnt, then it stands for itself, also in what is sent; a value that begins with `~` is a regular expression; the
order of a sentence's words does not count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trueup.lab import Spec
from trueup.lab.fact import BESIDE, FACTS

Sentence = list[str]
Execute = Callable[[Sentence], list[Sentence]]
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Step:
    send: Sentence
    expect: list[Sentence]


@dataclass(frozen=True)
class Dialogue:
    """One dialogue; `policies` are the user's, every one where empty; `given` are rows that must already be there.

    `board` and `packages` are the router's where they matter; without `packages` it has every one.
    """

    menu: str
    name: str
    source: str
    versions: tuple[str, ...]
    steps: tuple[Step, ...]
    policies: frozenset[str] = frozenset()
    given: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    board: str = "chr"
    packages: tuple[str, ...] | None = None

    def spec(self, version: str) -> Spec:
        return Spec("fidelity", version=version, seed=self.given, board=self.board, packages=self.packages)


@cache
def known_menus() -> tuple[str, ...]:
    """Every menu that the lab has facts of."""
    files = (file for file in FACTS.rglob("*.yaml") if file.stem not in BESIDE)
    return tuple(sorted("/" + str(file.relative_to(FACTS).with_suffix("")) for file in files))


@cache
def dialogues() -> dict[str, tuple[Dialogue, ...]]:
    """Every dialogue, by menu."""
    return dict(map(read, sorted(FOLDER.glob("*.yaml"))))


def read(file: Path) -> tuple[str, tuple[Dialogue, ...]]:
    data = yaml.load(file.read_text(), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return data["menu"], tuple(one(data["menu"], each) for each in data["dialogues"])


def one(menu: str, each: dict[str, Any]) -> Dialogue:
    return Dialogue(
        menu,
        each["name"],
        each["source"],
        tuple(each["versions"].split()),
        tuple(Step(step["send"], step["expect"]) for step in each["steps"]),
        frozenset(each.get("policies", "").split()),
        each.get("given", {}),
        each.get("board", "chr"),
        tuple(each["packages"].split()) if "packages" in each else None,
    )


@dataclass(frozen=True)
class Mismatch:
    """A step whose reply was another one."""

    sent: Sentence
    expected: list[Sentence]
    answered: list[Sentence]

    def __str__(self) -> str:
        return f"{json.dumps(self.sent)}: expected {json.dumps(self.expected)}, answered {json.dumps(self.answered)}"


def differences(dialogue: Dialogue, execute: Execute) -> Iterator[Mismatch]:
    """Run a dialogue and say what is not as expected, step by step."""
    known: dict[str, str] = {}
    for step in dialogue.steps:
        sent = [re.sub(r"\$(\w+)", lambda found: known.get(found[1], found[0]), word) for word in step.send]
        reply = execute(sent)
        if len(reply) != len(step.expect) or not all(map(agrees, step.expect, reply, [known] * len(reply))):
            yield Mismatch(sent, step.expect, reply)


def agrees(expected: Sentence, answered: Sentence, known: dict[str, str]) -> bool:
    """Whether one sentence is as expected; learns the ids that it tells."""
    wanted, have = attributes(expected), attributes(answered)
    if wanted.keys() != have.keys():
        return False
    return all(same(value, have[name], known) for name, value in wanted.items())


def attributes(sentence: Sequence[str]) -> dict[str, str]:
    found = {}
    for word in sentence:
        name, _, value = word[1:].partition("=") if word.startswith("=") else (word, "", "")
        found[name] = value
    return found


def same(wanted: str, have: str, known: dict[str, str]) -> bool:
    if wanted.startswith("~"):
        return re.fullmatch(wanted[1:], have) is not None
    if wanted.startswith("$"):
        return known.setdefault(wanted[1:], have) == have
    return wanted == have
