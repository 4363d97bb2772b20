"""Charts say in pictures what is so, and the same in words and as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
import web_fleet

from trueup.daemon.status import Drift, Sample, State
from trueup.web.charts import POINTS, age_chart, menus_chart, oldest_chart, states_chart, thinned
from trueup.web.svg import state_bar, tag
from trueup.web.week import spans, week_of
from trueup.web.words import age, lasting, span
from trueup_schemas.operate import Window


def test_routers_are_counted_by_the_age_of_their_convergence():
    now, fleet = web_fleet.now(), web_fleet.fleet(12)
    chart = age_chart(fleet, now)
    assert dict(chart.rows) == {
        "< 1 min": "12", "< 5 min": "0", "< 15 min": "0", "< 1 h": "0", "< 6 h": "7", "< 1 d": "0", "longer": "0",
        "never": "1",
    }  # fmt: skip
    assert "12 &lt; 1 min, 7 &lt; 6 h, 1 never" in chart.picture


def test_menus_are_ranked_by_routers_that_differ_in_them():
    fleet = web_fleet.fleet(3)
    more = replace(fleet.routers["hq-1"], drift=(Drift("/radius", "drift", 2), Drift("/radius", "declared", 1)))
    chart = menus_chart(replace(fleet, routers={**fleet.routers, "hq-1": more}))
    assert chart.rows == (("/radius", "2"), ("/ip/firewall/filter", "1"), ("/queue/simple", "1"))


def test_only_states_that_occurred_are_drawn():
    chart = states_chart(web_fleet.fleet(12))
    assert chart.legend == (State.FAILED, State.UNREACHABLE, State.DRIFTED)
    assert chart.head == ("Time (UTC)", "Failed", "Unreachable", "Drifted")
    assert chart.picture.count("<polygon") == 3
    assert len(chart.rows) == 24


@pytest.mark.parametrize("count", [0, 1, 2])
def test_charts_of_few_samples_can_be_drawn(count):
    fleet = web_fleet.fleet(1)
    few = replace(fleet, samples=fleet.samples[:count], routers={})
    for chart in (states_chart(few), oldest_chart(few), menus_chart(few), age_chart(few, web_fleet.now())):
        assert "nan" not in chart.picture
        assert "<desc" in chart.picture


def test_many_samples_are_thinned_evenly_and_the_last_stays():
    start = web_fleet.now()
    samples = [Sample(start + timedelta(seconds=number), {}, float(number)) for number in range(5000)]
    found = thinned(samples)
    gaps = {int(b.oldest - a.oldest) for a, b in pairwise(found)}
    assert len(found) == POINTS
    assert found[-1] is samples[-1]
    assert gaps <= {27, 28}


def test_small_shares_of_the_bar_are_seen_and_it_ends_where_it_should():
    bar = state_bar({"failed": 1, "converged": 9999}, "told")
    widths = [float(part.split('"')[0]) for part in bar.split('width="')[1:]]
    assert widths[0] >= 3
    assert 990 < sum(widths) < 1000


def test_text_in_pictures_is_escaped():
    assert tag("text", '<b>"', cls='"x') == '<text class="&#34;x">&lt;b&gt;&#34;</text>'


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"days": ["mon"], "from": "08:00", "to": "12:30"}, [(0, 8.0, 12.5)]),
        ({"days": ["sun"], "from": "22:00", "to": "04:00"}, [(6, 22.0, 24.0), (0, 0.0, 4.0)]),
        ({"days": ["tue"]}, [(1, 0.0, 24.0)]),
        ({"days": ["wed"], "from": "20:00", "to": "00:00"}, [(2, 20.0, 24.0)]),
    ],
)
def test_a_window_fills_its_hours_also_past_midnight(window, expected):
    assert spans(Window.model_validate({"kind": "allow", **window})) == expected


def test_a_window_is_said_in_words():
    week = week_of(web_fleet.WINDOWS[1], web_fleet.now(), 0)
    assert (week.title, week.times) == ("regatta", "Sat, Sun, 00:00 to 24:00, UTC, from 2026-06-01")
    assert week.about == "sites harbour"


SPANS = {
    0: "0 s",
    59.9: "59 s",
    60: "1 min",
    90: "1 min 30 s",
    180: "3 min",
    7200: "2 h",
    8000: "2 h 13 min",
    86400: "1 d",
    100000: "1 d 3 h",
    400000: "4 d",
}


@pytest.mark.parametrize(("seconds", "told"), SPANS.items())
def test_spans_are_short(seconds, told):
    now = web_fleet.now()
    assert span(seconds) == told
    assert lasting(now - timedelta(seconds=int(seconds)), now) == f"for {told}"
    assert age(now - timedelta(seconds=int(seconds)), now) == ("now" if seconds == 0 else f"{told} ago")
    assert age(now + timedelta(seconds=int(seconds)), now) == ("now" if seconds == 0 else f"in {told}")
