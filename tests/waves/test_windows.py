"""Windows: a simple oracle that looks at the clock on the wall, minute by minute, says the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waves_room import router, window

from trueup.fleet.windows import Opening, opening, spans, title, until
from trueup.load.operation import applies
from trueup_schemas.operate import DAYS, Window

EDGE = router("edge-1", ("core",), site="harbour")
MINUTE = timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: str = "UTC", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def is_on(one: Window, now: datetime) -> bool:
    """By the clock on the wall alone: today's part after `from`, and what yesterday's leaves after midnight."""
    wall = now.astimezone(ZoneInfo(one.time_zone))
    minute, begins, ends = wall.hour * 60 + wall.minute, minutes(one.from_), minutes(one.to)
    overnight = ends <= begins

    def counts(day: date) -> bool:
        inside = (one.since is None or one.since <= day) and (one.until is None or day <= one.until)
        return inside and DAYS[day.weekday()] in one.days

    today = counts(wall.date()) and begins <= minute and (overnight or minute < ends)
    return today or (overnight and counts(wall.date() - timedelta(days=1)) and minute < ends)


def is_open(windows: list[Window], now: datetime) -> bool:
    allows = [one for one in windows if one.kind == "allow"]
    denied = any(one.kind == "deny" and is_on(one, now) for one in windows)
    return not denied and (not allows or any(is_on(one, now) for one in allows))


TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))
DATES = st.dates(date(2026, 11, 20), date(2026, 12, 10))


@st.composite
def drawn_window(draw: st.DrawFn, zones: tuple[str, ...]) -> Window:
    begins = draw(TIMES)
    said = {
        "kind": draw(st.sampled_from(["allow", "deny"])),
        "days": draw(st.lists(st.sampled_from(DAYS), min_size=1, unique=True)),
        "from": begins,
        "to": draw((TIMES | st.just("24:00")).filter(lambda text: text != begins)),
        "time-zone": draw(st.sampled_from(zones)),
        "edge": draw(st.sampled_from(["finish", "stop"])),
        "since": draw(st.none() | DATES),
        "until": draw(st.none() | DATES),
    }
    return window(**said)


ZONES = ("UTC", "Asia/Kolkata", "Pacific/Kiritimati", "America/Santiago")
SEVERAL = st.lists(drawn_window(ZONES), max_size=4)
MOMENTS = st.integers(0, 24 * 1440).map(lambda count: datetime(2026, 11, 18, tzinfo=UTC) + MINUTE * count)


@given(SEVERAL, MOMENTS)
def test_whether_a_router_may_be_written_to_is_what_the_clock_on_the_wall_says(windows, now):
    found = opening(windows, EDGE, now)
    assert found.open == is_open(windows, now)
    assert bool(found.window) or found.open
    if found.window:
        assert found.window in {title(one) for one in windows}


@given(SEVERAL, MOMENTS)
def test_the_next_change_is_the_first_minute_at_which_the_clock_on_the_wall_says_otherwise(windows, now):
    found = opening(windows, EDGE, now)
    minute = (now + MINUTE * count for count in range(1, 3 * 1440))
    first = next((when for when in minute if is_open(windows, when) != found.open), None)
    if first is not None or (found.changes is not None and found.changes < now + MINUTE * 3 * 1440):
        assert found.changes == first


@given(SEVERAL, MOMENTS)
def test_every_change_that_is_told_is_one_and_the_decision_depends_on_the_moment_alone(windows, now):
    found = opening(windows, EDGE, now)
    if found.changes is None:
        return
    before, after = found.changes - timedelta(seconds=1), found.changes
    # A clock that jumps over the edge, to and fro, is told what holds where it lands.
    assert opening(windows, EDGE, after).open is not found.open
    assert opening(windows, EDGE, before).open is found.open
    assert opening(windows, EDGE, now) == found


def test_a_router_without_windows_is_open_for_ever():
    assert opening([], EDGE, at("2026-11-28T12:00")) == Opening()
    others = [window(routers=["edge-9"]), window(kind="deny", labels=["spare"])]
    assert opening(others, EDGE, at("2026-11-28T12:00")) == Opening()


def test_deny_wins_and_any_allow_closes_the_rest():
    allow = window(**{"days": ["tue", "thu"], "from": "02:00", "to": "04:00", "labels": ["core"], "edge": "stop"})
    deny = window(kind="deny", name="holidays", since="2026-12-01", until="2026-12-01")
    monday, tuesday, thursday = at("2026-11-30T02:30"), at("2026-12-01T02:30"), at("2026-12-03T02:30")
    assert opening([allow], EDGE, monday) == Opening(False, title(allow), at("2026-12-01T02:00"), "", "stop")
    assert opening([allow, deny], EDGE, tuesday) == Opening(False, "holidays", at("2026-12-03T02:00"))
    assert opening([allow, deny], EDGE, thursday) == Opening(True, title(allow), at("2026-12-03T04:00"), "", "stop")
    assert title(allow) == "allow tue, thu 02:00-04:00 UTC"


def test_a_window_past_midnight_belongs_to_the_day_on_which_it_begins():
    night = window(**{"days": ["sat"], "from": "22:00", "to": "04:00", "time-zone": "Europe/Berlin"})
    assert not opening([night], EDGE, at("2026-11-28T03:00", "Europe/Berlin")).open
    assert opening([night], EDGE, at("2026-11-29T03:59", "Europe/Berlin")).open
    assert not opening([night], EDGE, at("2026-11-29T04:00", "Europe/Berlin")).open


def test_an_allow_that_is_over_leaves_its_routers_closed():
    once = window(since="2026-11-01", until="2026-11-02")
    assert opening([once], EDGE, at("2026-11-28T12:00")) == Opening(False, title(once))


def test_dates_far_ahead_are_found():
    deny = window(kind="deny", since="2027-05-01", until="2027-05-02", edge="stop")
    assert opening([deny], EDGE, at("2026-11-28T12:00")) == Opening(True, "", at("2027-05-01T00:00"), "", "stop")
    assert opening([deny], EDGE, at("2027-05-01T12:00")).changes == at("2027-05-03T00:00")


def test_edges_in_zones_a_day_apart_come_in_the_order_of_their_moments():
    east = window(kind="deny", **{"to": "01:00", "time-zone": "Pacific/Kiritimati"})
    here = window(kind="deny", **{"from": "11:05", "to": "11:10"})
    for now, changes in (("09:00", "10:00"), ("10:00", "11:00"), ("11:00", "11:05"), ("11:05", "11:10")):
        found = opening([here, east], EDGE, at(f"2026-11-28T{now}"))
        assert found.changes == at(f"2026-11-28T{changes}")


@pytest.mark.parametrize(
    ("begins", "ends", "kind", "day", "first", "last"),
    [  # 2027-03-28: 02:00 to 03:00 are skipped; 2026-10-25: 02:00 to 03:00 come twice
        ("02:00", "03:00", "allow", "2027-03-28", "2027-03-28T01:00", "2027-03-28T02:00"),
        ("02:15", "02:45", "allow", "2027-03-28", "2027-03-28T01:00", "2027-03-28T01:30"),
        ("01:00", "02:30", "allow", "2027-03-28", "2027-03-28T00:00", "2027-03-28T01:00"),
        ("02:30", "04:00", "deny", "2027-03-28", "2027-03-28T01:00", "2027-03-28T02:00"),
        ("22:00", "03:00", "deny", "2027-03-27", "2027-03-27T21:00", "2027-03-28T01:00"),
        ("02:15", "02:45", "allow", "2026-10-25", "2026-10-25T00:15", "2026-10-25T00:45"),
        ("02:15", "02:45", "deny", "2026-10-25", "2026-10-25T00:15", "2026-10-25T01:45"),
        ("01:00", "04:00", "allow", "2026-10-25", "2026-10-24T23:00", "2026-10-25T03:00"),
        ("00:00", "24:00", "deny", "2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00"),
    ],
)
def test_a_window_where_the_clocks_change_is_neither_lost_nor_doubled(begins, ends, kind, day, first, last):
    one = window(**{"kind": kind, "from": begins, "to": ends, "time-zone": "Europe/Berlin"})
    midst = date.fromisoformat(day)
    assert list(spans(one, midst, midst)) == [(at(first), at(last))]
    assert opening([one], EDGE, at(first)).open is (kind == "allow")


@given(st.sampled_from(["allow", "deny"]), TIMES, TIMES, st.integers(0, 2 * 1440))
def test_over_a_change_of_clocks_a_deny_is_never_shorter_than_on_the_wall(kind, begins, ends, late):
    if begins == ends:
        return
    one = window(**{"kind": kind, "from": begins, "to": ends, "time-zone": "Europe/Berlin"})
    for start in (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2027, 3, 27, 12, tzinfo=UTC)):
        now = start + MINUTE * late
        if kind == "deny" and is_on(one, now):
            assert not opening([one], EDGE, now).open


@given(drawn_window(("Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia")))
def test_each_day_has_one_span_that_is_not_empty(one):
    first = date(2026, 11, 18)
    days = [first + timedelta(days=count) for count in range(25)]
    wanted = [
        day
        for day in days
        if DAYS[day.weekday()] in one.days
        and (one.since is None or one.since <= day)
        and (one.until is None or day <= one.until)
    ]
    found = list(spans(one, days[0], days[-1]))
    assert len(found) == len(wanted)
    assert all(begins < ends for begins, ends in found)


def test_names_of_one_kind_are_any_and_kinds_are_all():
    assert applies(window(labels=["core", "edge"]), EDGE)
    assert applies(window(labels=["core"], sites=["harbour"], routers=["edge-1", "edge-2"]), EDGE)
    assert not applies(window(labels=["core"], sites=["hill"]), EDGE)


def test_a_run_is_stopped_at_an_edge_that_says_so_alone():
    now = at("2026-12-01T03:00")
    said = {"from": "02:00", "to": "04:00"}
    assert until(opening([window(**said)], EDGE, now), now) is None
    assert until(opening([window(**said, edge="stop")], EDGE, now), now) == 3600
    assert until(opening([window(**said, edge="stop")], EDGE, at("2026-12-01T05:00")), at("2026-12-01T05:00")) == 0
    both = [window(**said, edge="stop"), window(**{"from": "03:00", "to": "06:00"})]
    assert until(opening(both, EDGE, now), now) is None
    deny = window(kind="deny", **{"from": "03:30", "to": "03:40", "edge": "stop"})
    assert until(opening([*both, deny], EDGE, now), now) == 1800
