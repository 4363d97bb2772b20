"""Closed windows: `trueup apply` refuses, `trueup override` and --override open them, on record."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from fleet_room import IDENTITY, Room, room, spec, writing

from trueup.audit import Audit
from trueup.errors import AuditError, PlanError
from trueup.fleet.overrides import (
    Override,
    close_windows,
    current_override,
    open_windows,
    overridden,
)
from trueup.fleet.windows import Opening, stop_at_edges

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def frozen(tmp_path):
    """One router that a freeze is about."""
    with room(tmp_path, spec("edge-1")) as made:
        made.write("trueup.yaml", {"network": "net", "windows": [{"kind": "deny", "name": "freeze"}]})
        made.declare("edge-1", IDENTITY)
        made.commit()
        yield made


def record(made: Room) -> dict[str, object]:
    (file,) = (made.audit / "runs").rglob("run.json")
    found: dict[str, object] = json.loads(file.read_text())
    return found


def test_apply_writes_nothing_while_a_window_is_closed(frozen):
    said = frozen.trueup("apply", "--yes")
    assert said.code == 1
    assert 'edge-1: closed now: freeze; wait, or say --override "WHY"' in said.err
    assert frozen.wrote("edge-1") == []
    assert not (frozen.audit / "runs").exists()


def test_a_reason_opens_it_and_is_in_the_record(frozen):
    assert frozen.trueup("apply", "--yes", "--override", "uplink is down").code == 0
    assert record(frozen)["override"] == "uplink is down"
    assert "- outside a window: uplink is down" in next((frozen.audit / "runs").rglob("summary.md")).read_text()
    assert frozen.trueup("apply", "--yes").code == 0, "nothing to do needs no window"


def test_a_reason_that_nothing_needed_is_not_in_the_record(tmp_path):
    with room(tmp_path, spec("edge-1")) as made:
        made.declare("edge-1", IDENTITY)
        made.commit()
        assert made.trueup("apply", "--yes", "--override", "uplink is down").code == 0
        assert "override" not in record(made)


def test_an_override_opens_it_until_it_is_ended(frozen):
    assert frozen.trueup("override", "edge-1", "--why", "uplink is down", "--for", "30m").code == 0
    document = json.loads((frozen.audit / "routers" / "edge-1" / "override.json").read_text())
    assert document["why"] == "uplink is down"
    span = datetime.fromisoformat(document["until"]) - datetime.fromisoformat(document["since"])
    assert abs(span - timedelta(minutes=30)) <= timedelta(seconds=2)
    assert frozen.trueup("override", "edge-1", "--end").out == "edge-1: its windows count again\n"
    assert frozen.trueup("override", "edge-1", "--end").out == "edge-1: had no override\n"
    assert frozen.trueup("apply", "--yes").code == 1
    assert frozen.trueup("override", "--site", "harbour", "--why", "again").code == 0
    assert frozen.trueup("apply", "--yes").code == 0
    assert str(record(frozen)["override"]).endswith(": again")


@pytest.mark.parametrize(
    "words", [(), ("--why", "x"), ("edge-1",), ("edge-1", "--why", "x", "--end"), ("edge-1", "--end", "--for", "1h")]
)
def test_an_override_says_whom_and_why(frozen, words):
    assert frozen.trueup("override", *words).code == 1
    assert not (frozen.audit / "routers").exists()


def test_a_window_that_closes_ends_a_run_at_its_next_safe_point():
    asked: list[str] = []

    async def story(edge: str) -> None:
        closes = datetime.now(UTC) + timedelta(seconds=0.05)
        stands = (Opening(True, "nights", closes, "", edge), Opening())
        stop_at_edges(stands, lambda: asked.append(edge))
        await asyncio.sleep(0.1)

    asyncio.run(story("finish"))
    assert asked == []
    asyncio.run(story("stop"))
    assert asked == ["stop"]


def test_a_run_that_has_ended_is_not_stopped_any_more():
    asked: list[str] = []

    async def story() -> None:
        closes = datetime.now(UTC) + timedelta(seconds=0.05)
        stop_at_edges((Opening(True, "nights", closes, "", "stop"),), lambda: asked.append("stop"))()
        await asyncio.sleep(0.1)

    asyncio.run(story())
    assert asked == []


@pytest.fixture
def audit(tmp_path) -> Audit:
    return Audit.create(tmp_path / "net-audit", "net")


def test_an_override_ends_by_itself(audit):
    until = datetime.now(UTC).replace(microsecond=0) + HOUR
    made = open_windows(audit, ["edge-1", "edge-2"], "ann", "uplink\nis down", until)
    assert made.why == "uplink is down"
    assert current_override(audit, "edge-2", until - timedelta(seconds=1)) == made
    assert current_override(audit, "edge-2", until) is None
    assert made.told == f"opened by ann until {until:%Y-%m-%d %H:%M} UTC: uplink is down"
    assert close_windows(audit, ["edge-1", "edge-3"], "ann") == ("edge-1",)
    assert current_override(audit, "edge-1", NOW) is None


@pytest.mark.parametrize(("why", "late"), [("", HOUR), ("  \n", HOUR), ("uplink", -HOUR)])
def test_an_override_without_a_reason_or_in_the_past_is_refused(audit, why, late):
    with pytest.raises(PlanError):
        open_windows(audit, ["edge-1"], "ann", why, datetime.now(UTC) + late)


def test_an_override_that_nobody_can_read_opens_nothing(audit):
    audit.keep("edge-1", "override", {"who": "ann", "why": "x", "since": "now", "until": "later"}, "By hand")
    with pytest.raises(AuditError, match="trueup override --end edge-1"):
        current_override(audit, "edge-1", NOW)


def test_a_run_under_an_override_ends_with_it_only_where_the_window_is_closed_then():
    found = Override("ann", "uplink", NOW, NOW + HOUR)
    assert overridden(Opening(), found) == Opening()
    assert overridden(Opening(False, "freeze"), None) == Opening(False, "freeze")
    closed = overridden(Opening(False, "freeze", None, "", "stop"), found)
    assert (closed.writable, closed.changes, closed.edge) == (True, NOW + HOUR, "stop")
    opens = overridden(Opening(False, "nights", NOW + HOUR / 2, "", "stop"), found)
    assert (opens.writable, opens.changes, opens.edge) == (True, NOW + HOUR / 2, "finish")


def test_a_window_that_closes_under_a_run_has_it_taken_back_and_told(tmp_path, monkeypatch):
    rows = {"/ip/pool": [{"name": f"p{n}", "ranges": f"10.0.{n}.2-10.0.{n}.9"} for n in range(40)]}
    with room(tmp_path, spec("slow", per_command=0.02)) as made, writing(made.lab["slow"], 10) as reached:
        monkeypatch.setattr("trueup.fleet.windows.LOOK", 0.02)
        monkeypatch.setattr("trueup.fleet.windows.until", lambda *_: 0.0 if reached.is_set() else 3600.0)
        made.declare("slow", rows)
        made.commit()
        said = made.trueup("apply", "--yes")
        assert said.code == 1
        assert "the end of the window" in said.out
        assert made.lab["slow"].rows("/ip/pool") == []
