"""Options about the safety net of an apply."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import click

from trueup.fleet.nets import Asked

UNITS = {"h": 3600, "m": 60, "s": 1}
SHORTEST, LONGEST = 60, 24 * 3600
"""Seconds: less leaves no time to look, and a router that waits longer is a router that was forgotten."""


def net_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --net and --confirm-within, which come as one `asked`."""

    @functools.wraps(command)
    def asking(**given: Any) -> Any:
        none, confirm = given.pop("net") == "none", given.pop("confirm_within")
        if none and confirm:
            raise click.UsageError("--confirm-within rests on a net, and --net none takes it away")
        return command(asked=Asked(none, confirm or 0), **given)

    decorated: Callable[..., Any] = asking
    decorated = click.option(
        "--confirm-within",
        type=Span(),
        metavar="TIME",
        help="Have each router take it all back after TIME (10m, say) unless `trueup confirm` comes first.",
    )(decorated)
    return click.option(
        "--net",
        type=click.Choice(["auto", "none"]),
        default="auto",
        help="The safety net: the strongest that is known to hold (auto), or none at all.",
    )(decorated)


class Span(click.ParamType[int]):
    """A span of time in RouterOS's notation, as seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?", str(value))
        seconds = (
            sum(int(part or 0) * unit for part, unit in zip(found.groups(), UNITS.values(), strict=True))
            if found
            else 0
        )
        if not SHORTEST <= seconds <= LONGEST:
            self.fail(f"{value!r} is no time from 1m to 24h; write it such as 10m or 1h30m", param, ctx)
        return seconds
