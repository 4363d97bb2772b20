"""Reading what may stand in a plan's way: one pipelined pass, and whatever the router refuses or lacks is left out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from trueup.device.faults import Refused
from trueup.device.mux import Reply
from trueup.device.session import Session
from trueup.risk.found import Found, SafeMode

OURS = "trueup-"
"""What the names of trueup's own scheduler rows begin with."""

SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG]i?B|B)?")
UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "KB": 1000, "MB": 1000**2, "GB": 1000**3}
OFFSET = re.compile(r"([+-]?)(\d{1,2}):(\d{2})")

Rows = list[dict[str, str]]


async def preflight(session: Session, user: str) -> Found:
    """What a router tells of itself, in one round trip; `user` is whom we are logged in as.

    Raises RouterError where the router is lost or takes too long.
    """
    asked = [
        ["/user/print", "=.proplist=name,group", f"?name={user}"],
        ["/user/group/print", "=.proplist=name,policy"],
        ["/system/device-mode/print"],
        ["/system/resource/print", "=.proplist=free-hdd-space"],
        ["/system/clock/print", "=.proplist=date,time,gmt-offset"],
        ["/safe-mode/print"],
        ["/system/scheduler/print", "=.proplist=name"],
        ["/system/history/print", "=count-only="],
    ]
    replies = await _ask(session, asked)
    users, groups, mode, resource, clock, safe, jobs = (reply.rows for reply in replies[:-1])
    group, counted = _first(users).get("group", ""), replies[-1].ret
    return Found(
        user=user,
        group=group,
        policies=_policies(groups, group),
        device_mode=_first(mode),
        free=size(_first(resource).get("free-hdd-space", "")),
        clock=clock_of(_first(clock)),
        safe_mode=_held(_first(safe)),
        schedulers=tuple(row["name"] for row in jobs if row.get("name", "").startswith(OURS)),
        history=int(counted) if counted.isdigit() else None,
    )


async def _ask(session: Session, sentences: list[list[str]]) -> list[Reply]:
    """The replies in order, empty ones where the router refused; every command has ended before one raises."""
    answers = await asyncio.gather(*(session.talk(words) for words in sentences), return_exceptions=True)
    replies = []
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, Refused):
            raise answer
        replies.append(answer if isinstance(answer, Reply) else Reply([]))
    return replies


def size(text: str) -> int | None:
    """A size in bytes, as the API tells it, or with a unit (`9.6MiB`); None where the text is none."""
    found = SIZE.fullmatch(text)
    return int(float(found[1]) * UNITS[found[2] or "B"]) if found else None


def clock_of(row: Mapping[str, str]) -> datetime | None:
    """The router's time in UTC, from its local one and the offset; None where it does not tell all three.

    Dates are `2026-01-31`, or `jan/31/2026` before 7.10.
    """
    offset = OFFSET.fullmatch(row.get("gmt-offset", ""))
    for form in ("%Y-%m-%d %H:%M:%S", "%b/%d/%Y %H:%M:%S"):
        try:
            local = datetime.strptime(f"{row.get('date', '')} {row.get('time', '')}", form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if offset:
            ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            return local + ahead if offset[1] == "-" else local - ahead
    return None


def _policies(groups: Rows, group: str) -> frozenset[str] | None:
    """The policies of a group; `!ftp` is one that it lacks."""
    said = next((row.get("policy", "") for row in groups if group and row.get("name") == group), None)
    return None if said is None else frozenset(word for word in said.split(",") if word and not word.startswith("!"))


def _held(row: Mapping[str, str]) -> SafeMode | None:
    if row.get("enabled") not in ("true", "yes"):
        return None
    return SafeMode(row.get("user", ""), row.get("owner", ""), row.get("current") in ("true", "yes"))


def _first(rows: Rows) -> Mapping[str, str]:
    return rows[0] if rows else {}
