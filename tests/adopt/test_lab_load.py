"""`trueup lab load`: an export becomes a virtual router that commands reach, its secrets nowhere in the network."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from export_room import CASES, files, network, secrets_in, trueup

from trueup.lab.network import read_network

DOCS = Path(__file__).parents[2] / "docs/adopting.md"
EXPORT = CASES / "pppoe.rsc"
LAB = """\
# Ours.
routers:
- name: first   # on the roof
  version: "7.16"
  seed:
    /ip/pool:
    - {name: a, ranges: 10.0.0.1}

# The end.
"""


def load(root: Path, *words: str, export: Path = EXPORT, name: str = "edge") -> tuple[int, str, str]:
    return trueup("lab", "load", str(export), "--as", name, "--network", str(root), *words)


def documented(section: str) -> list[list[str]]:
    """The commands of a section of docs/adopting.md, in order."""
    text = DOCS.read_text().partition(f"## {section}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    return [line.removeprefix("trueup ").split() for block in blocks for line in block.splitlines()]


def test_what_is_documented_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRUEUP_SECRET_TRUEUP_DIGEST_KEY", "0123456789abcdef")
    root = network(tmp_path)
    monkeypatch.chdir(root)
    (root / "edge-1.rsc").write_bytes(EXPORT.read_bytes())
    first, *rehearsal = documented("Rehearsing an export")
    scripts = documented("As a script")
    assert (first[:2], len(rehearsal), len(scripts)) == (["lab", "load"], 3, 3)
    code, out, err = trueup(*first)
    assert (code, err) == (0, "")
    assert "start it with `trueup lab up`" in out
    own = f"127.77.{os.getpid() % 250 + 1}.9"  # other tests' labs stand on the addresses that are given first
    for file in (root / "lab.yaml", root / "harbour/harbour-edge-1.yaml"):
        file.write_text(file.read_text().replace("127.77.0.1", own))
    try:
        for words in (*rehearsal, *scripts):
            code, out, err = trueup(*words)
            assert code == 0, out + err
        assert "!secret harbour-edge-1/ppp-secret/anna/password" in (root / "harbour/harbour-edge-1.yaml").read_text()
        assert (root / "edge-1-live.rsc").stat().st_mode & 0o777 == 0o600
        assert "password" not in (root / "edge-1-declared.rsc").read_text()
        assert trueup("lab", "down")[0] == 0
        assert trueup("lab", "up", "--fresh")[0] == 0
        code, out, err = trueup("lab", "show", "harbour-edge-1", "--json")
        assert json.loads(out)["menus"]["/ppp/secret"] > 0
        refused = load(root, name="other")
        assert (refused[0], "the lab is running" in refused[2]) == (1, True)
    finally:
        trueup("lab", "down")


def test_secrets_of_the_export_are_in_the_lab_s_own_folder_alone(tmp_path: Path):
    root = network(tmp_path)
    said = load(root)
    canaries = secrets_in(EXPORT.read_bytes())
    assert canaries
    tracked = {path: data for path, data in files(root).items() if not path.startswith(".trueup/")}
    assert sorted(tracked) == ["harbour/edge.yaml", "harbour/site.yaml", "lab.yaml", "trueup.yaml"]
    assert [canary for canary in canaries if canary in repr((said, tracked))] == []
    kept = root / ".trueup/lab/edge.loaded.json"
    assert (kept.stat().st_mode & 0o777, canaries[0] in kept.read_text()) == (0o600, True)
    login = re.search(r"^lab/edge: \"(.*)\"$", (tmp_path / "secrets.yaml").read_text(), re.MULTILINE)
    assert login
    assert read_network(root / "lab.yaml")[0].spec.password == login[1]


def test_a_lab_yaml_whose_last_line_does_not_end_is_gone_on_with(tmp_path: Path):
    root = network(tmp_path)
    (root / "lab.yaml").write_text("routers:\n  - name: first")
    assert load(root)[0] == 0
    assert [each.spec.name for each in read_network(root / "lab.yaml")] == ["first", "edge"]


def test_lab_yaml_keeps_all_that_stood_in_it(tmp_path: Path):
    root = network(tmp_path)
    (root / "lab.yaml").write_text(LAB)
    assert load(root)[0] == 0
    head, tail = LAB.split("\n\n")
    text = (root / "lab.yaml").read_text()
    assert text.startswith(f"{head}\n- name: edge\n")
    assert text.endswith(f"\n\n{tail}")
    first, second = (each.spec for each in read_network(root / "lab.yaml"))
    assert (first.name, first.version, second.name, second.version) == ("first", "7.16", "edge", "7.9.2")


def test_a_router_that_is_declared_keeps_its_file_and_is_told_how_to_be_reached(tmp_path: Path):
    root = network(tmp_path)
    (root / "harbour/edge.yaml").write_text("router: edge\nrows: {}\n")
    code, out, _ = load(root)
    assert code == 0
    assert "to reach it, write into harbour/edge.yaml: connect: {hosts: [127.77.0.1]" in out
    assert (root / "harbour/edge.yaml").read_text() == "router: edge\nrows: {}\n"


def test_without_a_network_there_is_only_the_lab(tmp_path: Path):
    code, _, err = load(tmp_path)
    assert code == 0, err
    assert sorted(files(tmp_path)) == [".trueup/lab/edge.loaded.json", "lab.yaml"]


def test_a_board_that_is_not_known_gets_the_ports_that_the_export_names(tmp_path: Path):
    export = tmp_path / "odd.rsc"
    export.write_text(
        "# 2025-01-01 00:00:00 by RouterOS 7.24\n# model = X-1000\n/interface ethernet\n"
        "set [ find default-name=ether9 ] name=uplink\n/interface bridge\nadd name=br\n"
        "/interface bridge port\nadd bridge=br interface=sfp-sfpplus2\nadd bridge=br interface=garden\n"
    )
    code, _, err = load(tmp_path, export=export)
    assert code == 0
    assert "the lab knows no X-1000; a board with the export's ports stands for it" in err
    assert f"{export}:9:15: garden is no interface of the export, nor a port" in err
    assert list(read_network(tmp_path / "lab.yaml")[0].spec.ports) == ["ether9", "sfp-sfpplus2"]


@pytest.mark.parametrize(
    ("lab", "words", "told"),
    [
        (LAB, ("--site", "hill"), "there is no site 'hill'"),
        (LAB.replace("first", "edge"), (), "there is a router edge already; remove it from there"),
        ("routers: [{name: first}]\n", (), "its routers do not stand one below the other"),
        ("routers: []\n", (), "no routers in the list"),
        ("rooters:\n- {name: first}\n", (), "no routers"),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(lab: str, words: tuple[str, ...], told: str, tmp_path: Path):
    root = network(tmp_path)
    (root / "lab.yaml").write_text(lab)
    before = files(tmp_path)
    code, out, err = load(root, *words)
    assert (code, out) == (1, "")
    assert told in err
    assert {path: data for path, data in files(tmp_path).items() if not path.endswith("lab.lock")} == before


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b'/ip pool\nadd name="cut off', b"<html>"])
def test_what_is_no_export_leaves_everything_as_it_was(data: bytes, tmp_path: Path):
    root = network(tmp_path)
    export = tmp_path / "bad.rsc"
    export.write_bytes(data)
    before = files(tmp_path)
    code, out, err = load(root, export=export)
    assert (code, out) == (1, "")
    assert f"{export}:1:" in err or f"{export}:2:" in err
    assert files(tmp_path) == before
