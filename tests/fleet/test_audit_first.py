"""No record, no write: where the audit cannot be kept, apply refuses before it has written to any router."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import IDENTITY, Room, git, room, spec

from trueup.audit import Audit, ledger


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, spec("edge-1"), spec("edge-2")) as made:
        for name in made.lab:
            made.declare(name, IDENTITY)
        made.commit()
        made.patch.setattr(ledger.Ledger.__init__, "__defaults__", (0.2,))
        yield made


def refused(made: Room, says: str, remedy: str) -> None:
    """Apply says so, with exit code 1, and no router was written to."""
    said = made.trueup("apply")
    assert said.code == 1
    assert says in said.err
    assert remedy in said.err
    assert str(made.audit) in said.err
    assert "Traceback" not in said.all
    assert [made.wrote(name) for name in made.lab] == [[], []]
    assert all(served.rows("/system/identity")[0]["name"] == "MikroTik" for served in made.lab.values())


def test_a_missing_audit(made):
    shutil.rmtree(made.audit)
    refused(made, "there is no such folder", "trueup init")


def test_a_folder_that_is_no_repository(made):
    shutil.rmtree(made.audit / ".git")
    refused(made, "no git repository of its own", "trueup init")


def test_an_audit_that_cannot_be_written(made, monkeypatch):
    # Whoever runs the tests may be root, who may write anywhere: the refusal comes from the system call instead.
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger, "_replace", full)
    refused(made, "No space left on device", "see that its disk has room")


def test_an_audit_that_another_process_holds(made):
    with (made.audit / ".git" / ledger.LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused(made, "another trueup has held the audit repository", "wait for it to end")


def test_an_index_that_git_has_locked(made):
    (made.audit / ".git/index.lock").touch()
    refused(made, "git's index is locked", "delete")


def test_somebody_elses_uncommitted_changes(made):
    (made.audit / "notes.txt").write_text("mine")
    refused(made, "somebody has left uncommitted changes: notes.txt", "commit them there")


def test_changes_that_come_between_the_plan_and_the_first_write(made, monkeypatch):
    begin = Audit.start

    def start(self: Audit, run: object) -> None:
        (made.audit / "notes.txt").write_text("mine")
        begin(self, run)

    monkeypatch.setattr(Audit, "start", start)
    refused(made, "somebody has left uncommitted changes", "commit them there")


def test_a_damaged_record_stops_only_its_own_router(made):
    assert made.trueup("apply").code == 0
    made.declare("edge-1", {"/system/identity": {"name": "again"}})
    made.declare("edge-2", {"/system/identity": {"name": "again"}})
    made.commit()
    (made.audit / "routers/edge-1/owned.json").write_text("{")
    git(made.audit, "commit", "--quiet", "--all", "--message", "Break it")
    said = made.trueup("apply")
    assert said.code == 1
    assert "error: edge-1: " in said.err
    assert "restore it with git" in said.err
    assert [served.rows("/system/identity")[0]["name"] for served in made.lab.values()] == ["trued-up", "again"]


def test_a_run_is_recorded_when_it_starts_and_when_it_ends(made):
    assert made.trueup("apply").code == 0
    subjects = git(made.audit, "log", "--format=%s").splitlines()
    assert [subject.split()[0] for subject in subjects] == ["End", "Start", "Begin"]
    at_start = git(made.audit, "show", "--name-only", "--format=", "HEAD~1").split()
    assert any(name.endswith("edge-1.plan.json") for name in at_start)
    assert "routers/edge-2/owned.json" in at_start
    [run] = json.loads(made.trueup("log", "--json").out)["runs"]
    assert run["outcome"] == "done"
    assert run["commit"] == git(made.network, "rev-parse", "HEAD").strip()
    assert made.trueup("apply").out.startswith("2 routers: nothing to do")
    assert len(json.loads(made.trueup("log", "--json").out)["runs"]) == 1, "a run that wrote nothing leaves no record"
