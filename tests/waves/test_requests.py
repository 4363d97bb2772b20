"""Requests to the daemon: none is lost, each is answered once, and nobody's file breaks them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import git
import pytest

from trueup.audit import Audit
from trueup.errors import AuditError
from trueup.fleet import remarks, requests


@pytest.fixture
def audit(tmp_path) -> Audit:
    return Audit.create(tmp_path / "net-audit", "net")


def kinds(audit: Audit) -> list[tuple[str, str]]:
    return [(each.kind, each.router) for each in requests.pending(audit)]


def test_a_request_is_pending_until_it_is_answered(audit):
    asked = requests.ask(audit, "reconcile", "edge-1", "ann", "after the repair")
    requests.ask(audit, "retry", who="ben")
    again = Audit.open(audit.path)
    assert kinds(again) == [("reconcile", "edge-1"), ("retry", "")]
    assert requests.pending(again)[0] == asked
    requests.answer(again, asked, "looked at it: nothing to do")
    assert kinds(audit) == [("retry", "")]
    now = requests.found(audit, asked)
    assert now is not None
    assert (now.who, now.why, now.answer) == ("ann", "after the repair", "looked at it: nothing to do")
    assert now.answered is not None


def test_the_answer_to_an_older_request_leaves_the_newer_one_pending(audit):
    first = requests.ask(audit, "confirm", "edge-1", "ann")
    second = requests.ask(audit, "confirm", "edge-1", "ben")
    requests.answer(audit, first, "confirmed")
    assert requests.pending(audit) == (second,)
    done = requests.found(audit, first)
    assert done is not None
    assert done.answer == "confirmed"
    requests.answer(audit, second, "nothing waits")
    assert (requests.pending(audit), requests.found(audit, first)) == ((), None)


def test_each_step_is_a_commit_in_the_name_of_who_asked(audit):
    requests.answer(audit, requests.ask(audit, "retry", who="ann"), "goes on")
    with git.Repo(audit.path) as repository:
        told = [(commit.message.strip(), commit.author.name) for commit in repository.iter_commits(max_count=2)]
    assert told == [("Answer: retry", "trueup"), ("Ask: retry", "ann")]


def test_a_request_ends_when_its_time_is_over(audit):
    now = datetime.now(UTC)
    asked = requests.ask(audit, "reconcile", "edge-1", until=now + timedelta(minutes=5))
    assert not requests.expired(asked, now)
    assert requests.expired(requests.pending(audit)[0], now + timedelta(minutes=5))


def test_what_somebody_writes_is_one_short_line(audit):
    asked = requests.ask(audit, "retry", why="one\n\x1b[31mtwo\t" + "x" * 1000)
    assert asked.why.startswith("one [31mtwo xxx")
    assert len(asked.why) <= remarks.LONGEST + 1


def test_what_is_not_pending_costs_no_look(audit):
    for number in range(3):
        requests.answer(audit, requests.ask(audit, "reconcile", f"edge-{number}"), "looked at it")
    assert list((audit.path / "requests" / "pending").rglob("*.json")) == []


@pytest.mark.parametrize(("kind", "router"), [("reboot", "edge-1"), ("reconcile", "../edge"), ("reconcile", "a/b")])
def test_what_cannot_be_asked_is_refused(audit, kind, router):
    with pytest.raises(AuditError):
        requests.ask(audit, kind, router)
    assert requests.pending(audit) == ()


def test_a_document_of_somebody_else_loses_its_own_requests_alone(audit):
    requests.ask(audit, "reconcile", "edge-1", "ann")
    folder = audit.path / "requests" / "pending" / "routers"
    (folder / "edge-2.json").write_text(json.dumps({"reconcile": {"asked": "soon"}, "confirm": [], "newer": {}}))
    assert kinds(audit) == [("reconcile", "edge-1")]
