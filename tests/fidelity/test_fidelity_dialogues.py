"""Every dialogue over a real socket, spoken by a client that is not ours; a real router could stand there as well."""

from __future__ import annotations

from collections.abc import Iterator

import librouteros
import pytest
from fidelity_dialogues import Dialogue, Sentence, dialogues, differences

from trueup.lab import Lab, Router, Spec, serve

VERSIONS = ("7.24", "7.16.2", "7.9.2", "6.49")


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with serve([Spec(version, version=version, tls_port=None) for version in VERSIONS]) as lab:
        yield lab


class Client:
    """One login at a router; the sentences are librouteros's own."""

    def __init__(self, port: int, user: str) -> None:
        self.api = librouteros.connect("127.0.0.1", user, "", port=port, encoding="utf-8")

    def __call__(self, sentence: Sentence) -> list[Sentence]:
        self.api.protocol.writeSentence(sentence[0], *sentence[1:])
        reply: list[Sentence] = []
        while not reply or reply[-1][0] != "!done":
            word, words = self.api.protocol.readSentence()
            reply.append([word, *words])
        return reply


def talk(dialogue: Dialogue, port: int) -> list[str]:
    """Run a dialogue: reading is done by a user with the dialogue's policies, all else by one with every policy."""
    admin = Client(port, "admin")
    reader = Client(port, "reader") if dialogue.policies else admin
    try:
        found = differences(dialogue, lambda sent: (reader if sent[0].endswith("/print") else admin)(sent))
        return list(map(str, found))
    finally:
        admin.api.close()
        if reader is not admin:
            reader.api.close()


@pytest.mark.parametrize("menu", dialogues())
def test_the_lab_answers_as_the_dialogues_say(lab: Lab, menu: str) -> None:
    wrong = []
    for dialogue in dialogues()[menu]:
        for version in dialogue.versions:
            router = Router(dialogue.spec(version))
            if dialogue.policies:
                router.seed("/user/group", [{"name": "readers", "policy": ",".join(sorted(dialogue.policies))}])
                router.seed("/user", [{"name": "reader", "group": "readers"}])
            lab[version].router = router
            wrong += [f"{dialogue.name} ({version}): {line}" for line in talk(dialogue, lab[version].port)]
    assert not wrong, "\n".join(wrong)


def test_every_dialogue_names_its_source() -> None:
    assert all(dialogue.source for each in dialogues().values() for dialogue in each)
