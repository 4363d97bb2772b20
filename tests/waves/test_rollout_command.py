"""`trueup rollout`: what a daemon left in the audit is shown, and a stopped rollout is tried again on request."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest
from fleet_room import Room, room, run_main

from trueup.audit import Audit
from trueup.fleet import requests
from trueup.fleet.kept_rollouts import CURRENT, current_rollout, past_rollouts
from trueup.fleet.rollout import RolloutStatus, advance, begin, rollout_to_document, supersede, with_router
from trueup_schemas.operate import Rollout

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def net(tmp_path):
    with room(tmp_path) as made:
        made.commit()
        yield made


def stopped() -> RolloutStatus:
    made = begin("r1", OLD, NEW, "Ann", "Close telnet", [["edge-1"], [f"edge-{n}" for n in range(2, 40)]], NOW)
    made = with_router(made, "edge-1", "writing", "", NOW)
    return advance(with_router(made, "edge-1", "failed", "ping 10.0.0.1: timeout", NOW), Rollout(), NOW)


def keep(net: Room, rollout: RolloutStatus, path: str = CURRENT) -> Audit:
    audit = Audit.open(net.audit)
    document = rollout_to_document(rollout)
    audit.documents.keep({path: {"rollout": document} if path == CURRENT else document}, "As of now")
    return audit


def test_without_a_daemon_there_is_nothing_to_show(net):
    assert net.trueup("rollout").out == "nothing has been rolled out yet\n"
    said = net.trueup("rollout", "retry")
    assert (said.code, said.err) == (1, "error: no rollout has stopped; see `trueup rollout`\n")


def test_a_stopped_rollout_is_told_with_what_to_do(net):
    keep(net, stopped())
    said = net.trueup("rollout")
    lines = said.out.splitlines()
    assert said.code == 1
    assert lines[0] == "bbbbbbb  stopped  Close telnet"
    assert lines[1].startswith("         by Ann, begun 2026-11-28 12:00")
    assert lines[2] == "  wave 1 of 2: 1 rolling back"
    told = " ".join(" ".join(lines[3:5]).split())
    assert told == "- edge-1 rolling back ping 10.0.0.1: timeout; goes back to aaaaaaa"
    assert max(map(len, lines)) <= 80
    assert lines[5:] == [
        "  wave 2 of 2: 38 waiting",
        "the router of wave 1 failed: edge-1: ping 10.0.0.1: timeout",
        "fix it with a commit, or `trueup rollout retry`",
    ]
    assert json.loads(net.trueup("rollout", "--json").out) == rollout_to_document(stopped())


def test_what_has_ended_is_shown_where_nothing_is_on(net):
    for number in range(3):
        audit = keep(net, supersede(begin(f"r{number}", OLD, NEW, "", "", [], NOW), NOW), f"rollouts/r{number}.json")
    assert [each.id for each in past_rollouts(audit, 2)] == ["r2", "r1"]
    assert current_rollout(audit) is None
    assert run_main("rollout", "show", "--network", str(net.network)).code == 0
    assert net.trueup("rollout", "--json").out.count('"id": "r2"') == 1


def test_a_retry_is_asked_for_and_answered(net):
    audit = keep(net, stopped())

    def daemon() -> None:
        for _ in range(200):
            for request in requests.pending(audit):
                requests.answer(audit, request, "the rollout goes on")
                return
            threading.Event().wait(0.05)

    thread = threading.Thread(target=daemon)
    thread.start()
    said = net.trueup("rollout", "retry")
    thread.join()
    assert (said.code, said.out) == (0, "the rollout goes on\n")


def test_a_retry_that_nobody_answers_stays_pending(net):
    audit = keep(net, stopped())
    said = net.trueup("rollout", "retry", "--wait", "0", "--json")
    assert said.code == 0
    assert json.loads(said.out)["kind"] == "retry"
    assert [request.kind for request in requests.pending(audit)] == ["retry"]


def test_a_document_that_is_no_rollout_is_told_with_its_name(net):
    Audit.open(net.audit).documents.keep({CURRENT: {"rollout": {"id": "r1"}}}, "By hand")
    said = net.trueup("rollout")
    assert said.code == 1
    assert said.err.startswith("error: rollouts/current.json: this is no rollout")
