"""`trueup schema`: into the network for editors, or printed whole; what captured trees tell is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from editor import PUBLISHED
from jsonschema import Draft7Validator

from trueup.cli import group
from trueup.errors import TrueupError

TREE = {
    "format-version": 1,
    "version": "7.24",
    "menus": {"/iot/buoy": {"kind": "list", "properties": "name depth", "syntax": {}}},
}


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "coast"
    (root / "s").mkdir(parents=True)
    (root / "trueup.yaml").write_text("network: coast\n")
    (root / "s/site.yaml").write_text("")
    (root / "s/edge-1.yaml").write_text("router: edge-1\n")
    monkeypatch.chdir(root)
    return root


def run(*words: str) -> Result:
    return CliRunner().invoke(group, ["schema", *words])


def test_the_schemas_go_where_editors_look(network: Path):
    done = run()
    assert done.exit_code == 0
    assert done.output == f"schemas   {network}/.trueup/schemas\n"
    for path in PUBLISHED.iterdir():
        assert (network / ".trueup/schemas" / path.name).read_bytes() == path.read_bytes()


def test_a_captured_tree_is_known_to_the_editor(network: Path):
    (network / "catalogue").mkdir()
    (network / "catalogue/edge-1.json").write_text(json.dumps(TREE))
    schema = json.loads(run("router").output)
    row = {"router": "edge-1", "rows": {"/iot/buoy": [{"name": "a", "depth": 3}]}}
    assert Draft7Validator(schema).is_valid(row)
    assert not Draft7Validator(json.loads((PUBLISHED / "trueup.schema.json").read_text())).is_valid(row)


def test_one_can_be_written_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    done = run("lab", "--out", "there")
    assert done.output == "schemas   there\n"
    assert {path.name for path in Path("there").iterdir()} == {"trueup.schema.json", "lab.schema.json"}


def test_without_a_network_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrueupError, match=r"no trueup\.yaml"):
        CliRunner().invoke(group, ["schema"], catch_exceptions=False)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TrueupError, match="cannot be written"):
        CliRunner().invoke(group, ["schema", "--out", str(tmp_path / "file/x")], catch_exceptions=False)
