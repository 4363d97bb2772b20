"""What a router says of itself, and whether that is what was declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from trueup.errors import Problem, RouterError
from trueup.row import Facts

FACTS: Mapping[str, tuple[str, ...]] = {
    "/system/resource": ("version", "board-name", "uptime"),
    "/system/routerboard": ("model", "serial-number"),
    "/system/license": ("system-id",),
}
"""The menus and properties that facts are made of; a CHR has no serial number, a board no system-id."""

UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
UPTIME = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:\d+ms)?")
CLOCK = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(\d+):(\d+):(\d+)")


def make_facts(said: Mapping[str, Mapping[str, str]], read_at: datetime, host: str) -> Facts:
    """Facts from the single row of each menu of FACTS; menus that the router lacks are left out of `said`."""
    resource, board, licence = (said.get(menu, {}) for menu in FACTS)
    name = resource.get("board-name", "")
    return Facts(
        version=resource.get("version", "").partition(" ")[0],
        board=name,
        model=board.get("model") or name,
        serial=board.get("serial-number") or licence.get("system-id", ""),
        uptime=seconds(resource.get("uptime", "")),
        read_at=read_at,
        host=host,
    )


def seconds(uptime: str) -> int:
    """An uptime such as `1w2d3h4m5s`, or `1d02:03:04`, in seconds; 0 where it says nothing."""
    found = CLOCK.fullmatch(uptime) or UPTIME.fullmatch(uptime)
    if not found:
        return 0
    return sum(int(part or 0) * unit for part, unit in zip(found.groups(), UNITS.values(), strict=True))


def check_identity(
    facts: Facts, version: str | None = None, model: str | None = None, serial: str | None = None, router: str = ""
) -> None:
    """Refuse a router that is not the declared one; what is None or "" is not checked.

    A declared version stands for every release it is a dotted beginning of: 7.24 for 7.24.1, not for 7.2. Raises
    RouterError with every difference.
    """
    where = f"{router} ({facts.host})" if router else facts.host
    live = {"version": facts.version, "model": facts.model, "serial": facts.serial}
    declared = {"version": version, "model": model, "serial": serial}
    remedy = "if the router was changed on purpose, declare what it is now; else this is another router"
    problems = [
        Problem(f"its {name} is {live[name] or 'not known'}, but {text} was declared", where, remedy)
        for name, text in declared.items()
        if text and live[name] != text and not (name == "version" and within(facts.version, text))
    ]
    if problems:
        raise RouterError(problems)


def within(live: str, declared: str) -> bool:
    """Whether the declared version is the live one or a dotted beginning of it."""
    return f"{live}.".startswith(f"{declared.partition(' ')[0]}.")
