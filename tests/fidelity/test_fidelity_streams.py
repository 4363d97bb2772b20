"""Dialogues in which the router goes on telling: sentences in flight, and what comes of each, over a real socket.

A step sends its sentences at once and expects as many as it lists, those of one tag in their order, with `in-order` all
of them. What is told without being expected stands in the next step's way.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fidelity_dialogues import Sentence, agrees

from trueup.lab import Lab, Router, Spec, serve
from trueup.lab.wire import Decoder, encode

STREAMS = {
    each["name"]: each
    for file in sorted((Path(__file__).parent / "streams").glob("*.yaml"))
    for each in yaml.load(file.read_text(), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
}
CASES = [(name, version) for name, each in STREAMS.items() for version in each["versions"].split()]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    versions = dict.fromkeys(version for _, version in CASES)
    with serve([Spec(version, version=version, tls_port=None) for version in versions]) as lab:
        yield lab


def tag(sentence: Sentence) -> str:
    return next((word for word in sentence if word.startswith(".tag=")), "")


class Talk:
    """One login; what it learns of ids holds to its end."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 3)
        self.decoder = Decoder()
        self.got: list[Sentence] = []
        self.known: dict[str, str] = {}
        self.send([["/login", "=name=admin", "=password="]])
        self.take(1)

    def send(self, sentences: list[Sentence]) -> None:
        filled = [[re.sub(r"\$(\w+)", self._id, word) for word in sentence] for sentence in sentences]
        self.socket.sendall(b"".join(map(encode, filled)))

    def _id(self, name: re.Match[str]) -> str:
        return self.known.get(name[1], name[0])

    def take(self, count: int) -> list[Sentence]:
        while len(self.got) < count and (data := self.socket.recv(65536)):
            self.got += self.decoder.feed(data)
        taken, self.got = self.got[:count], self.got[count:]
        return taken

    def step(self, step: dict[str, Any]) -> None:
        self.send(step["send"])
        answered = self.take(len(step["expect"]))
        pairs = list(zip(step["expect"], answered, strict=True))
        if "in-order" not in step:
            ordered = (sorted(each, key=tag) for each in (step["expect"], answered))
            pairs = list(zip(*ordered, strict=True))
        for wanted, have in sorted(pairs, key=lambda pair: pair[0][0] != "!done"):  # an id is learnt from what made it
            assert agrees(wanted, have, self.known), f"{step['send']}: expected {wanted}, answered {answered}"


@pytest.mark.parametrize(("name", "version"), CASES)
def test_the_lab_tells_as_the_dialogues_say(lab: Lab, name: str, version: str) -> None:
    lab[version].router = Router(lab[version].spec)
    talk = Talk(lab[version].port)
    with talk.socket:
        for step in STREAMS[name]["steps"]:
            talk.step(step)
        talk.send([["/nothing", ".tag=end"]])
        assert talk.take(1) == [["!done", ".tag=end"]]


def test_every_stream_names_its_source() -> None:
    assert all(each["source"] for each in STREAMS.values())
