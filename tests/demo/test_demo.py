"""What `make demo` promises: its last line, and that no secret is left anywhere but in the secrets file."""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

SITES = Path(__file__).parents[2] / "sites"
LAST = re.compile(r"demo: 4 routers, ([1-9]\d*) changes applied, second plan empty, audit at [0-9a-f]{7,}")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The demo, run below a folder that is kept; one at a time, since the example's addresses are there once."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, SITES / "demo.py", folder]
    with (Path(tempfile.gettempdir()) / "trueup-demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder, subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_last_line_tells_what_was_done(demo):
    _, done = demo
    assert done.returncode == 0, done.stdout + done.stderr
    assert LAST.fullmatch(done.stdout.splitlines()[-1])
    assert "lab has stopped" in done.stdout


def test_every_command_is_shown_as_an_operator_types_it(demo):
    _, done = demo
    shown = [line.removeprefix("$ trueup ") for line in done.stdout.splitlines() if line.startswith("$ trueup ")]
    hashes = re.findall(r"^Needs --accept ([0-9a-f]{12})$", done.stdout, re.MULTILINE)
    assert shown == [
        "lab up",
        "validate",
        "plan --out ../plan.json",
        f"apply --yes --accept {hashes[0]}",
        "plan",
        "log",
        "lab down",
    ]
    assert set(hashes) == {hashes[0]}, "the plan and the apply show the same hash"


def test_no_secret_is_in_the_output_or_in_a_repository(demo):
    folder, done = demo
    values = yaml.safe_load((folder / "secrets.yaml").read_text())
    assert len(values) > 10
    assert (folder / "secrets.yaml").stat().st_mode & 0o777 == 0o600
    history = ""
    for repository in ("saltmarsh", "saltmarsh-audit"):
        log = ["git", "-C", folder / repository, "log", "--patch", "--all", "--text"]
        history += subprocess.run(log, capture_output=True, text=True, check=True).stdout
    assert "hill-tower-1" in history
    shown = done.stdout + done.stderr + history + (folder / "plan.json").read_text()
    assert [name for name, value in values.items() if str(value) in shown] == []
