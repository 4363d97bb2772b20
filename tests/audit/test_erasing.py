"""What docs/audit.md says about expiring and erasing is done here as it is written there, and does what it says."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import Room, git, room, spec

from trueup.audit import Audit
from trueup.fleet.suspension import suspend

DOCUMENT = Path(__file__).parents[2] / "docs/audit.md"
POOL = {"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.99"}]}


def block(title: str) -> str:
    """The commands below a bold title, for the audit repository of the room."""
    text = DOCUMENT.read_text().partition(f"**{title}**")[2]
    found = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1].replace("AUDIT", "net-audit")


def shell(folder: Path, commands: str) -> None:
    done = subprocess.run(
        ["bash", "-eu", "-c", commands], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def objects(folder: Path) -> bytes:
    command = ["git", "-C", str(folder), "cat-file", "--batch-all-objects", "--batch"]
    return subprocess.run(command, capture_output=True, check=True, timeout=30).stdout


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    """A router that was applied, and that anna has suspended for a reason that names her."""
    with room(tmp_path, spec("edge")) as made:
        made.declare("edge", POOL)
        made.commit()
        assert made.trueup("apply", "--yes").code == 0
        audit = Audit.find(made.audit)
        assert audit is not None
        suspend(audit.acting("anna"), ("edge",), "anna", "anna is on the mast", None)
        yield made


def test_a_period_ends_and_what_was_ours_is_still_ours(made: Room) -> None:
    shell(made.folder, block("End a period"))
    assert git(made.audit, "log", "--format=%s").splitlines() == ["Begin a period"]
    assert made.trueup("plan").code == 0
    made.declare("edge", {"/ip/pool": []})
    made.commit()
    said = made.trueup("plan")
    assert said.code == 2
    assert "- guests" in said.out, "only a row that is known as ours goes"
    assert "suspended" in made.trueup("status").out


def test_a_word_is_taken_out_of_all_of_history(made: Room) -> None:
    assert b"anna" in objects(made.audit)
    shell(made.folder, block("Take a word out of all of history"))
    assert b"anna" not in objects(made.audit)
    assert "somebody" in git(made.audit, "log", "--format=%an %s")
    assert made.trueup("log").code == 0
    assert "somebody is on the mast" in made.trueup("status", "edge").out
    assert made.trueup("plan").code == 0
    made.declare("edge", {"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.20"}]})
    made.commit()
    assert made.trueup("apply", "--yes").code == 0
