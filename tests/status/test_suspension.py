"""Routers that nothing is written to: by whom, why, until when, and no longer than that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import git
import pytest
from audit_room import commits, new_audit
from fleet_room import IDENTITY, Room, room, spec

from trueup.audit import Audit
from trueup.errors import AuditError, PlanError
from trueup.fleet.suspension import resume, suspend, suspension

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return new_audit(tmp_path)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    """Three routers, of which one answers."""
    with room(tmp_path, spec("edge-1")) as made:
        made.declare("edge-1", IDENTITY)
        made.declare("edge-2", IDENTITY, labels=["core"])
        made.declare("hub", IDENTITY, site="head")
        made.commit()
        yield made


def held(made: Room) -> list[str]:
    return sorted(path.parent.name for path in made.audit.glob("routers/*/suspended.json"))


def test_who_and_why_and_until_when_are_kept_in_one_commit(audit):
    before = len(commits(audit))
    suspend(audit, ["edge-2", "edge-1"], "berta", "moving\nthe uplink", NOW + HOUR)
    assert commits(audit)[0] == "Suspend edge-1, edge-2: moving the uplink"
    assert len(commits(audit)) == before + 1
    with git.Repo(audit.path) as repository:
        assert repository.head.commit.author.name == "berta"
    for name in ("edge-1", "edge-2"):
        found = suspension(audit, name, NOW)
        assert found is not None
        assert (found.who, found.why) == ("berta", "moving the uplink")
        assert found.until is not None
        assert abs(found.until - NOW - HOUR) < timedelta(seconds=1)
    assert suspension(audit, "edge-3", NOW) is None


def test_it_ends_by_itself_at_its_time(audit):
    suspend(audit, ["edge-1"], "berta", "x", NOW + HOUR)
    assert suspension(audit, "edge-1", NOW + HOUR - timedelta(seconds=2)) is not None
    assert suspension(audit, "edge-1", NOW + HOUR) is None


def test_without_a_time_it_lasts_until_somebody_resumes(audit):
    suspend(audit, ["edge-1", "edge-2"], "berta", "x")
    assert suspension(audit, "edge-1", NOW + 10000 * HOUR) is not None
    assert resume(audit, ["edge-1", "edge-3"], "carl") == ("edge-1",)
    assert commits(audit)[0] == "Resume edge-1"
    assert suspension(audit, "edge-1", NOW) is None
    assert suspension(audit, "edge-2", NOW) is not None


def test_a_time_that_is_over_and_a_missing_reason_are_refused(audit):
    with pytest.raises(PlanError, match="is over already"):
        suspend(audit, ["edge-1"], "berta", "x", NOW - HOUR)
    with pytest.raises(PlanError, match="needs a reason"):
        suspend(audit, ["edge-1"], "berta", " \n ")


@pytest.mark.parametrize("text", ["{}", "[]", "no", '{"who": "a", "why": "b", "since": "soon"}', ""])
def test_a_document_that_nobody_understands_holds_writes_back_and_can_be_resumed(audit, text):
    suspend(audit, ["edge-1"], "berta", "x")
    file = audit.path / "routers/edge-1/suspended.json"
    file.write_text(text)
    with git.Repo(audit.path) as repository:
        repository.index.add([str(file)])
        repository.index.commit("by hand")
    with pytest.raises(AuditError, match="edge-1"):
        suspension(audit, "edge-1", NOW)
    assert resume(audit, ["edge-1"], "carl") == ("edge-1",)
    assert suspension(audit, "edge-1", NOW) is None


def test_from_the_command_line_by_name_label_and_site(made):
    said = made.trueup("suspend", "edge-1", "--why", "moving it", "--for", "1h30m")
    assert said.code == 0, said.err
    assert said.out.startswith("edge-1: suspended until ")
    assert held(made) == ["edge-1"]
    made.trueup("suspend", "--label", "core", "--why", "x")
    made.trueup("suspend", "--site", "head", "--why", "x", "--until", "2999-12-24 06:00")
    assert held(made) == ["edge-1", "edge-2", "hub"]
    told = json.loads((made.audit / "routers/hub/suspended.json").read_text())["until"]
    assert datetime.fromisoformat(told) == datetime(2999, 12, 24, 6, 0).astimezone()
    assert made.trueup("resume", "edge-1").out == "edge-1: resumed\n"
    assert made.trueup("resume", "edge-1").out == "edge-1: was not suspended\n"
    assert json.loads(made.trueup("resume", "--json").out)["routers"] == ["edge-2", "hub"]
    assert held(made) == []
    assert made.trueup("resume").out == "no router was suspended\n"


def test_as_json(made):
    answer = json.loads(made.trueup("suspend", "--why", "freeze", "--until", "2999-12-24T06:00+01:00", "--json").out)
    assert answer["routers"] == ["edge-1", "edge-2", "hub"]
    assert (answer["why"], answer["until"]) == ("freeze", "2999-12-24T05:00:00+00:00")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("edge-1",), "--why"),
        (("edge-9", "--why", "x"), "there is no router 'edge-9'"),
        (("edge-1", "--why", "x", "--for", "soon"), "'soon' is no span of time; write it such as 2h"),
        (("edge-1", "--why", "x", "--for", "0h"), "is no span of time"),
        (("edge-1", "--why", "x", "--for", "999999999w"), "is no span of time"),
        (("edge-1", "--why", "x", "--until", "tomorrow"), "'tomorrow' is no time; write it such as"),
        (("edge-1", "--why", "x", "--until", "2020-01-01 06:00"), "is over already"),
        (("edge-1", "--why", "x", "--until", "2999-01-01", "--for", "2h"), "leave one of them out"),
    ],
)
def test_misuse_is_refused_with_what_would_be_right(made, words, text):
    said = made.trueup("suspend", *words)
    assert said.code == 1
    assert text in said.err
    assert held(made) == []


def test_a_network_with_a_mistake_elsewhere_can_be_suspended_still(made):
    (made.network / "harbour/broken.yaml").write_text("router: [broken")
    assert made.trueup("plan").code == 1
    assert made.trueup("suspend", "edge-1", "--why", "something is wrong").code == 0
    assert held(made) == ["edge-1"]
    refused = made.trueup("suspend", "broken", "--why", "x")
    assert "there is no router 'broken'" in refused.err
    assert "harbour/broken.yaml:2:1: not valid YAML" in refused.err


def test_apply_warns_of_a_suspended_router_and_goes_on(made):
    made.trueup("suspend", "edge-1", "--why", "the hardware is being swapped")
    said = made.trueup("apply", "edge-1", "--yes")
    assert said.code == 0, said.err
    assert "warning: edge-1: suspended by " in said.err
    assert "the hardware is being swapped; trueup resume edge-1" in said.err
    assert made.wrote("edge-1") != []
    assert "warning" not in made.trueup("apply", "edge-1", "--yes").err, "where nothing is written, nothing is said"
