"""Documents that stay true: commands that exist, links that lead somewhere, versions that are pinned."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from project import ROOT, name, texts

from trueup.cli import COMMANDS

DOCUMENTS = texts(".md")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"^[`$ ]*make ([a-z-]+)", re.MULTILINE)
TRUEUP = re.compile(r"^[`$ ]*trueup ([a-z]+)", re.MULTILINE)
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


def test_make_offers_what_the_readme_and_the_issue_name():
    assert {"setup", "demo", "test", "test-peers", "lint", "bench", "clean"} <= targets()


@pytest.mark.parametrize(("file", "extras"), [("constraints.txt", ("dev",)), ("constraints-peers.txt", ("peers",))])
def test_every_requirement_has_its_tested_version(file: str, extras: tuple[str, ...]):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(each for extra in extras for each in project["optional-dependencies"][extra])]
    lines = [line for line in (ROOT / file).read_text().splitlines() if not line.startswith("#")]
    pinned = [PIN.fullmatch(line) for line in lines]
    assert all(pinned)
    assert {normal(each) for each in wanted} - {normal(pin[1]) for pin in pinned if pin} == set()
