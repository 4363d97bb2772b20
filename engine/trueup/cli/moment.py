"""Options that name a moment to come: a time of the clock, or a span from now."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import click

UNITS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
LONGEST = 10 * 366 * 86400


def moment_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --until and --for, which come as one `until` (aware; None where neither is said)."""

    @functools.wraps(command)
    def choosing(**given: Any) -> Any:
        until, span = given.pop("until"), given.pop("span")
        if until is not None and span is not None:
            raise click.UsageError("--until and --for say the same; leave one of them out")
        if span is not None:
            until = datetime.now(UTC) + timedelta(seconds=span)
        return command(until=until, **given)

    decorated: Callable[..., Any] = choosing
    decorated = click.option("--for", "span", type=Span(), metavar="TIME", help="For so long: 2h, 1h30m or 3d, say.")(
        decorated
    )
    help = 'Until then: "2026-12-24 06:00" by this machine\'s clock, or with an offset such as +01:00.'
    return click.option("--until", type=Moment(), metavar="TIME", help=help)(decorated)


class Moment(click.ParamType[datetime]):
    """A date with a time, by the machine's own time zone where it has no offset."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.fromisoformat(str(value)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f'{value!r} is no time; write it such as "2026-12-24 06:00"', param, ctx)


class Span(click.ParamType[int]):
    """A span of time in RouterOS's notation, as seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch("".join(rf"(?:(\d{{1,9}}){unit})?" for unit in UNITS), str(value))
        parts = found.groups() if found else ()
        seconds = sum(int(part or 0) * unit for part, unit in zip(parts, UNITS.values(), strict=bool(parts)))
        if not 0 < seconds <= LONGEST:
            self.fail(f"{value!r} is no span of time; write it such as 2h, 1h30m or 3d", param, ctx)
        return seconds


def clock(when: datetime) -> str:
    """A moment by this machine's clock, to the minute, with its offset."""
    return f"{when.astimezone():%Y-%m-%d %H:%M %z}"
