"""No fact of the lab can be changed without a dialogue noticing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fidelity_dialogues import Dialogue, dialogues, differences, known_menus

from trueup.lab.fact import Fact, menu_facts
from trueup.lab.policy import EVERY_POLICY
from trueup.lab.router import Router

WORD_KINDS = frozenset(
    {"commands", "needs", "needs-any", "excludes", "disjoint", "unique", "refers", "secret", "write-only", "drops"}
)
"""Facts that list words; flipping one takes a word away."""


def flips(fact: Fact) -> Iterator[tuple[str, Fact | None]]:
    """Every way to make one fact wrong: gone, each part gone or changed, each text changed."""
    yield "gone", None
    if isinstance(fact.says, dict):
        for name, value in fact.says.items():
            yield f"{name} gone", replace(fact, says={k: v for k, v in fact.says.items() if k != name})
            yield f"{name} changed", replace(fact, says={**fact.says, name: other(fact, value)})
    elif fact.kind in WORD_KINDS:
        words = fact.says.split()
        for word in words if len(words) > 1 else ():
            yield f"{word} gone", replace(fact, says=" ".join(w for w in words if w != word))
    elif fact.kind != "in-use":
        yield "changed", replace(fact, says="7" if fact.kind == "first-id" else f"{fact.says}x")
    if fact.trap:
        yield "trap changed", replace(fact, trap=f"{fact.trap}!")
    yield from flipped_options(fact)


def other(fact: Fact, value: str) -> str:
    """Another value: another generator, another form, another text."""
    if fact.kind == "generates":
        return "moment" if value != "moment" else "user"
    if fact.kind == "computes":
        return "interface" if value != "interface" else "network"
    if fact.kind == "reads":
        return "partition" if value == "clamped" else "clamped"
    return {"true": "false", "false": "true"}.get(value, f"{value}x")


def flipped_options(fact: Fact) -> Iterator[tuple[str, Fact]]:
    options = dict(fact.options)
    for name, value in options.items():
        rest = {k: v for k, v in options.items() if k != name}
        words = value.split()
        if name in ("to", "words"):
            for word in words if len(words) > 1 or name == "words" else ():
                yield (
                    f"{name}: {word} gone",
                    replace(fact, options={**rest, name: " ".join(w for w in words if w != word)}),
                )
            yield f"{name} changed", replace(fact, options={**rest, name: "/system/note"})
        elif name in ("menu", "by"):
            yield f"{name} changed", replace(fact, options={**rest, name: "/system/note" if name == "menu" else "name"})
        else:
            yield f"{name} gone", replace(fact, options=rest)


def noticed(menu: str, facts: tuple[Fact, ...], order: list[Dialogue]) -> Dialogue | None:
    """The first dialogue of the menu that fails with these facts."""

    def lookup(path: str) -> tuple[Fact, ...]:
        return facts if path == menu else menu_facts(path)

    for dialogue in order:
        for version in dialogue.versions:
            if fails(dialogue, version, lookup):
                return dialogue
    return None


def fails(dialogue: Dialogue, version: str, lookup: object) -> bool:
    try:
        router = Router(dialogue.spec(version), lookup, clock=lambda: 1_800_000_000.0)
        policies = dialogue.policies or EVERY_POLICY

        def execute(sentence: list[str]) -> list[list[str]]:
            reading = sentence[0].endswith("/print")
            return router.execute(sentence, policies if reading else EVERY_POLICY)

        return next(differences(dialogue, execute), None) is not None
    except (KeyError, ValueError):
        return True  # the wrong fact made the lab itself stumble, which no one can miss


def turned(fact: Fact) -> Fact | None:
    """The fact in exactly the versions where it does not hold."""
    if not fact.since and not fact.until:
        return None
    return replace(fact, since="" if fact.since else "7.17", until="" if fact.until else "7.16")


@pytest.mark.parametrize("menu", known_menus())
def test_every_flip_of_a_fact_is_noticed(menu: str) -> None:
    facts = menu_facts(menu)
    order = list(dialogues()[menu])
    missed = []
    for at, fact in enumerate(facts):
        ways = [*flips(fact), *([("versions turned round", wrong)] if (wrong := turned(fact)) else [])]
        for what, flip in ways:
            found = noticed(menu, (*facts[:at], *([flip] if flip else []), *facts[at + 1 :]), order)
            if found is None:
                missed.append(f"{fact.kind} {fact.says}: {what}")
            else:
                order.remove(found)
                order.insert(0, found)
    assert not missed, "\n".join(missed)


def test_the_untouched_facts_pass_every_dialogue() -> None:
    failing = [
        f"{dialogue.menu}: {dialogue.name} ({version})"
        for menu in known_menus()
        for dialogue in dialogues()[menu]
        for version in dialogue.versions
        if fails(dialogue, version, menu_facts)
    ]
    assert not failing
