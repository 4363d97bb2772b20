"""Documents that stay true: commands that exist, links that lead somewhere, versions that are pinned."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest
from project import ROOT, name, texts

from trueup.cli import COMMANDS, group

DOCUMENTS = texts(".md")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"^[`$ ]*make ([a-z-]+)", re.MULTILINE)
TRUEUP = re.compile(r"^[`$ ]*trueup ([a-z]+)", re.MULTILINE)
CALL = re.compile(r"(?<![\w./-])trueup +((?:[^`\n;&|#)\\]|\\\n)+)")
OPTION = re.compile(r"(?<!\S)\[?(--?[a-z][a-z-]*)")
PIN = re.compile(r"([A-Za-z0-9._-]+)==\S+")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def normal(requirement: str) -> str:
    """A requirement's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~\[; ]", requirement)[0]).lower()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(document: Path):
    links = [link.partition("#")[0] for link in LINK.findall(document.read_text())]
    here = [link for link in links if link and "://" not in link and not link.startswith("mailto:")]
    assert [link for link in here if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_exists(document: Path):
    text = "\n".join(CODE.findall(document.read_text()))
    assert [target for target in MAKE.findall(text) if target not in targets()] == []
    if "decisions" not in document.parts:
        assert [word for word in TRUEUP.findall(text) if word not in COMMANDS] == []


def wrong_options(text: str) -> list[str]:
    """The options in a document's code that the commands before them do not have."""
    wrong = []
    for call in CALL.findall("\n".join(CODE.findall(text))):
        command, words = group, call.replace("\\\n", " ").split()
        while isinstance(command, click.Group) and words:
            command = command.get_command(click.Context(group), words.pop(0))
        if isinstance(command, click.Command):
            known = {option for each in command.params for option in each.opts} | {"--help", "-h"}
            wrong += [f"trueup {call}: {option}" for option in OPTION.findall(" ".join(words)) if option not in known]
    return wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_option_exists(document: Path):
    assert wrong_options(document.read_text()) == []


def test_a_wrong_option_is_noticed():
    assert wrong_options("`trueup plan --out FILE`, `trueup user add ANN --role viewer`") == []
    assert wrong_options("`trueup plan --outt FILE`") == ["trueup plan --outt FILE: --outt"]
    assert wrong_options("```\ntrueup user add ANN \\\n  --rule viewer\n```")


def test_make_offers_what_the_readme_and_the_issue_name():
    assert {"setup", "demo", "demo-daemon", "test", "test-peers", "lint", "bench", "clean"} <= targets()


@pytest.mark.parametrize(("file", "extras"), [("constraints.txt", ("dev",)), ("constraints-peers.txt", ("peers",))])
def test_every_requirement_has_its_tested_version(file: str, extras: tuple[str, ...]):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(each for extra in extras for each in project["optional-dependencies"][extra])]
    lines = [line for line in (ROOT / file).read_text().splitlines() if not line.startswith("#")]
    pinned = [PIN.fullmatch(line) for line in lines]
    assert all(pinned)
    assert {normal(each) for each in wanted} - {normal(pin[1]) for pin in pinned if pin} == set()
