"""Records: one commit when a run starts to write, one when it ends, readable by people, without secrets."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import git
import pytest
from audit_room import PERSON, commits, empty_plan, everything, make_plan, make_report, new_audit

from trueup.audit import Audit, Run
from trueup.audit.personal import redactor
from trueup.errors import AuditError
from trueup.plan import Outcome
from trueup.plan.document import plan_from_document, plan_to_document


@pytest.fixture
def audit(tmp_path) -> Audit:
    return new_audit(tmp_path)


def run_of(*names: str, **changes) -> Run:
    return replace(Run.begin("c0ffee" + "0" * 34, [make_plan(name) for name in names]), **changes)


def test_a_run_is_one_commit_at_its_start_and_one_at_its_end_however_many_routers(audit):
    run = run_of("edge-1", "edge-2", "edge-3", "edge-4")
    audit.start(run)
    assert commits(audit)[0] == f"Start run {run.id}: 4 routers"
    audit.finish(run, [make_report(plan) for plan in run.plans])
    assert commits(audit)[0] == f"End run {run.id}: done"
    assert len(commits(audit)) == 3, "and the first one, which made the repository"


def test_the_layout_and_who_did_what_from_which_commit(audit):
    run = run_of("edge-1", started=datetime(2026, 11, 2, 13, 4, 5, tzinfo=UTC))
    audit.start(run)
    audit.finish(run, [make_report(run.plans[0])])
    folder = audit.path / "runs/2026/11" / f"20261102T130405.000000Z-{run.id}"
    assert sorted(path.name for path in folder.iterdir()) == [
        "edge-1.plan.json",
        "edge-1.report.json",
        "run.json",
        "summary.md",
    ]
    told = json.loads((folder / "run.json").read_text())
    assert told["format-version"] == "1.0"
    assert (told["who"], told["commit"]) == ("Ann Operator", run.commit)
    assert told["started"] == "2026-11-02T13:04:05+00:00"
    rows = {"add": 2, "change": 1, "move": 2, "remove": 1}
    assert told["routers"] == {"edge-1": {**rows, "outcome": "done", "lockout": ""}}
    assert json.loads((folder / "edge-1.report.json").read_text())["converged"] is True
    with git.Repo(audit.path) as repository:
        assert repository.head.commit.author.name == "Ann Operator"


def test_the_plan_is_there_before_anything_is_written(audit):
    run = run_of("edge-1")
    audit.start(run)
    kept = json.loads((audit.path / run.folder / "edge-1.plan.json").read_text())
    assert plan_from_document(kept).count("add") == 2
    [record] = Audit.find(audit.path).runs()
    assert (record.outcome, record.ended, record.routers["edge-1"].outcome) == ("not ended", None, "not ended")


def test_the_summary_is_for_people(audit):
    run = run_of("edge-1")
    audit.start(run)
    audit.finish(run, [make_report(run.plans[0], Outcome.NOT_DONE, "refused: no such item")])
    [record] = audit.runs()
    text = audit.summary(record)
    assert text.startswith(f"# Run {run.id}: failed\n")
    for part in ("Ann Operator", run.commit, "| edge-1 | 2 | 1 | 2 | 1 | failed |", "+ ", "refused: no such item"):
        assert part in text


@pytest.mark.parametrize(
    ("outcome", "error", "expected"),
    [
        (Outcome.DONE, "", "done"),
        (Outcome.NOT_DONE, "refused", "failed"),
        (Outcome.DONE, "still different", "failed"),
        (Outcome.UNKNOWN, "could not be read back", "unknown"),
    ],
)
def test_the_outcome_in_one_word(audit, outcome, error, expected):
    run = run_of("edge-1", "edge-2")
    audit.start(run)
    audit.finish(run, [make_report(run.plans[0], outcome, error), make_report(run.plans[1])])
    [record] = audit.runs()
    assert record.routers["edge-1"].outcome == expected
    assert record.routers["edge-2"].outcome == "done"
    assert record.outcome == expected


def test_a_router_without_a_report_is_unknown(audit):
    run = run_of("edge-1", "edge-2")
    audit.start(run)
    audit.finish(run, [make_report(run.plans[0])])
    [record] = audit.runs()
    assert record.routers["edge-2"].outcome == record.outcome == "unknown"


def test_runs_come_newest_first_across_years(audit):
    day = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)
    for n in (1, 0, 3, 2):
        run = run_of("edge-1", id=f"run{n}", started=day + timedelta(days=40 * n))
        audit.start(run)
        audit.finish(run, [make_report(run.plans[0])])
    assert [record.id for record in audit.runs()] == ["run3", "run2", "run1", "run0"]


def test_neither_secrets_nor_personal_data_enter(audit):
    run = run_of("edge-1")
    audit.write_owned("edge-1", {"rows": []})
    audit.start(run)
    report = make_report(run.plans[0], Outcome.NOT_DONE, f"already have user {PERSON} here, token canary-token")
    report = replace(report, left=make_plan())
    audit.finish(run, [report], redact=lambda text: text.replace("canary-token", "(secret)"))
    held = everything(audit)
    assert b"canary" not in held
    assert b"already have user (personal) here" in held
    assert b"77aa01" in held, "a keyed digest stands for it"


def test_a_short_personal_text_is_found_as_a_word_and_does_not_spoil_others(audit):
    plan = make_plan()
    [changes] = plan.stages
    short = replace(changes[1].values["name"], text="bo")
    plan = replace(plan, stages=((replace(changes[1], values={"name": short}),),))
    run = Run.begin("", [plan])
    audit.start(run)
    audit.finish(run, [make_report(plan, Outcome.NOT_DONE, "user bo is about to go")])
    assert b"user (personal) is about to go" in everything(audit)


def test_bytes_that_are_no_text_are_kept(audit):
    plan = make_plan()
    [changes] = plan.stages
    plan = replace(plan, stages=((replace(changes[2], values={"name": "B\udcfcro"}),),))
    run = Run.begin("", [plan])
    audit.start(run)
    kept = json.loads((audit.path / run.folder / "edge-1.plan.json").read_text())
    assert kept == plan_to_document(plan) | {"notes": kept["notes"]}


def test_a_run_that_wrote_nothing_leaves_no_record_but_its_ownership(audit):
    audit.write_owned("edge-1", {"rows": [1]})
    audit.finish(Run.begin("", []), [])
    assert list(audit.runs()) == []
    assert audit.read_owned("edge-1") == {"rows": [1]}
    before = len(commits(audit))
    audit.finish(Run.begin("", []), [])
    assert len(commits(audit)) == before, "nothing differs, so there is nothing to commit"


def test_ownership_is_committed_with_the_start_before_anything_is_written(audit):
    assert audit.read_owned("edge-1") is None
    audit.write_owned("edge-1", {"rows": ["attempted"]})
    assert audit.read_owned("edge-1") == {"rows": ["attempted"]}
    assert Audit.find(audit.path).read_owned("edge-1") is None, "it goes with the start"
    audit.start(run_of("edge-1"))
    assert Audit.find(audit.path).read_owned("edge-1") == {"rows": ["attempted"]}
    assert json.loads((audit.path / "routers/edge-1/owned.json").read_text()) == {"rows": ["attempted"]}


def test_ownership_that_another_run_has_recorded_meanwhile_is_not_written_over(audit):
    other = Audit.open(audit.path)
    for each in (audit, other):
        each.read_owned("edge-1")
        each.write_owned("edge-1", {"by": id(each)})
    other.start(run_of("edge-1"))
    with pytest.raises(AuditError, match="another run has recorded"):
        audit.start(run_of("edge-1"))
    assert Audit.find(audit.path).read_owned("edge-1") == {"by": id(other)}


@pytest.mark.parametrize("name", ["../edge", "a/b", ".git", "", "a\nb"])
def test_a_router_whose_name_leads_elsewhere_is_refused(audit, name):
    with pytest.raises(AuditError, match="cannot be a file's"):
        audit.write_owned(name, {})
    with pytest.raises(AuditError, match="cannot be a file's"):
        audit.start(Run.begin("", [empty_plan(name)]))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format-version": "2.0"}', '{"format-version": "1.0"}', "\udcff"])
def test_a_record_that_is_none_is_named(audit, text):
    run = run_of("edge-1")
    audit.start(run)
    (audit.path / run.folder / "run.json").write_text(text, errors="surrogateescape")
    with pytest.raises(AuditError, match=rf"{run.folder}/run\.json"):
        list(audit.runs())


def test_a_newer_minor_version_is_read(audit):
    run = run_of("edge-1")
    audit.start(run)
    path = audit.path / run.folder / "run.json"
    told = json.loads(path.read_text()) | {"format-version": "1.7", "weather": "fine"}
    told["routers"]["edge-1"]["mood"] = "good"
    path.write_text(json.dumps(told))
    [record] = audit.runs()
    assert record.routers["edge-1"].add == 2


def test_words_that_a_router_holds_are_taken_out_whole_and_short_ones_stay() -> None:
    """Of thousands of names and passwords some are words of every sentence."""
    redact = redactor((), ["room-204", "user", "1", "al", "canary-name", "x+y/secret"])
    told = "1 user refused: not room-204, room-2041, canary-name or x+y/secret; al, username"
    assert redact(told) == "1 (personal) refused: not (personal), room-2041, (personal) or (personal); al, username"
