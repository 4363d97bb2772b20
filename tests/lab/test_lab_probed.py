"""What probes saw becomes facts of the lab: each with its source, the refusals in the router's words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trueup.lab.fact import FACTS, Fact, documented, probed

GENERATOR = Path(__file__).parents[2] / "schemas" / "generator" / "probed.py"


def command(*arguments: str) -> dict[str, Any]:
    return {"_type": "cmd"} | {name: {"_type": "arg"} for name in arguments}


OLD = {"ip": {"_type": "dir", "arp": {"_type": "dir", "add": command("name"), "set": command("name")}}}
NEW = {"ip": {"_type": "dir", "arp": {"_type": "dir", "add": command("name", "interface"), "move": command()}}}
TYPED = {
    "routeros_version": "7.23.2 (stable)",
    "menus": [
        {
            "path": "/ip/arp",
            "class": "list",
            "commands": ["add"],
            "fields": [
                {"name": "name", "access": "writable", "kind": "scalar"},
                {"name": "interface", "access": "writable", "kind": "enum", "values": ["ether1", "lo", "any"]},
            ],
        }
    ],
}
REQUIRED = [
    {"path": "/ip/arp", "required": ["interface"], "hasAdd": True,
     "rawError": "Script Error: missing value(s) of argument(s) interface (/ip/arp/add; line 1)"},
    {"path": "/ip/vrf", "required": ["a-b", "c"], "hasAdd": True, "rawError": "failure: a b is not set (/ip/vrf/add)"},
]  # fmt: skip
UNIQUE = {
    "verdicts": [
        {"path": "/ip/arp", "field": "name", "verdict": "UNIQUE", "detail": "failure: have keyprobe1 already"},
        {"path": "/ip/arp", "field": "comment", "verdict": "DUPLICATE"},
        {"path": "/ip/vrf", "field": "comment", "verdict": "AMBIGUOUS", "detail": "failure: such x exists"},
        {"path": "/ip/vrf", "field": "c", "verdict": "UNIQUE", "detail": "failure: c with such c and d exists"},
    ]
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    """What the generator makes of these reports."""
    folder = tmp_path_factory.mktemp("reports")
    reports = {"old": OLD, "new": NEW, "typed": TYPED, "required": REQUIRED, "unique": UNIQUE}
    for name, report in reports.items():
        (folder / f"{name}.json").write_text(json.dumps(report))
    words = ["--tree", f"7.9.2={folder}/old.json", "--tree", f"7.24={folder}/new.json"]
    for name in ("typed", "required", "unique"):
        words += [f"--{name}", f"{folder}/{name}.json"]
    subprocess.run([sys.executable, GENERATOR, *words, "--out", folder / "out.json"], check=True)
    menus: dict[str, list[dict[str, str]]] = json.loads((folder / "out.json").read_text())["menus"]
    return menus


def test_commands_come_and_go_with_the_trees_that_have_them(facts: dict[str, list[dict[str, str]]]) -> None:
    told = {fact["commands"]: (fact.get("since"), fact.get("until")) for fact in facts["/ip/arp"] if "commands" in fact}
    assert told == {"add": (None, None), "set": (None, "7.23"), "move": ("7.10", None)}


def test_demands_keep_the_routers_words(facts: dict[str, list[dict[str, str]]]) -> None:
    assert {"needs": "interface", "source": "arguments"} in facts["/ip/arp"]
    told = {"needs-any": "a-b", "trap": "failure: a b is not set", "source": "arguments"}
    assert told in facts["/ip/vrf"]


def test_only_a_refusal_of_the_second_row_makes_something_unique(facts: dict[str, list[dict[str, str]]]) -> None:
    unique = [(fact["unique"], fact["trap"]) for path in facts for fact in facts[path] if "unique" in fact]
    assert unique == [("name", "failure: have {name} already"), ("c d", "failure: c with such c and d exists")]


def test_what_completion_offered_is_a_reference_with_its_words(facts: dict[str, list[dict[str, str]]]) -> None:
    assert {"refers": "interface", "to": "/interface", "source": "completion", "words": "any"} in facts["/ip/arp"]


def test_every_shipped_fact_can_be_read_and_has_its_source() -> None:
    probes = json.loads((FACTS / "probed.json").read_text())["menus"]
    held = [fact for path in probes for fact in (*probed(path), *documented(path))]
    assert len(held) > len(probes)
    assert all(isinstance(fact, Fact) and fact.source for fact in held)
