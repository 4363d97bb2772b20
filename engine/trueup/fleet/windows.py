"""When routers may be written to: whether now, which window says so, when that changes. Pure, of the time it is given.

A window is one span for each of its days, between two moments. A time that the clocks skip is the moment at which
they skip it; one that comes twice is its first, but a deny lasts until its second. A span that the clocks skip as a
whole lasts as long as it is written, from then on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trueup.load.operation import applies
from trueup.load.router import Router
from trueup_schemas.operate import DAYS, Window

WEEK = 9
"""Days in which every window that is on at all has begun and ended once."""

FAR = 400
"""Days ahead in which `since` and `until` are looked for; what changes later is not told yet."""

LATE = 2
"""Days that a window may have begun ago and still be on."""

LOOK = 60.0
"""Seconds after which the clock is looked at again while a run is on."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a router may be written to now, which window says so, and when that changes (None: never, or unknown).

    `override` is the reason that somebody gave for writing all the same. `edge` is what becomes of a run that is on
    when that ends: `finish` or `stop`.
    """

    open: bool = True
    window: str = ""
    changes: datetime | None = None
    override: str = ""
    edge: str = "finish"

    @property
    def writable(self) -> bool:
        """Whether the router may be written to, by its windows or by somebody's word."""
        return self.open or bool(self.override)


def opening(windows: Sequence[Window], router: Router, now: datetime) -> Opening:
    """What the windows say of a router at a moment, which must have a time zone. Deny wins over allow.

    A router that any allow is about is closed outside of these, also where they are over.
    """
    mine = [window for window in windows if applies(window, router)]
    is_open = _is_open(mine, now)
    by, edges = _because(mine, now, now, is_open=is_open), [each.edge for each in _on(mine, now, "deny")]
    found = Opening(is_open, by, None, "", _strictest(edges or [each.edge for each in mine if each.kind == "allow"]))
    for when in _moments(mine, now):
        if _is_open(mine, when) != is_open:
            edge = _strictest(_edges(mine, when)) if is_open else found.edge
            return replace(found, window=_because(mine, now, when, is_open=is_open), changes=when, edge=edge)
    return replace(found, edge="finish") if is_open else found


def until(opening: Opening, now: datetime) -> float | None:
    """Seconds until a run on the router has to be stopped, 0 where at once; None where it may end by itself."""
    if opening.edge != "stop":
        return None
    if not opening.writable:
        return 0.0
    return None if opening.changes is None else max(0.0, (opening.changes - now).total_seconds())


def stop_at_edges(openings: Sequence[Opening], stop: Callable[[], None]) -> Callable[[], None]:
    """Have `stop` called when the first of these closes that ends runs so; what is returned calls that off.

    The clock is looked at again every LOOK seconds, since it may be set meanwhile. Needs a running loop.
    """
    loop, timers = asyncio.get_running_loop(), list[asyncio.TimerHandle]()

    def look() -> None:
        seconds = [left for each in openings if (left := until(each, datetime.now(UTC))) is not None]
        if seconds and min(seconds) <= 0:
            stop()
        elif seconds:
            timers[:] = [loop.call_later(min(*seconds, LOOK), look)]

    def call_off() -> None:
        for timer in timers:
            timer.cancel()

    look()
    return call_off


def title(window: Window) -> str:
    """What a window is called: its name, else what it says, such as `allow tue, thu 02:00-04:00 Europe/Berlin`."""
    if window.name:
        return window.name
    days = "" if set(window.days) == set(DAYS) else f"{', '.join(window.days)} "
    dates = f" from {window.since}" if window.since else ""
    dates += f" until {window.until}" if window.until else ""
    return f"{window.kind} {days}{window.from_}-{window.to} {window.time_zone}{dates}"


def spans(window: Window, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """From when until when (UTC, the end excluded) a window is on, for those of its days from `first` to `last`."""
    zone = ZoneInfo(window.time_zone)
    first, last = max(first, window.since or first), min(last, window.until or last)
    start, length = _minutes(window.from_), _minutes(window.to) - _minutes(window.from_)
    length += 1440 if length <= 0 else 0
    for number in range(max(0, (last - first).days + 1)):
        day = first + number * _DAY
        if DAYS[day.weekday()] in window.days:
            midnight = datetime.combine(day, time())
            begins = _moment(midnight + timedelta(minutes=start), zone, fold=0)
            ends = _moment(midnight + timedelta(minutes=start + length), zone, fold=int(window.kind == "deny"))
            yield begins, ends if ends > begins else begins + timedelta(minutes=length)


def _moment(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    """The moment (UTC) at which the clocks of a zone come to a time, for the first or second time, or skip it."""
    first, second = (wall.replace(tzinfo=zone, fold=each).astimezone(UTC) for each in (0, 1))
    if first <= second:
        return second if fold else first
    before, after = second, first  # a time that is skipped is read with the offset after it, and before it
    while (after - before).total_seconds() > 1:
        middle = before + timedelta(seconds=(after - before).total_seconds() // 2)
        before, after = (middle, after) if middle.astimezone(zone).replace(tzinfo=None) < wall else (before, middle)
    return after


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _today(window: Window, now: datetime) -> date:
    return now.astimezone(ZoneInfo(window.time_zone)).date()


def _is_on(window: Window, now: datetime) -> bool:
    today = _today(window, now)
    return any(begins <= now < ends for begins, ends in spans(window, today - LATE * _DAY, today))


def _on(windows: Sequence[Window], now: datetime, kind: str) -> list[Window]:
    return [window for window in windows if window.kind == kind and _is_on(window, now)]


def _is_open(windows: Sequence[Window], now: datetime) -> bool:
    if _on(windows, now, "deny"):
        return False
    return all(window.kind != "allow" for window in windows) or bool(_on(windows, now, "allow"))


def _because(windows: Sequence[Window], now: datetime, changes: datetime, *, is_open: bool) -> str:
    """The window that says so: of those that are on, else the allow that opens next."""
    found = _on(windows, now, "allow" if is_open else "deny")
    if not found and not is_open:
        found = _on(windows, changes, "allow") or [window for window in windows if window.kind == "allow"]
    return title(found[0]) if found else ""


def _edges(windows: Sequence[Window], closed: datetime) -> list[str]:
    """The edges of what closes a router at a moment: of the denies that begin, and the allows that end."""
    ended = _on(windows, closed - timedelta(seconds=1), "allow") if not _on(windows, closed, "allow") else []
    return [window.edge for window in (*_on(windows, closed, "deny"), *ended)]


def _strictest(edges: Sequence[str]) -> str:
    return "stop" if "stop" in edges else "finish"


def _moments(windows: Sequence[Window], now: datetime) -> Iterator[datetime]:
    """The moments after `now` at which a window begins or ends, in order, as far as days are looked at."""
    coming: set[datetime] = set()
    for day in _days(windows, now.astimezone(UTC).date()):
        coming |= {edge for window in windows for span in spans(window, day, day) for edge in span if edge > now}
        # No zone's next day begins earlier than this, so nothing can come before these any more.
        sure = datetime.combine(day, time(), UTC) + _DAY - timedelta(hours=15)
        yield from sorted(edge for edge in coming if edge < sure)
        coming = {edge for edge in coming if edge >= sure}
    yield from sorted(coming)


def _days(windows: Sequence[Window], today: date) -> list[date]:
    """The days to look at: a week from now on, and a week around each date at which a window comes or goes."""
    dates = {day for window in windows for day in (window.since, window.until) if day is not None}
    dates = {day for day in dates if today < day <= today + FAR * _DAY}
    return sorted({day + number * _DAY for day in (today, *dates) for number in range(-LATE - 1, WEEK)})
