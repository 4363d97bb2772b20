"""Rollouts: the next wave begins only when the last is healthy, and a stopped one changes nothing more."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from waves_room import rollout

from trueup.fleet.rollout import (
    RolloutStatus,
    advance,
    begin,
    judged,
    lacking,
    ready,
    resume,
    retry,
    rollout_from_document,
    rollout_to_document,
    settled,
    supersede,
    targets,
    with_router,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLD, NEW, NEWER = "a" * 40, "b" * 40, "c" * 40
SETTINGS = rollout(settle="10s", patience="5m")
HOLD = rollout(settle="10s", patience="5m", **{"on-failure": "hold"})


def later(**said: float) -> datetime:
    return NOW + timedelta(**said)


def started(*waves: tuple[str, ...], needs: dict[str, tuple[str, ...]] | None = None) -> RolloutStatus:
    return begin("r1", OLD, NEW, "Ann", "Close telnet", waves, NOW, needs=needs)


def healthy(status: RolloutStatus, *names: str) -> RolloutStatus:
    for name in names:
        status = with_router(status, name, "writing", "", NOW)
        status = with_router(status, name, "settling", "", NOW)
        status = judged(status, name, (), SETTINGS, NOW)
    return status


def new(status: RolloutStatus) -> list[str]:
    return [name for name, commit in targets(status).items() if commit == NEW]


def states(status: RolloutStatus) -> dict[str, str]:
    return {name: part.state for name, part in status.routers.items()}


def test_a_rollout_goes_wave_by_wave_until_it_is_done():
    status = started(("a",), ("b", "c"))
    assert (status.state, status.at, new(status)) == ("running", 0, [])
    assert [ready(status, name) for name in "abc"] == [True, False, False]
    status = with_router(status, "a", "writing", "", NOW)
    assert new(status) == ["a"]
    status = with_router(status, "a", "settling", "", later(seconds=3))
    assert advance(status, SETTINGS, later(seconds=4)) == status
    assert settled(status, SETTINGS, later(seconds=12)) == ()
    assert settled(status, SETTINGS, later(seconds=13)) == ("a",)
    status = advance(judged(status, "a", (), SETTINGS, later(seconds=13)), SETTINGS, later(seconds=13))
    assert (status.at, status.since, new(status)) == (1, later(seconds=13), ["a"])
    status = advance(healthy(status, "b"), SETTINGS, later(minutes=1))
    assert status.state == "running"
    status = advance(healthy(status, "c"), SETTINGS, later(minutes=2))
    assert (status.state, status.ended, new(status)) == ("done", later(minutes=2), ["a", "b", "c"])


def test_without_an_affected_router_it_is_done_at_once():
    status = started()
    assert (status.state, status.ended, targets(status)) == ("done", NOW, {})
    assert advance(status, SETTINGS, NOW) == status


def test_a_failed_canary_stops_it_and_goes_back():
    status = with_router(started(("a",), ("b",)), "a", "writing", "", NOW)
    status = with_router(status, "a", "failed", "/ip/firewall/filter refused", later(seconds=5))
    status = advance(status, SETTINGS, later(seconds=6))
    assert (status.state, status.at, status.ended) == ("stopped", 0, later(seconds=6))
    assert status.reason == "the router of wave 1 failed: a: /ip/firewall/filter refused"
    assert status.remedy == "fix it with a commit, or `trueup rollout retry`"
    assert new(status) == []
    assert states(status) == {"a": "rolling back", "b": "waiting"}
    assert status.routers["a"].text == "/ip/firewall/filter refused; goes back to aaaaaaa"


def test_that_a_router_is_back_is_all_that_changes_once_it_is_stopped():
    status = with_router(started(("a",), ("b",)), "a", "failed", "refused", NOW)
    status = advance(status, SETTINGS, NOW)
    assert states(with_router(status, "a", "rolled back", "refused", later(seconds=9)))["a"] == "rolled back"
    assert states(with_router(status, "a", "healthy", "", later(seconds=9))) == states(status)
    assert states(with_router(status, "b", "rolled back", "", later(seconds=9))) == states(status)


def test_the_whole_failed_wave_goes_back_and_earlier_waves_stay():
    status = advance(healthy(started(("a",), ("b", "c", "d")), "a"), SETTINGS, NOW)
    status = healthy(status, "b")
    status = with_router(status, "c", "failed", "1 session of 40", NOW)
    status = advance(status, SETTINGS, NOW)
    assert status.reason == "1 of 3 routers of wave 2 failed: c: 1 session of 40"
    assert new(status) == ["a"]
    assert states(status) == {"a": "healthy", "b": "rolling back", "c": "rolling back", "d": "waiting"}


def test_it_is_held_where_that_is_wanted():
    status = advance(healthy(started(("a",), ("b", "c")), "a"), HOLD, NOW)
    status = with_router(healthy(status, "b"), "c", "failed", "refused", NOW)
    status = advance(status, HOLD, NOW)
    assert (status.state, new(status)) == ("stopped", ["a", "b", "c"])


def test_an_earlier_wave_that_breaks_later_takes_the_later_ones_back_too():
    status = advance(healthy(started(("a",), ("b",), ("c",)), "a"), SETTINGS, NOW)
    status = with_router(healthy(status, "b"), "a", "failed", "rebooted", NOW)
    status = advance(status, SETTINGS, NOW)
    assert (status.state, status.at, new(status)) == ("stopped", 0, [])
    assert states(status) == {"a": "rolling back", "b": "rolling back", "c": "waiting"}


def test_as_many_may_fail_as_was_said():
    wave = tuple("abcde")
    for said, stops in ((0, 1), (1, 2), ("40%", 3), ("39%", 2)):
        settings = rollout(**{"max-failures": said})
        status = healthy(started(wave), *wave)
        for number, name in enumerate(wave, 1):
            status = with_router(status, name, "failed", "refused", NOW)
            ended = advance(status, settings, NOW)
            assert ended.state == ("stopped" if number >= stops else "done")


def test_no_wave_begins_while_a_router_of_an_earlier_one_is_unhealthy():
    status = advance(healthy(started(("a",), ("b",), ("c",)), "a"), SETTINGS, NOW)
    status = judged(healthy(status, "b"), "a", ["10.0.0.1 does not answer"], SETTINGS, NOW)
    assert status.routers["a"].state == "settling"
    assert advance(status, SETTINGS, NOW).at == 1
    assert advance(judged(status, "a", (), SETTINGS, NOW), SETTINGS, NOW).at == 2


def test_a_router_has_as_long_to_be_healthy_as_there_is_patience():
    status = with_router(with_router(started(("a",)), "a", "writing", "", NOW), "a", "settling", "", NOW)
    status = judged(status, "a", ["4 of 10 sessions"], SETTINGS, later(seconds=299))
    assert (status.routers["a"].state, status.routers["a"].text) == ("settling", "4 of 10 sessions")
    status = judged(status, "a", ["5 of 10 sessions"], SETTINGS, later(seconds=300))
    assert advance(status, SETTINGS, later(seconds=300)).reason == "the router of wave 1 failed: a: 5 of 10 sessions"


def test_a_held_router_holds_its_wave_without_failing_it():
    status = with_router(healthy(started(("a", "b"), ("c",)), "b"), "a", "held", "no answer", NOW)
    assert ready(status, "a")
    status = with_router(status, "a", "held", "still no answer", later(minutes=4))
    assert advance(status, SETTINGS, later(minutes=4, seconds=59)).at == 0
    stopped = advance(status, SETTINGS, later(minutes=5))
    assert stopped.reason == "1 of 2 routers of wave 1 cannot be written to: a: still no answer"
    assert stopped.remedy == "see to what holds them, then `trueup rollout retry`; or fix it with a commit"
    assert new(stopped) == ["b"], "nothing failed, so nothing goes back"


def test_a_window_or_a_suspension_with_an_end_is_waited_for():
    opens = later(days=2)
    status = with_router(started(("a",), ("b",)), "a", "held", "closed: nights", NOW, opens)
    assert advance(status, SETTINGS, later(days=2, minutes=4)).state == "running"
    assert advance(status, SETTINGS, later(days=2, minutes=5)).state == "stopped"
    moved = with_router(status, "a", "held", "closed: nights", later(days=1), later(days=9))
    assert advance(moved, SETTINGS, later(days=8)).state == "running"


def test_a_spoke_is_begun_when_its_hub_is_healthy():
    status = started(("hub", "spoke"), needs={"spoke": ("hub",)})
    assert (ready(status, "hub"), ready(status, "spoke"), lacking(status, "spoke")) == (True, False, ("hub",))
    status = with_router(status, "hub", "writing", "", NOW)
    assert not ready(status, "spoke")
    assert ready(healthy(status, "hub"), "spoke")


def test_what_waits_for_a_router_that_failed_is_held_and_told():
    settings = rollout(**{"max-failures": 3, "patience": "5m"})
    needs = {"b": ("a",), "c": ("b",)}
    status = with_router(started(("a", "b", "c", "d"), needs=needs), "a", "failed", "refused", NOW)
    status = advance(status, settings, NOW)
    assert states(status) == {"a": "failed", "b": "held", "c": "held", "d": "waiting"}
    assert [status.routers[name].text for name in "bc"] == ["waits for a", "waits for b"]
    status = advance(healthy(status, "d"), settings, later(minutes=5))
    assert status.state == "done"
    assert set(targets(status).values()) == {NEW}, "what is done is where each router belongs"


def test_retry_goes_on_at_the_failed_wave():
    status = advance(healthy(started(("a",), ("b", "c"), ("d",)), "a"), SETTINGS, NOW)
    status = with_router(healthy(status, "b"), "c", "failed", "refused", NOW)
    again = retry(advance(status, SETTINGS, NOW), later(hours=1))
    assert (again.state, again.at, again.reason, again.remedy, again.ended) == ("running", 1, "", "", None)
    assert states(again) == {"a": "healthy", "b": "waiting", "c": "waiting", "d": "waiting"}
    assert [name for name in "abcd" if ready(again, name)] == ["b", "c"]
    assert new(again) == ["a"], "what went back stays there until it is begun again"
    assert retry(again, NOW) == again
    done = advance(healthy(advance(healthy(again, "b", "c"), SETTINGS, NOW), "d"), SETTINGS, NOW)
    assert done.state == "done"


def test_a_newer_commit_takes_each_router_from_where_it_is():
    status = advance(healthy(started(("a",), ("b", "c")), "a"), SETTINGS, NOW)
    status = with_router(status, "b", "writing", "", NOW)
    ended = supersede(status, later(minutes=1))
    assert (ended.state, targets(ended)) == ("superseded", {"a": NEW, "b": NEW, "c": OLD})
    fresh = begin("r2", OLD, NEWER, "Ben", "Fix", [("a", "b"), ("c",)], NOW, has=targets(ended))
    assert targets(fresh) == targets(ended)
    fresh = with_router(fresh, "b", "writing", "", NOW)
    fresh = advance(with_router(fresh, "b", "failed", "refused", NOW), SETTINGS, NOW)
    assert targets(fresh) == {"a": NEW, "b": NEW, "c": OLD}
    assert supersede(ended, NOW) == ended


def test_a_rolled_back_router_is_taken_from_the_old_commit():
    status = with_router(with_router(started(("a",)), "a", "writing", "", NOW), "a", "failed", "refused", NOW)
    assert targets(supersede(advance(status, SETTINGS, NOW), NOW)) == {"a": OLD}


@pytest.mark.parametrize("ended", ["stopped", "done", "superseded"])
def test_only_words_change_once_it_has_ended(ended):
    status = replace(with_router(started(("a",), ("b",)), "a", "failed", "refused", NOW), state=ended)
    for name, state in (("a", "healthy"), ("b", "writing"), ("c", "healthy")):
        assert with_router(status, name, state, "", NOW) == status
    assert with_router(status, "a", "failed", "is back", NOW).routers["a"].text == "is back"
    assert not ready(status, "b")
    assert settled(status, SETTINGS, later(days=1)) == ()


def test_no_router_is_begun_before_its_wave():
    status = started(("a",), ("b",))
    assert with_router(status, "b", "writing", "", NOW) == status


def test_time_in_which_no_daemon_ran_counts_against_nobody():
    status = with_router(started(("a", "b")), "a", "held", "no answer", NOW)
    status = with_router(with_router(status, "b", "writing", "", NOW), "b", "settling", "", NOW)
    found = resume(rollout_from_document(rollout_to_document(status)), later(hours=3))
    assert advance(found, SETTINGS, later(hours=3)).state == "running"
    assert judged(found, "b", ["not yet"], SETTINGS, later(hours=3)).routers["b"].state == "settling"
    assert targets(found) == targets(status)


def test_a_clock_that_goes_back_ends_nothing():
    status = with_router(started(("a",)), "a", "held", "no answer", NOW)
    assert advance(status, SETTINGS, later(days=-2)) == status


def test_it_survives_json_even_without_a_commit_before():
    status = begin("r1", "", NEW, "", "", [("a",)], NOW.replace(microsecond=7))
    assert rollout_from_document(json.loads(json.dumps(rollout_to_document(status)))) == status
    document = rollout_to_document(status)
    for broken in ({**document, "at": 7}, {**document, "waves": []}, {**document, "started": "soon"}, {"id": "r1"}):
        with pytest.raises((ValueError, TypeError, AttributeError)):
            rollout_from_document(broken)


def test_the_document_of_five_hundred_routers_is_small():
    names = [f"router-{number:03}" for number in range(500)]
    status = begin("r1", OLD, NEW, "Ann", "Close telnet", [names[:1], names[1:6], names[6:]], NOW)
    assert len(json.dumps(rollout_to_document(status))) < 40_000
