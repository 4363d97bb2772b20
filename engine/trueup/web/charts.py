"""Charts of the fleet: states over time, how long ago routers were as declared; each with its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from trueup.daemon.status import FleetStatus, Sample, State
from trueup.web.svg import picture, tag
from trueup.web.words import STATES, span

WIDTH, HEIGHT = 560, 230
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 12, 28
MENUS, ROW = 6, 34
"""Menus that are drawn, and the height of each."""

POINTS = 180
"""Samples drawn at most; between them the eye sees nothing anyway."""

AGES = ((60, "< 1 min"), (300, "< 5 min"), (900, "< 15 min"), (3600, "< 1 h"), (21600, "< 6 h"), (86400, "< 1 d"))


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, the same as a table (a head and rows), and the states whose colours it uses."""

    picture: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[State, ...] = ()


def age_chart(fleet: FleetStatus, now: datetime) -> Chart:
    """How many routers were last as declared how long ago."""
    names = [*(name for _, name in AGES), "longer", "never"]
    counts = dict.fromkeys(names, 0)
    for router in fleet.routers.values():
        counts[_age_name(router.converged, now)] += 1
    most = _round_up(max(counts.values(), default=1))
    step = (WIDTH - LEFT - RIGHT) / len(names)
    parts = _grid(most, lambda value: f"{value:g}")
    for index, (name, number) in enumerate(counts.items()):
        x, top = LEFT + index * step, _y(number, most)
        late = "late" if name in ("< 6 h", "< 1 d", "longer", "never") else "fresh"
        parts.append(tag("rect", x=x + 6, y=top, width=step - 12, height=_y(0, most) - top, rx=3, cls=f"bar {late}"))
        parts.append(tag("text", str(number), x=x + step / 2, y=top - 4, cls="value", text_anchor="middle"))
        parts.append(tag("text", name, x=x + step / 2, y=HEIGHT - 8, cls="axis", text_anchor="middle"))
    told = ", ".join(f"{number} {name}" for name, number in counts.items() if number) or "no routers"
    drawn = picture(WIDTH, HEIGHT, "Routers by the time since they were last as declared", told, parts, "ages")
    return Chart(drawn, ("Last as declared", "Routers"), tuple((name, str(n)) for name, n in counts.items()))


def menus_chart(fleet: FleetStatus) -> Chart:
    """In which menus most routers differ from what is declared."""
    found: Counter[str] = Counter()
    for router in fleet.routers.values():
        found.update({drift.menu for drift in router.drift})
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    most = ranked[:MENUS]
    parts = []
    for index, (menu, number) in enumerate(most):
        y, width = TOP + index * ROW, max((WIDTH - RIGHT - 40) * number / most[0][1], 2.0)
        parts.append(tag("text", menu, x=0, y=y + 10, cls="axis name"))
        parts.append(tag("rect", x=0, y=y + 15, width=width, height=7, rx=3, cls="bar late"))
        parts.append(tag("text", str(number), x=width + 6, y=y + 23, cls="value"))
    told = ", ".join(f"{menu}: {number}" for menu, number in most) or "none"
    height = TOP + ROW * max(len(most), 1)
    drawn = picture(WIDTH, height, "Menus in which most routers differ", told, parts, "menus")
    return Chart(drawn, ("Menu", "Routers"), tuple((menu, str(number)) for menu, number in ranked))


def states_chart(fleet: FleetStatus) -> Chart:
    """How many routers were not as declared, by state, over time."""
    samples = thinned(fleet.samples)
    shown = [s for s in State if s is not State.CONVERGED and any(sample.states.get(s) for sample in samples)]
    most = _round_up(max((sum(sample.states.get(s, 0) for s in shown) for sample in samples), default=1))
    parts = _grid(most, lambda value: f"{value:g}") + _times(samples)
    below = [0] * len(samples)
    for state in reversed(shown):
        above = [low + sample.states.get(state, 0) for low, sample in zip(below, samples, strict=True)]
        edge = [*_points(samples, above, most), *reversed(_points(samples, below, most))]
        parts.append(tag("polygon", points=" ".join(edge), cls=f"fill-{state}"))
        below = above
    names = [STATES[state][0] for state in shown]
    told = f"{len(fleet.samples)} samples; states shown: {', '.join(names) or 'none, all as declared'}"
    drawn = picture(WIDTH, HEIGHT, "Routers that are not as declared, over time", told, parts, "states")
    rows = tuple((_clock(s), *(str(s.states.get(state, 0)) for state in shown)) for s in thinned(fleet.samples, 24))
    return Chart(drawn, ("Time (UTC)", *names), rows, tuple(shown))


def oldest_chart(fleet: FleetStatus) -> Chart:
    """How long ago the router longest not as declared was so, over time."""
    samples = thinned(fleet.samples)
    values = [sample.oldest for sample in samples]
    most = _round_time(max(values, default=60.0))
    parts = _grid(most, span) + _times(samples)
    if samples:
        parts.append(tag("polyline", points=" ".join(_points(samples, values, most)), cls="line"))
    told = f"now {span(values[-1])}, at most {span(max(values))}" if values else "nothing measured yet"
    drawn = picture(WIDTH, HEIGHT, "Age of the router longest not as declared, over time", told, parts, "oldest")
    rows = tuple((_clock(sample), span(sample.oldest)) for sample in thinned(fleet.samples, 24))
    return Chart(drawn, ("Time (UTC)", "Age"), rows)


def thinned(samples: Sequence[Sample], most: int = POINTS) -> list[Sample]:
    """At most so many of the samples, evenly, the last one always among them."""
    if len(samples) <= most:
        return list(samples)
    step = len(samples) / most
    return [samples[len(samples) - 1 - int(index * step)] for index in reversed(range(most))]


def _age_name(when: datetime | None, now: datetime) -> str:
    if when is None:
        return "never"
    return next((name for limit, name in AGES if now - when < timedelta(seconds=limit)), "longer")


def _points(samples: Sequence[Sample], values: Sequence[float], most: float) -> list[str]:
    return [f"{_x(samples, s):.1f},{_y(value, most):.1f}" for s, value in zip(samples, values, strict=True)]


def _x(samples: Sequence[Sample], sample: Sample) -> float:
    first, last = samples[0].when, samples[-1].when
    whole = (last - first).total_seconds() or 1.0
    return LEFT + (WIDTH - LEFT - RIGHT) * (sample.when - first).total_seconds() / whole


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most


def _grid(most: float, told: object) -> list[Markup]:
    parts = []
    for quarter in (0.0, 0.5, 1.0):
        y = _y(most * quarter, most)
        parts.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, cls="grid"))
        label = told(most * quarter) if callable(told) else ""
        parts.append(tag("text", label, x=LEFT - 6, y=y + 4, cls="axis", text_anchor="end"))
    return parts


def _times(samples: Sequence[Sample]) -> list[Markup]:
    """The first, middle and last time below a chart."""
    if len(samples) < 2:
        return []
    marked = ((samples[0], "start"), (samples[len(samples) // 2], "middle"), (samples[-1], "end"))
    return [
        tag("text", _clock(sample), x=_x(samples, sample), y=HEIGHT - 8, cls="axis", text_anchor=anchor)
        for sample, anchor in marked
    ]


def _clock(sample: Sample) -> str:
    return f"{sample.when:%d %b %H:%M}"


def _round_up(value: float) -> float:
    """The next even figure that is easy to read."""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if step * size >= value:
                return float(step * size)
        size *= 10


def _round_time(seconds: float) -> float:
    steps = (60, 120, 300, 600, 1200, 3600, 7200, 21600, 43200, 86400, 172800)
    return float(next((step for step in steps if step >= seconds), 86400 * _round_up(seconds / 86400)))
