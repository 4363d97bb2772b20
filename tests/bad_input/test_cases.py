"""Whatever is wrong in a network's files: a message that says where and what to do, exit code 1, no traceback.

A case is a folder: its files are laid over the good network in good/; expected.yaml tells the problems that
`trueup validate` must list, all of them and no others (`write` makes files that are no text, or large).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from trueup.cli import main

HERE = Path(__file__).parent
CASES = sorted(folder.name for folder in (HERE / "cases").iterdir())


@dataclass(frozen=True)
class Run:
    """What the command line did."""

    code: int
    out: str
    err: str


Trueup = Callable[..., Run]


@pytest.fixture
def trueup(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Trueup:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TRUEUP_SECRETS", raising=False)

    def run(*words: str) -> Run:
        monkeypatch.setattr(sys, "argv", ["trueup", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Run(int(ended.value.code or 0), said.out, said.err)

    return run


def lay_out(case: str, root: Path) -> dict[str, Any]:
    """Writes a case's network to `root`; returns what is expected of it."""
    shutil.copytree(HERE / "good", root)
    shutil.copytree(HERE / "cases" / case, root, dirs_exist_ok=True)
    (root / "expected.yaml").unlink()
    expected: dict[str, Any] = yaml.safe_load((HERE / "cases" / case / "expected.yaml").read_text())
    for name, how in expected.get("write", {}).items():
        content = bytes.fromhex(how.get("hex", ""))
        with (root / name).open("wb") as stream:
            stream.write(content)
            stream.truncate(how.get("size", len(content)))
    return expected


def test_the_good_network_has_no_problems(trueup: Trueup, tmp_path: Path) -> None:
    shutil.copytree(HERE / "good", tmp_path / "net")
    assert trueup("validate", "--network", str(tmp_path / "net")) == Run(0, "1 router, no problems\n", "")


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told(case: str, trueup: Trueup, tmp_path: Path) -> None:
    expected = lay_out(case, tmp_path / "net")
    run = trueup("validate", "--network", str(tmp_path / "net"), *expected.get("arguments", []))
    told = run.err.splitlines()
    assert run.code == expected.get("exit", 1)
    assert "Traceback" not in run.err
    for line, problem in zip(told, expected["problems"], strict=False):
        severity, place = problem.get("severity", "error"), problem.get("at")
        assert line.startswith(f"{severity}: {place}: " if place else f"{severity}: ")
        assert problem["says"] in line
    assert len(told) == len(expected["problems"]), run.err
    for hidden in expected.get("hidden", ()):
        assert hidden not in run.out + run.err


@pytest.mark.parametrize("case", CASES)
def test_programs_are_told_the_same(case: str, trueup: Trueup, tmp_path: Path) -> None:
    expected = lay_out(case, tmp_path / "net")
    run = trueup("validate", "--network", str(tmp_path / "net"), *expected.get("arguments", []), "--json")
    answer = json.loads(run.out)
    assert (run.code, run.err) == (expected.get("exit", 1), "")
    assert answer["format-version"] == "1.1"
    places = [f"{one['file']}:{one['line']}:{one['column']}" if "file" in one else None for one in answer["problems"]]
    assert places == [problem.get("at") for problem in expected["problems"]]


def test_the_installed_command_ends_the_same_way(tmp_path: Path) -> None:
    lay_out("broken-yaml", tmp_path / "net")
    command = [sys.executable, "-m", "trueup.cli", "validate", "--network", str(tmp_path / "net" / "harbour")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "harbour/two.yaml:2:1: " in done.stderr


def test_a_folder_that_is_no_network_is_told(trueup: Trueup, tmp_path: Path) -> None:
    run = trueup("validate", "--network", str(tmp_path))
    assert run.code == 1
    assert "no trueup.yaml in" in run.err
    assert "trueup init" in run.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ref", "nope"], "is not in a git repository, so there is no 'nope'"),
        (["--network", "/nowhere"], "'/nowhere' does not exist"),
        (["--nettwork", "."], "No such option"),
        (["extra"], "unexpected extra argument"),
    ],
)
def test_odd_words_on_the_command_line_are_told(trueup: Trueup, tmp_path: Path, words: list[str], said: str) -> None:
    shutil.copytree(HERE / "good", tmp_path / "net")
    run = trueup("validate", "--network", str(tmp_path / "net"), *words)
    assert run.code == 1
    assert said in run.err
    assert "Traceback" not in run.err


def test_a_secrets_file_that_is_open_is_told_with_the_rest(
    trueup: Trueup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out("wrong-type", tmp_path / "net")
    (tmp_path / "secrets.yaml").write_text("api: canary-1618\n")
    (tmp_path / "secrets.yaml").chmod(0o644)
    monkeypatch.setenv("TRUEUP_SECRETS", str(tmp_path / "secrets.yaml"))
    run = trueup("validate", "--network", str(tmp_path / "net"), "--secrets")
    assert run.code == 1
    assert "labels: expected a list" in run.err
    assert f"run `chmod 600 {tmp_path}/secrets.yaml`" in run.err
    assert "canary-1618" not in run.err + run.out


def test_with_every_secret_in_its_place_there_is_no_problem(
    trueup: Trueup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out("missing-secret", tmp_path / "net")
    for name in ("API", "RADIUS_BILLING", "TRUEUP_DIGEST_KEY"):
        monkeypatch.setenv(f"TRUEUP_SECRET_{name}", "canary-0123456789")
    run = trueup("validate", "--network", str(tmp_path / "net"), "--secrets")
    assert run == Run(0, "2 routers, no problems\n", "")
