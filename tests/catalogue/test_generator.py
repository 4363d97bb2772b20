"""The generator: names and versions come from the trees, types from the probe, the rest from the overlay."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GENERATOR = Path(__file__).parents[2] / "schemas" / "generator" / "generate.py"
OVERLAY = """
everywhere:
  defaults: {comment: ""}
/ip/thing:
  key: [name]
  types: {ports: set span 1..65535, limit: "!integer | unlimited"}
  defaults: {disabled: no, ports: ""}
  refers: {pool: /ip/pool, list: ~/ip/list:list}
  secret: [password]
  at: [{until: "7.1", enforced: no}]
  versions: {limit: [{until: "7.1", default: unlimited}]}
"""


def command(*arguments: str, **described: str) -> dict[str, Any]:
    listed = dict.fromkeys(arguments, "") | described
    return {"_type": "cmd"} | {name: {"_type": "arg", "desc": text} for name, text in listed.items()}


COMMON = ("comment", "copy-from", "disabled", "limit", "list", "name", "password", "place-before", "pool", "ports")
OLD = {"ip": {"thing": {"_type": "dir", "add": command(*COMMON, "gone"), "set": command(*COMMON, "numbers")}}}
NEW = {
    "ip": {
        "thing": {
            "_type": "dir",
            "move": command("numbers", "destination"),
            "add": command(*COMMON, "fresh", kinds="a|b[,Kinds*]"),
            "set": command(*COMMON, "numbers", "fresh", kinds="a|b[,Kinds*]"),
        }
    }
}
TYPED = {
    "routeros_version": "7.2 (stable)",
    "menus": [
        {
            "path": "/ip/thing",
            "identity": {"verdict": "UNIQUE", "key": "name"},
            "fields": [
                {"name": "disabled", "access": "writable", "kind": "enum", "values": ["no", "yes"], "bool": True},
                {"name": "kinds", "access": "writable", "kind": "enum", "values": ["!", "a", "b"]},
                {"name": "pool", "access": "writable", "kind": "enum", "values": ["none", "probed-row"]},
                {"name": "limit", "access": "writable", "kind": "scalar", "type": "integer number"},
                {"name": "running", "access": "read-only", "kind": "enum", "values": ["no", "yes"], "bool": True},
                {"name": "status", "access": "read-only", "kind": "scalar", "type": "string"},
            ],
        }
    ],
}
REQUIRED = [{"path": "/ip/thing", "required": ["name"]}]


def generate(folder: Path, overlay: str, settled: str = "") -> subprocess.CompletedProcess[str]:
    (folder / "overlay" / "settled").mkdir(parents=True)
    (folder / "overlay" / "ip.yaml").write_text(overlay)
    (folder / "overlay" / "settled" / "isp.yaml").write_text(settled or "{}")
    for name, content in (("old", OLD), ("new", NEW), ("typed", TYPED), ("required", REQUIRED)):
        (folder / f"{name}.json").write_text(json.dumps(content))
    options = ["--tree", f"7.3={folder}/new.json", "--tree", f"7.1.5={folder}/old.json"]
    options += ["--typed", f"{folder}/typed.json", "--required", f"{folder}/required.json"]
    options += ["--overlay", f"{folder}/overlay", "--out", f"{folder}/data"]
    return subprocess.run([sys.executable, str(GENERATOR), *options], capture_output=True, text=True, check=False)


@pytest.fixture
def menu(tmp_path: Path) -> dict[str, Any]:
    done = generate(tmp_path, OVERLAY)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "data" / "index.json").read_text()) == {"/ip/thing": {}}
    found: dict[str, Any] = json.loads((tmp_path / "data" / "ip" / "thing.json").read_text())
    return found


def test_writes_what_the_menu_is(menu: dict[str, Any]) -> None:
    assert (menu["kind"], menu["key"], menu["enforced"], menu["ordered"]) == ("list", ["name"], True, True)
    assert (menu["state"], menu["flags"]) == (["status"], ["running"])
    assert menu["versions"] == [{"until": "7.1", "enforced": False}]


def test_writes_when_properties_exist(menu: dict[str, Any]) -> None:
    properties = menu["properties"]
    assert set(properties) == {*COMMON, "fresh", "gone", "kinds"} - {"copy-from", "place-before"}
    assert properties["gone"] == {"until": "7.1"}
    assert properties["fresh"] == {"since": "7.3"}
    assert properties["kinds"] == {
        "since": "7.2",
        "type": "enum",
        "many": "set",
        "values": ["a", "b"],
        "negatable": True,
    }
    assert properties["name"] == {"required": True}


def test_the_overlay_has_the_last_word(menu: dict[str, Any]) -> None:
    properties = menu["properties"]
    assert properties["comment"] == {"default": "", "unset": "="}
    assert properties["disabled"] == {"type": "boolean", "default": "no"}
    assert properties["password"] == {"secret": True}
    assert properties["ports"]["many"] == "set"
    assert (properties["ports"]["minimum"], properties["ports"]["maximum"]) == ("1", "65535")
    assert properties["limit"]["negatable"]
    assert properties["limit"]["values"] == ["unlimited"]
    assert properties["limit"]["versions"] == [{"until": "7.1", "default": "unlimited"}]
    assert properties["pool"] == {"values": ["none"], "refers": [{"menu": "/ip/pool"}]}
    assert properties["list"]["refers"] == [{"menu": "/ip/list", "property": "list", "hard": False}]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("  secret: [pasword]", "/ip/thing: the overlay speaks of pasword, which no version has"),
        ("  sercet: [password]", "sercet, which is no aspect"),
        ("  types: {limit: 'INTEGER'}", "no type: INTEGER"),
    ],
)
def test_facts_that_fit_nothing_are_refused(tmp_path: Path, line: str, complaint: str) -> None:
    done = generate(tmp_path, f"everywhere: {{}}\n/ip/thing:\n{line}\n")
    assert done.returncode != 0
    assert complaint in done.stderr


SETTLED = """
/ip/thing:
  plain: [fresh, gone]
  unknown: [fresh, gone, kinds, limit, list, password, pool]
"""


def test_a_settled_menu_without_a_guess_is_written(tmp_path: Path) -> None:
    done = generate(tmp_path, OVERLAY, SETTLED)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("plain: [fresh, gone]", "plain: [gone]", "fresh: nobody said what it is"),
        ("unknown: [fresh,", "unknown: [", "fresh: nobody said its default"),
        ("unknown: [fresh,", "unknown: [fresh, ports,", "ports: it has a default"),
        ("plain: [fresh", "plain: [nope, fresh", "the overlay speaks of nope"),
    ],
)
def test_a_guess_in_a_settled_menu_is_refused(tmp_path: Path, before: str, after: str, complaint: str) -> None:
    done = generate(tmp_path, OVERLAY, SETTLED.replace(before, after))
    assert complaint in done.stderr
    assert (done.returncode, (tmp_path / "data").exists()) == (1, False)


def test_a_settled_menus_secrets_are_confirmed_by_hand(tmp_path: Path) -> None:
    done = generate(tmp_path, OVERLAY.replace("  secret: [password]\n", ""), SETTLED)
    assert (done.returncode, "password: it is secret by its name alone" in done.stderr) == (1, True)
