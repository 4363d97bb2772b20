"""The report: what a router's own tree has and the catalogue lacks, each with a reason; and the tables are fresh."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

GENERATOR = Path(__file__).parents[2] / "schemas" / "generator"
MENUS = Path(__file__).parents[2] / "docs" / "catalogue-menus.md"


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(GENERATOR / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def menu(command: str, *arguments: str, **below: Any) -> dict[str, Any]:
    taken = {name: {"_type": "arg"} for name in ("numbers", "copy-from", *arguments)}
    return {"_type": "dir", command: {"_type": "cmd"} | taken, **below}


def report(folder: Path, tree: dict[str, Any], *options: str, name: str = "7.24-inspect.json") -> list[str]:
    file = folder / name
    file.write_text(json.dumps(tree))
    done = run("report.py", file, *options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_what_is_all_there_is_counted(tmp_path: Path) -> None:
    tree = {"ip": {"_type": "dir", "pool": menu("add", "name", "ranges", "comment", "next-pool")}}
    counted = ["RouterOS 7.24: 1 of 1 menus, 100.00 %", "RouterOS 7.24: 4 of 4 properties, 100.00 %"]
    assert report(tmp_path, tree) == counted


def test_what_is_missing_is_listed_with_the_reason(tmp_path: Path) -> None:
    peers = menu("add", "is-responder", "warp")
    clock = menu("set", "date", "time-zone-name")
    tree = {
        "interface": {"_type": "dir", "wireguard": {"_type": "dir", "peers": peers}},
        "ip": {"_type": "dir", "teleport": menu("add", "target"), "hotspot": {"_type": "dir", "active": menu("add")}},
        "system": {"_type": "dir", "clock": clock, "reboot": {"_type": "cmd"}},
    }
    lines = report(tmp_path, tree)
    assert "/interface/wireguard/peers is-responder: the catalogue has it since 7.15 and until 7.16" in lines
    assert "/interface/wireguard/peers warp: no tree and no overlay that it was made from has it" in lines
    assert "/ip/teleport: no tree and no overlay that it was made from has it" in lines
    assert "/ip/teleport target: its menu is not there" in lines
    assert "/ip/hotspot/active: the catalogue has it until 7.16" in lines
    assert "/system/clock date: there to be read only: declaring it would do harm or nothing" in lines
    assert lines[-2:] == ["RouterOS 7.24: 2 of 4 menus, 50.00 %", "RouterOS 7.24: 1 of 5 properties, 20.00 %"]


def test_the_version_may_be_given(tmp_path: Path) -> None:
    tree = {"interface": {"_type": "dir", "wireguard": {"_type": "dir", "peers": menu("add", "is-responder")}}}
    assert report(tmp_path, tree, "--version", "7.16", name="mine.json")[-1].endswith("1 of 1 properties, 100.00 %")


def test_a_tree_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "7.24.json").write_text("{")
    (tmp_path / "6.48.json").write_text("{}")
    for file in (tmp_path / "7.24.json", tmp_path / "6.48.json", tmp_path / "7.24-gone.json"):
        done = run("report.py", file)
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr


def test_the_tables_of_menus_are_what_the_catalogue_holds() -> None:
    assert run("tables.py", "-").stdout == MENUS.read_text("utf-8"), "run: python schemas/generator/tables.py"
