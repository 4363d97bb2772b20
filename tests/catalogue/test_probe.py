"""What the generator makes of a menu that nobody said anything of: careful types, text where reports leave room."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GENERATOR = Path(__file__).parents[2] / "schemas" / "generator" / "generate.py"
FIELDS: dict[str, dict[str, Any]] = {
    "name": {"kind": "scalar", "type": "string"},
    "mode": {"kind": "enum", "values": ["ap", "station"]},
    "matching": {"kind": "enum", "values": ["!", "a", "b"]},
    "ttl": {"kind": "enum", "values": ["equal", "less-than"]},
    "version": {"kind": "enum", "values": ["2", "3"]},
    "ciphers": {"kind": "enum", "values": ["aes", "null"]},
    "certificate": {"kind": "enum", "values": ["none"]},
    "interface": {"kind": "open-enum", "values": ["all", "ether1", "ether2", "lo"]},
    "allowed-interface-list": {"kind": "open-enum", "values": ["all", "dynamic", "none", "static"]},
    "vlan-id": {"kind": "scalar", "type": "integer number", "ranges": ["1..4094"]},
    "priority": {"kind": "scalar", "type": "integer number", "ranges": ["0..FF"]},
    "ports": {"kind": "scalar", "type": "integer number", "ranges": ["0..65535"]},
    "max-size": {"kind": "scalar", "type": "integer number", "ranges": ["0..4294967295"]},
    "rate": {"kind": "scalar", "type": "integer number", "ranges": ["0..18446744073709551615"]},
    "nth": {"kind": "open-enum", "type": "integer number", "values": ["!"], "ranges": ["1..100"]},
    "keepalive": {"kind": "scalar", "type": "integer number|time interval", "ranges": ["1..9", "1s..1d"]},
    "timeout": {"kind": "open-enum", "type": "time interval", "values": ["none"], "ranges": ["1s..1h"]},
    "time": {"kind": "scalar", "type": "time interval", "ranges": ["0s..1d"]},
    "prefix": {"kind": "scalar", "type": "IPv6 prefix", "ranges": ["IPv6/0..128"]},
    "address": {"kind": "scalar", "type": "IP address|string"},
    "servers": {"kind": "scalar", "type": "IP address|max 16 times"},
    "mac-address": {"kind": "scalar", "type": "MAC address"},
    "passphrase": {"kind": "scalar", "type": "string"},
    "password-login": {"kind": "enum", "values": ["no", "yes"], "bool": True},
    "public-key": {"kind": "scalar", "type": "string"},
    "auth-key": {"kind": "scalar", "type": "string"},
    "community": {"kind": "scalar", "type": "string"},
    "pin": {"kind": "enum", "values": ["off", "on"]},
    "phone-number": {"kind": "scalar", "type": "string"},
}
WANTED: dict[str, dict[str, Any]] = {
    "name": {},
    "mode": {"type": "enum", "values": ["ap", "station"]},
    "matching": {"type": "enum", "values": ["a", "b"], "negatable": True},
    "ttl": {},  # `equal:64`
    "version": {},  # examples, it may be
    "ciphers": {"many": "list"},  # the reports do not say whether several may be given
    "certificate": {"values": ["none"]},  # and the names of certificates, of which the router had none
    "interface": {"values": ["all"], "refers": [{"menu": "/interface"}]},
    "allowed-interface-list": {"values": ["all", "dynamic", "none", "static"], "refers": [{"menu": "/interface/list"}]},
    "vlan-id": {"type": "integer", "minimum": "1", "maximum": "4094"},
    "priority": {},  # hex, with its sign or without
    "ports": {},
    "max-size": {},  # `10M`
    "rate": {},
    "nth": {"negatable": True},  # `2,1`
    "keepalive": {},  # `10s,10`
    "timeout": {"type": "duration", "minimum": "1s", "maximum": "1h", "values": ["none"]},
    "time": {},  # `8h-17h,mon,tue`
    "prefix": {"type": "interface-address"},  # host bits may count
    "address": {},
    "servers": {"type": "address", "many": "list"},
    "mac-address": {"type": "mac"},
    "passphrase": {"secret": True},
    "password-login": {"type": "boolean"},
    "public-key": {},
    "auth-key": {"secret": True},
    "community": {"secret": True},
    "pin": {"type": "enum", "values": ["off", "on"]},
    "phone-number": {"personal": True},
}
SYNTAX = {"old": "pap|chap[,Auths*]", "new": "pap|chap|eap[,Auths*]"}
IDENTITY = {"candidates": ["name"], "key": "name", "verdict": "UNIQUE"}


def tree(added: dict[str, str], **commands: Any) -> dict[str, Any]:
    arguments = {name: {"_type": "arg", "desc": text} for name, text in added.items()}
    below = {"_type": "dir", "add": {"_type": "cmd"} | arguments, **commands}
    return {"interface": {"_type": "dir", "tap": below}}


def generate(folder: Path, overlay: str = "everywhere: {}\n") -> subprocess.CompletedProcess[str]:
    names = dict.fromkeys(FIELDS, "")
    reports = {
        "old": tree({"auths": SYNTAX["old"], "wait": "1s..1h    (time interval)", "disabled": ""}),
        "new": tree(names | {"auths": SYNTAX["new"]}),
        "extra": tree({"extra": ""}),
        "typed": {
            "routeros_version": "7.24 (stable)",
            "menus": [
                {
                    "path": "/interface/tap",
                    "identity": IDENTITY,
                    "commands": ["add"],
                    "fields": [{"name": name, "access": "writable"} | field for name, field in FIELDS.items()],
                }
            ],
        },
        "unique": {"verdicts": [{"path": "/interface/tap", "detail": "failure: already have interface with name x"}]},
    }
    for name, report in reports.items():
        (folder / f"{name}.json").write_text(json.dumps(report))
    (folder / "overlay").mkdir()
    (folder / "overlay" / "all.yaml").write_text(overlay)
    trees = [f"7.16={folder}/old.json", f"7.24={folder}/new.json", f"7.24={folder}/extra.json"]
    options = [word for each in trees for word in ("--tree", each)]
    options += ["--typed", f"{folder}/typed.json", "--unique", f"{folder}/unique.json"]
    options += ["--overlay", f"{folder}/overlay", "--out", f"{folder}/data"]
    return subprocess.run([sys.executable, str(GENERATOR), *options], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def menu(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("generated")
    done = generate(folder)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads((folder / "data" / "interface" / "tap.json").read_text())
    return found


@pytest.mark.parametrize("name", FIELDS)
def test_a_type_says_no_more_than_reports_do(menu: dict[str, Any], name: str) -> None:
    assert {**menu["properties"][name], "since": "7.24"} == {"since": "7.24", **WANTED[name]}


def test_menus_come_from_the_trees_with_key_and_namespace(menu: dict[str, Any]) -> None:
    assert (menu["kind"], menu["key"], menu["enforced"]) == ("list", ["name"], True)
    assert menu["namespace"] == "/interface"


def test_several_trees_of_a_version_are_one(menu: dict[str, Any]) -> None:
    assert menu["properties"]["extra"] == {"since": "7.24"}


def test_what_only_an_old_tree_has_is_typed_by_its_syntax(menu: dict[str, Any]) -> None:
    want = {"until": "7.16", "type": "duration", "minimum": "1s", "maximum": "1h"}
    assert menu["properties"]["wait"] == want
    assert menu["properties"]["disabled"] == {"until": "7.16", "type": "boolean"}


def test_words_that_older_versions_lack_are_told(menu: dict[str, Any]) -> None:
    assert menu["properties"]["auths"] == {
        "type": "enum",
        "many": "set",
        "values": ["chap", "eap", "pap"],
        "versions": [{"until": "7.16", "values": ["chap", "pap"]}],
    }


def test_the_overlay_may_call_a_name_public(tmp_path: Path) -> None:
    said = "everywhere: {}\n/interface/tap:\n  public: [community]\n  seen: {since: '7.18'}\n  blank: yes\n"
    assert generate(tmp_path, said).returncode == 0
    found = json.loads((tmp_path / "data" / "interface" / "tap.json").read_text())["properties"]
    assert "secret" not in found["community"]
    assert found["community"]["default"] == ""
    index = json.loads((tmp_path / "data" / "index.json").read_text())
    assert index == {"/interface/tap": {"since": "7.18", "namespace": "/interface"}}


def test_an_overlay_that_a_tree_belies_is_refused(tmp_path: Path) -> None:
    done = generate(tmp_path, "everywhere: {}\n/interface/tap:\n  exists: {auths: {since: '7.20'}}\n")
    assert done.returncode == 1
    assert "/interface/tap: auths is in 7.16, but not by the overlay" in done.stderr
