"""Which events are told: what was asked for, once in a while, and once that it is over."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from trueup.daemon.events import Event
from trueup.daemon.notices import BACK, REMEMBERED, TROUBLES, Notices
from trueup_schemas.operate import Happening, Notify
from trueup_schemas.secret import SecretRef

HOUR = 3600.0
DEFAULT = Notify(url=SecretRef("notify/chat")).events


def event(kind: str, router: str = "edge-1", key: str = "") -> Event:
    return Event(kind, "text", router, key=key or f"{kind} {router}")


def test_only_what_was_asked_for():
    notices = Notices(("fight",), HOUR)
    assert [kind for kind in get_args(Happening) if notices.wanted(event(kind), 0)] == ["fight"]
    assert set(DEFAULT) >= {"fight", "failed", "unreachable", "back", "stopped", "invalid", "remote", "audit"}


def test_the_same_thing_is_told_once_in_its_time():
    notices = Notices(DEFAULT, HOUR)
    told = [when for when in range(0, 7201, 60) if notices.wanted(event("failed"), when)]
    assert told == [0, 3600, 7200]
    assert notices.wanted(event("failed", "edge-2"), 7201), "another router is another thing"
    assert notices.wanted(event("failed", key="failed edge-1 /ip/dns"), 7202), "and so is another key"


def test_without_a_time_everything_is_told():
    notices = Notices(DEFAULT, 0)
    assert all(notices.wanted(event("failed"), 5) for _ in range(3))


def test_that_it_is_over_is_told_once_and_only_where_it_was_told_before():
    notices = Notices(DEFAULT, HOUR)
    assert not notices.wanted(event("back"), 0)
    assert notices.wanted(event("unreachable"), 1)
    assert not notices.wanted(event("back", "edge-2"), 2)
    assert notices.wanted(event("back"), 3)
    assert not notices.wanted(event("back"), 4)
    assert notices.wanted(event("unreachable"), 5), "what comes again after it was over is news"


def test_one_trouble_of_the_fleet_can_be_over_while_another_lasts():
    notices = Notices(DEFAULT, HOUR)
    assert notices.wanted(event("remote", ""), 0)
    assert notices.wanted(event("audit", ""), 0)
    assert notices.wanted(event("back", "", key="back remote "), 1)
    assert not notices.wanted(event("back", "", key="back remote "), 2)
    assert not notices.wanted(event("audit", ""), 3)
    assert notices.wanted(event("back", "", key="back audit "), 4)


def test_a_trouble_with_a_key_of_its_own_is_over_by_its_kind():
    notices = Notices(DEFAULT, HOUR)
    assert notices.wanted(event("invalid", "", key="c0ffee"), 0)
    assert not notices.wanted(event("back", "", key="back remote "), 1)
    assert notices.wanted(event("back", "", key="back invalid "), 2)


def test_who_asks_for_recoveries_alone_gets_them():
    notices = Notices((BACK,), HOUR)
    assert notices.wanted(event("back"), 0)
    assert not notices.wanted(event("failed"), 0)
    silent = Notices(("failed",), HOUR)
    assert silent.wanted(event("failed"), 0)
    assert not silent.wanted(event("back"), 1)


def test_memory_has_an_end():
    notices = Notices(DEFAULT, HOUR)
    for n in range(REMEMBERED + 100):
        assert notices.wanted(event("failed", f"edge-{n}"), 0)
    assert len(notices._told) == REMEMBERED
    assert len(notices._open) <= REMEMBERED


@given(st.lists(st.tuples(st.sampled_from(sorted(TROUBLES | {BACK})), st.sampled_from("ab"), st.integers(0, 500))))
def test_nothing_is_told_twice_within_its_time_unless_it_was_over_between(story):
    notices, now = Notices(TROUBLES | {BACK}, 1000.0), 0.0
    since: dict[str, float] = {}
    for kind, router, wait in story:
        now += wait
        told = notices.wanted(event(kind, router), now)
        if kind == BACK:
            assert told == any(key.endswith(f" {router}") for key in since)
            since = {key: when for key, when in since.items() if not key.endswith(f" {router}")}
        else:
            key = f"{kind} {router}"
            assert told == (key not in since or now - since[key] >= 1000.0)
            since[key] = now if told else since[key]
