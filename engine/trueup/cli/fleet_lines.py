"""The fleet's status as lines of a terminal, 80 columns wide or whatever there is; the worst first."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

import click

from trueup.cli.moment import clock
from trueup.daemon.status import Drift, FleetStatus, RolloutStatus, RouterStatus, State
from trueup.daemon.status_file import stale

COLOURS = {
    State.FIGHTING: "magenta",
    State.FAILED: "red",
    State.UNREACHABLE: "red",
    State.DRIFTED: "yellow",
    State.PENDING: "cyan",
    State.WAITING: "cyan",
    State.SUSPENDED: "blue",
    State.CONVERGED: "green",
    State.UNKNOWN: None,
}
ORDER = {state: number for number, state in enumerate(State)}
NAMES, STATES = 24, 11
"""Columns for a router's name and its state."""

PARTS = {"healthy": "green", "failed": "red", "rolling back": "red", "rolled back": "red"}
BAR = 30


def needs_attention(router: RouterStatus) -> bool:
    return router.state != State.CONVERGED


def worst_first(routers: Sequence[RouterStatus]) -> list[RouterStatus]:
    return sorted(routers, key=lambda router: (ORDER[router.state], router.name))


def head_lines(status: FleetStatus, now: datetime, width: int) -> Iterator[str]:
    """Which network at which commit, how old this is, and what is wrong besides routers."""
    told = f"{status.commit[:7]} {status.subject}".strip() if status.commit else "no commit is in force"
    old = f"{ago(status.updated, now)} ago" if status.updated else "never"
    name = cut(status.network, NAMES)
    room = width - len(name) - len(old) - 6
    yield f"{click.style(name, bold=True)}   {cut(told, room):<{room}}   {old}"
    if status.head and status.head != status.commit:
        yield from _noted(f"{status.head[:7]} of the remote is refused; {status.commit[:7]} stays in force", width)
    if status.updated is None:
        yield from _noted("no daemon has run here: this is what the audit knows", width)
    elif stale(status, now):
        yield from _noted(f"the daemon does not run: what follows is {ago(status.updated, now)} old", width)
    for trouble in status.troubles:
        yield from _noted(trouble, width)


def router_lines(routers: Sequence[RouterStatus], now: datetime, width: int) -> Iterator[str]:
    """A line for each router: its name, its state, since when, and why."""
    names = min(max((len(router.name) for router in routers), default=0), NAMES)
    room = max(width - names - STATES - 10, 10)
    for router in routers:
        state = click.style(f"{router.state.value:<{STATES}}", fg=COLOURS[router.state])
        since = ago(router.since, now)
        yield f"{cut(router.name, names):<{names}}  {state}  {since:>4}  {cut(reason(router), room)}".rstrip()


def reason(router: RouterStatus) -> str:
    """Why the state is what it is, on one line."""
    told = [] if router.reason and router.state != State.DRIFTED else [_who(drift) for drift in router.drift]
    text = "; ".join(filter(None, (*told, router.reason)))
    if router.suspended is not None and router.suspended.why not in text:
        text = "; ".join(filter(None, (text, router.suspended.told)))
    return " ".join(text.split())


def summary_lines(status: FleetStatus, width: int) -> Iterator[str]:
    """`6 routers: 1 fighting, 1 drifted, 4 converged`."""
    counts, number = status.counts(), len(status.routers)
    line = plain = f"{number} router{'' if number == 1 else 's'}{': ' if counts else ''}"
    told = [state for state in State if state in counts]
    for state in told:
        part = f"{counts[state]} {state.value}"
        if len(plain) + len(part) + 1 > width:
            yield line.rstrip()
            line = plain = "  "
        comma = "" if state == told[-1] else ", "
        plain += part + comma
        line += click.style(part, fg=COLOURS[state]) + comma
    yield line


def rollout_lines(rollout: RolloutStatus, width: int) -> Iterator[str]:
    """How far a rollout has come, and what to do where it has stopped."""
    parts = Counter(router.state for router in rollout.routers.values())
    told = ", ".join(f"{count} {state}" for state, count in parts.most_common())
    colour = {"stopped": "red", "done": "green"}.get(rollout.state)
    state = click.style(rollout.state, fg=colour, bold=True)
    where = f"wave {min(rollout.at + 1, len(rollout.waves))} of {len(rollout.waves)}"
    yield f"rollout of {rollout.after[:7]} {state}: {cut(f'{where}: {told}', width - 30)}"
    number, done = max(len(rollout.routers), 1), parts["healthy"]
    filled = BAR * done // number
    bar = click.style("#" * filled, fg="green") + "-" * (BAR - filled)
    yield f"  [{bar}] {done} of {len(rollout.routers)}"
    for text in filter(None, (rollout.reason, rollout.remedy)):
        yield from textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")


def detail_lines(router: RouterStatus, now: datetime, width: int) -> Iterator[str]:
    """All that is known of one router."""
    known = (router.name, router.host, f"RouterOS {router.version}" if router.version else "", router.mode)
    yield cut("   ".join(filter(None, known)), width)
    yield f"  {click.style(router.state.value, fg=COLOURS[router.state], bold=True)} for {ago(router.since, now)}"
    yield from _wrapped(reason(router), width)
    for label, when in (("seen", router.seen), ("tried", router.tried), ("as declared", router.converged)):
        yield f"  {label:<12} {f'{ago(when, now)} ago' if when else 'never'}"
    if router.backoff is not None:
        yield f"  {'tried again':<12} {clock(router.backoff)}, after {router.failures} failures"
    for label, commit in (("is at", router.applied), ("goes to", router.target)):
        if commit and (label == "is at" or commit != router.applied):
            yield f"  {label:<12} {commit[:7]}"
    if not router.opening.open:
        until = f" until {clock(router.opening.changes)}" if router.opening.changes else ""
        over = f", but: {router.opening.override}" if router.opening.override else ""
        yield from _wrapped(f"closed by window {router.opening.window}{until}{over}", width)
    if router.waiting is not None:
        yield from _wrapped(f"taken back at {clock(router.waiting)} unless: trueup confirm {router.name}", width)
    for drift in router.drift:
        by = f" by {drift.author}{f', {drift.when}' if drift.when else ''}" if drift.author else ""
        rows = f"{drift.changes} row{'' if drift.changes == 1 else 's'}"
        yield from _wrapped(f"{drift.cause}: {drift.menu}, {rows}{by} {drift.proposal}".rstrip(), width)
    for fight in router.fights:
        text = f"fight over {fight.menu}, {fight.times} times since {clock(fight.since)}: {fight.theirs}; {fight.ours}"
        yield from _wrapped(text, width)


def _who(drift: Drift) -> str:
    return f"{drift.menu}: {drift.changes}{f' by {drift.author}' if drift.author else ''}"


def ago(when: datetime | None, now: datetime) -> str:
    """How long ago that was, in at most four characters; "-" for never."""
    if when is None:
        return "-"
    seconds = max((now - when).total_seconds(), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{min(int(seconds // size), 999)}{unit}"
    return f"{int(seconds)}s"


def cut(text: str, width: int) -> str:
    """Text on one line of at most so many columns, without what moves a cursor."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if len(line) <= width else f"{line[: max(width - 1, 0)]}…"


def _noted(text: str, width: int) -> Iterator[str]:
    for line in textwrap.wrap(cut(text, 2000), width, initial_indent="! ", subsequent_indent="  "):
        yield click.style(line, fg="magenta")


def _wrapped(text: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(cut(text, 2000), width, initial_indent="  ", subsequent_indent="    ")
