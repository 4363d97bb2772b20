"""A window as a week: a row for each day, filled where the window stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from trueup.web.svg import tag
from trueup_schemas.operate import DAYS, Window

NAMES = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}
LEFT, DAY, ROW = 40, 24 * 14, 16


@dataclass(frozen=True, slots=True)
class Week:
    """A window, said in words and drawn."""

    window: Window
    title: str
    times: str
    about: str
    picture: Markup


def week_of(window: Window, now: datetime, index: int) -> Week:
    """The window in its own time zone, with where now is."""
    title = window.name or f"{window.kind} {index + 1}"
    days = "every day" if len(window.days) == len(DAYS) else ", ".join(NAMES[day] for day in DAYS if day in window.days)
    times = f"{days}, {window.from_} to {window.to}{_next_day(window)}, {window.time_zone}{_dates(window)}"
    local = now.astimezone(ZoneInfo(window.time_zone))
    return Week(window, title, times, _about(window), _draw(window, local, f"{title}: {times}"))


def spans(window: Window) -> list[tuple[int, float, float]]:
    """Day (0 is Monday), begin and end in hours; what goes past midnight is in two."""
    begin, end = _hours(window.from_), _hours(window.to)
    found: list[tuple[int, float, float]] = []
    for number, day in enumerate(DAYS):
        if day not in window.days:
            continue
        if end > begin:
            found.append((number, begin, end))
        else:
            found.append((number, begin, 24.0))
            if end > 0:
                found.append(((number + 1) % 7, 0.0, end))
    return found


def _draw(window: Window, local: datetime, told: str) -> Markup:
    scale, height = DAY / 24, ROW * 7 + 16
    parts = [tag("title", told)]
    for number, day in enumerate(DAYS):
        y = number * ROW
        today = "axis today" if number == local.weekday() else "axis"
        parts.append(tag("text", NAMES[day], x=LEFT - 8, y=y + 12, cls=today, text_anchor="end"))
        parts.append(tag("rect", x=LEFT, y=y + 2, width=DAY, height=ROW - 4, rx=2, cls="track"))
    for number, begin, end in spans(window):
        width = max((end - begin) * scale, 2.0)
        y = number * ROW + 2
        parts.append(
            tag("rect", x=LEFT + begin * scale, y=y, width=width, height=ROW - 4, rx=2, cls=f"window {window.kind}")
        )
    for hour in range(0, 25, 6):
        text = f"{hour:02}:00"
        parts.append(tag("text", text, x=LEFT + hour * scale, y=height - 2, cls="axis", text_anchor="middle"))
    at = LEFT + (local.hour + local.minute / 60) * scale
    y = local.weekday() * ROW
    parts.append(tag("line", x1=at, x2=at, y1=y, y2=y + ROW, cls="now"))
    return tag("svg", *parts, viewBox=f"0 0 {LEFT + DAY + 24} {height}", role="img", aria_label=told, cls="week")


def _hours(text: str) -> float:
    hours, minutes = text.split(":")
    return int(hours) + int(minutes) / 60


def _next_day(window: Window) -> str:
    return " of the next day" if _hours(window.to) <= _hours(window.from_) else ""


def _dates(window: Window) -> str:
    def said(day: date) -> str:
        return f"{day:%Y-%m-%d}"

    since = f" from {said(window.since)}" if window.since else ""
    until = f" to {said(window.until)}" if window.until else ""
    return f",{since}{until}" if since or until else ""


def _about(window: Window) -> str:
    """Which routers the window is about."""
    parts = [
        f"{word} {', '.join(names)}"
        for word, names in (("routers", window.routers), ("sites", window.sites), ("labels", window.labels))
        if names
    ]
    return "; ".join(parts) or "all routers"
