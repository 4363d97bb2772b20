"""Documents beside the runs: several in one commit, taken away again, in the name of whoever asked; routers claimed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import git
import pytest
from audit_room import commits, make_plan, make_report, new_audit

from trueup.audit import Audit, Run, ledger
from trueup.errors import AuditError


@pytest.fixture
def audit(tmp_path) -> Audit:
    return new_audit(tmp_path)


def author(audit: Audit) -> str:
    with git.Repo(audit.path) as repository:
        return str(repository.head.commit.author.name)


def clean(audit: Audit) -> bool:
    with git.Repo(audit.path) as repository:
        return not repository.is_dirty(untracked_files=True)


def test_several_documents_are_one_commit(audit):
    before = len(commits(audit))
    many = {("edge-1", "fights"): {"a": 1}, ("edge-2", "fights"): {"a": 2}, "rollouts/20261102-1a2b.json": {"at": 0}}
    audit.keep_many(many, "Two fights and a rollout", "Berta")
    assert commits(audit)[0] == "Two fights and a rollout"
    assert len(commits(audit)) == before + 1
    assert author(audit) == "Berta"
    assert [audit.read_kept(f"edge-{n}", "fights") for n in (1, 2)] == [{"a": 1}, {"a": 2}]
    assert audit.read_document("rollouts/20261102-1a2b.json") == {"at": 0}
    audit.keep_many(many, "The same again")
    assert len(commits(audit)) == before + 1


def test_a_document_is_taken_away_beside_one_that_is_written(audit):
    audit.keep("edge-1", "suspended", {"why": "x"}, "Suspend")
    audit.keep_many({("edge-1", "suspended"): None, ("edge-1", "fights"): {"n": 1}}, "Resume")
    assert audit.read_kept("edge-1", "suspended") is None
    assert audit.read_kept("edge-1", "fights") == {"n": 1}
    audit.keep("edge-1", "fights", None, "No more")
    audit.keep("edge-1", "fights", None, "Not twice")
    assert not list(audit.path.glob("routers/*/*"))
    assert commits(audit)[0] == "No more"
    assert clean(audit)
    with git.Repo(audit.path) as repository:
        assert repository.git.ls_files("routers") == ""


def test_documents_of_a_folder_are_listed_those_being_written_left_out(audit):
    assert audit.documents.names("rollouts") == []
    for name in ("a", "c", "b"):
        audit.keep_document(f"rollouts/{name}.json", {}, "Keep")
    (audit.path / "rollouts/.d.json").touch()
    assert audit.documents.names("rollouts") == ["a", "b", "c"]


@pytest.mark.parametrize(
    "path",
    ["runs/a.json", "a.json", "../a.json", "a/../b.json", ".git/x.json", "/etc/a.json", "a/b", ""],
)
def test_a_path_that_is_no_documents_is_refused(audit, path):
    for attempt in (lambda: audit.keep_document(path, {}, "Keep"), lambda: audit.read_document(path)):
        with pytest.raises(AuditError, match="cannot be a document"):
            attempt()


@pytest.mark.parametrize(
    ("who", "told"), [("Ann <a@b>", "Ann a@b"), ("two\nlines", "twolines"), (" . ", "trueup"), ("x" * 300, "x" * 100)]
)
def test_any_name_can_be_recorded(audit, who, told):
    audit.keep("edge-1", "drill", {}, "Keep", who)
    assert author(audit) == told


def test_records_of_a_run_name_whoever_asked_for_it(audit):
    page = audit.acting("berta")
    run = Run.begin("", [make_plan()])
    page.start(run)
    assert author(audit) == "berta"
    page.finish(run, [make_report(run.plans[0])])
    assert [record.who for record in audit.runs()] == ["berta"]
    page.decide("edge-1", run.folder, "confirmed")
    assert author(audit) == "berta"


class Crash(BaseException):
    """Stands for a killed process: nothing after it runs."""


@pytest.mark.parametrize("point", ["unlink", "rm", "commit"])
def test_a_removal_that_a_crash_cut_short_is_ended_by_the_next_writer(audit, monkeypatch, point):
    audit.keep("edge-1", "suspended", {"why": "x"}, "Suspend")
    unlink, execute = Path.unlink, git.Git.execute

    def crash_after_unlink(self, *arguments, **named):
        unlink(self, *arguments, **named)
        if point == "unlink" and self.name == "suspended.json":
            raise Crash

    def crash_at_git(self, command, *arguments, **named):
        if point == "commit" and "commit" in command:
            raise Crash
        answer = execute(self, command, *arguments, **named)
        if point == "rm" and "rm" in command:
            raise Crash
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", crash_after_unlink)
        patch.setattr(git.Git, "execute", crash_at_git)
        with pytest.raises(Crash):
            audit.keep("edge-1", "suspended", None, "Resume")
    again = Audit.open(audit.path)
    assert commits(again)[0] == "Keep what an interrupted run had written"
    assert clean(again)
    assert again.read_kept("edge-1", "suspended") is None


def test_a_full_disk_leaves_nothing_half_and_is_recovered_from(audit, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ledger.os, "fsync", full)
        with pytest.raises(AuditError, match=r"No space left.*its disk has room"):
            audit.keep("edge-1", "drill", {"n": 1}, "Keep")
    assert audit.read_kept("edge-1", "drill") is None
    audit.keep("edge-1", "drill", {"n": 2}, "Keep")
    assert audit.read_kept("edge-1", "drill") == {"n": 2}
    assert clean(audit)


def test_a_held_router_is_busy_for_everybody_else_and_free_afterwards(audit, monkeypatch):
    monkeypatch.setattr("trueup.audit.kept.PATIENCE", 0.1)
    mine, other = audit.acting("daemon"), Audit.open(audit.path)
    with mine.hold("edge-1") as free:
        assert free
        for each in (mine, other):
            with each.hold("edge-1") as again:
                assert not again
        with other.hold("edge-2") as elsewhere:
            assert elsewhere
        with pytest.raises(AuditError, match="another run is writing"):
            other.refuse_busy("edge-1")
        with pytest.raises(AuditError, match="another run is writing"):
            other.start(Run.begin("", [make_plan()]))
        other.keep("edge-1", "suspended", {}, "recording goes on")
    with other.hold("edge-1") as free:
        assert free


def test_a_run_starts_and_ends_within_a_hold_which_lasts_longer(audit):
    mine, other = audit.acting("daemon"), Audit.open(audit.path)
    with mine.hold("edge-1"):
        for _ in range(2):
            run = Run.begin("", [make_plan()])
            mine.write_owned("edge-1", {"run": run.id})
            mine.start(run)
            mine.write_owned("edge-1", {"run": run.id, "ended": True})
            mine.finish(run, [make_report(run.plans[0])])
            with other.hold("edge-1") as free:
                assert not free
        assert mine.read_owned("edge-1") == {"run": run.id, "ended": True}
        mine.refuse_busy("edge-1")
    other.start(Run.begin("", [make_plan()]))
    with mine.hold("edge-1") as free:
        assert not free, "a run that has started has the router too"


HOLDER = """
import sys
from pathlib import Path
from trueup.audit import Audit
with Audit.find(Path(sys.argv[1])).hold("edge-1") as free:
    print(free, flush=True)
    sys.stdin.read()
"""


def test_a_hold_ends_with_its_process_however_it_ends(audit):
    command = [sys.executable, "-c", HOLDER, str(audit.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with audit.hold("edge-1") as free:
            assert not free
        holder.kill()
    with audit.hold("edge-1") as free:
        assert free
