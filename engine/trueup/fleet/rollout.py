"""A rollout: how far a commit has come on its way through the waves. Pure; every step is a new value.

A router is at the commit that it had (`before`) until it is begun, and at the new one from then on, unless its wave
was rolled back. docs/decisions says how rollouts treat commits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from trueup.fleet.as_json import built, plain
from trueup_schemas.operate import Failures, Rollout

FORMAT_VERSION = "1.0"

RUNNING, STOPPED, DONE, SUPERSEDED = "running", "stopped", "done", "superseded"
WAITING, WRITING, SETTLING, HEALTHY = "waiting", "writing", "settling", "healthy"
FAILED, ROLLING_BACK, ROLLED_BACK, HELD = "failed", "rolling back", "rolled back", "held"
BEGUN = (WRITING, SETTLING, HEALTHY, FAILED)
"""States that a router comes to by being written to."""

RETRY = "fix it with a commit, or `trueup rollout retry`"
NAMED = 3


@dataclass(frozen=True, slots=True)
class RolloutRouter:
    """A router's part in a rollout: waiting, writing, settling, healthy, failed, rolling back, rolled back or held.

    `since` is when that began, `begun` when it was first written to; one that is held is not expected back before
    `until`. `before` is the commit that it had, "" for the rollout's; `after` are those that must be healthy first.
    """

    state: str = WAITING
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    begun: datetime | None = None
    before: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RolloutStatus:
    """How far a merge has come. `state`: running, stopped, done or superseded; `at` counts waves from 0.

    `since` is when that wave began. `reason` says why it stopped, `remedy` what to do.
    """

    id: str
    before: str
    after: str
    author: str
    subject: str
    started: datetime
    state: str
    at: int
    waves: tuple[tuple[str, ...], ...] = ()
    routers: Mapping[str, RolloutRouter] = field(default_factory=dict)
    ended: datetime | None = None
    reason: str = ""
    remedy: str = ""
    since: datetime | None = None


def begin(
    id: str,
    before: str,
    after: str,
    author: str,
    subject: str,
    waves: Sequence[Sequence[str]],
    now: datetime,
    *,
    has: Mapping[str, str] | None = None,
    needs: Mapping[str, Sequence[str]] | None = None,
) -> RolloutStatus:
    """A rollout from one commit to another, its first wave begun; done at once where no router is affected.

    `has` names the commit of each router that is not at `before`, such as `targets` of the rollout that this one
    supersedes; `needs` those that must be healthy before a router is begun, as `waves.before` tells.
    """
    now, has, needs = now.replace(microsecond=0), has or {}, needs or {}
    names = tuple(tuple(wave) for wave in waves if wave)
    routers = {
        name: RolloutRouter(before=_other(has.get(name, ""), before), after=tuple(needs.get(name, ())))
        for wave in names
        for name in wave
    }
    state, ended = (RUNNING, None) if names else (DONE, now)
    return RolloutStatus(id, before, after, author, subject, now, state, 0, names, routers, ended, since=now)


def targets(rollout: RolloutStatus) -> Mapping[str, str]:
    """The commit that each of its routers should be at now."""
    return {name: _target(rollout, router) for name, router in rollout.routers.items()}


def ready(rollout: RolloutStatus, router: str) -> bool:
    """Whether a router may be begun: its wave has, it has not, and all that it comes after are healthy."""
    part = rollout.routers.get(router)
    return (
        part is not None
        and rollout.state == RUNNING
        and part.state in (WAITING, HELD)
        and router in _started(rollout)
        and not lacking(rollout, router)
    )


def lacking(rollout: RolloutStatus, router: str) -> tuple[str, ...]:
    """The routers that have to be healthy before this one is begun, and are not."""
    parts = rollout.routers
    return tuple(name for name in parts[router].after if name in parts and parts[name].state != HEALTHY)


def settled(rollout: RolloutStatus, settings: Rollout, now: datetime) -> tuple[str, ...]:
    """The routers whose health is to be judged now: written to, and left alone for as long as they need to settle."""
    wait = timedelta(seconds=settings.settle)
    parts = rollout.routers.items() if rollout.state == RUNNING else ()
    return tuple(name for name, part in parts if part.state == SETTLING and _age(part.since, now) >= wait)


def with_router(
    rollout: RolloutStatus, name: str, state: str, text: str, now: datetime, until: datetime | None = None
) -> RolloutStatus:
    """The rollout with another state of one of its routers; `until` is when a held one is expected back.

    Where the rollout does not run nothing but the words changes, and that a roll-back has ended; no router is begun
    before its wave.
    """
    part = rollout.routers.get(name)
    if part is None or (state != part.state and not _may(rollout, name, state)):
        return rollout
    now = now.replace(microsecond=0)
    since = part.since if state == part.state else now
    begun = part.begun or (now if state in BEGUN else None)
    expected = until.replace(microsecond=0) if until is not None and state == HELD else None
    return _with(rollout, {name: replace(part, state=state, text=text, since=since, until=expected, begun=begun)})


def judged(
    rollout: RolloutStatus, name: str, reasons: Sequence[str], settings: Rollout, now: datetime
) -> RolloutStatus:
    """The rollout once a router's health was looked at: healthy, not (or no longer) yet, or failed, its time over."""
    part = rollout.routers[name]
    if not reasons:
        return with_router(rollout, name, HEALTHY, "", now)
    over = part.state == SETTLING and _age(part.since, now) >= timedelta(seconds=settings.patience)
    return with_router(rollout, name, FAILED if over else SETTLING, "; ".join(reasons), now)


def advance(rollout: RolloutStatus, settings: Rollout, now: datetime) -> RolloutStatus:
    """The rollout a step further, where one is due: the next wave begun, all done, or stopped with what to do."""
    if rollout.state != RUNNING:
        return rollout
    now = now.replace(microsecond=0)
    rollout = _blocked(rollout, settings, now)
    for number, wave in enumerate(rollout.waves[: rollout.at + 1]):
        lost = [name for name in wave if is_lost(rollout.routers[name], settings, now)]
        if len(lost) > _allowed(settings.max_failures, len(wave)):
            return _stopped(rollout, number, lost, settings, now)
    parts = (rollout.routers[name] for name in _started(rollout))
    if not all(part.state == HEALTHY or is_lost(part, settings, now) for part in parts):
        return rollout
    if rollout.at + 1 < len(rollout.waves):
        return replace(rollout, at=rollout.at + 1, since=now)
    return replace(rollout, state=DONE, ended=now)


def is_lost(part: RolloutRouter, settings: Rollout, now: datetime) -> bool:
    """Whether a router counts as failed: it is, or it is held for longer than there is patience."""
    if part.state != HELD or part.since is None:
        return part.state == FAILED
    expected = max(part.since, part.until or part.since)
    return now - expected >= timedelta(seconds=settings.patience)


def retry(rollout: RolloutStatus, now: datetime) -> RolloutStatus:
    """A stopped rollout, running again from its failed wave on; any other is left as it is."""
    if rollout.state != STOPPED:
        return rollout
    now = now.replace(microsecond=0)
    again = {
        name: replace(part, state=WAITING, text="", since=now, until=None)
        for name, part in rollout.routers.items()
        if part.state in (FAILED, HELD, ROLLING_BACK, ROLLED_BACK, WRITING, SETTLING)
    }
    return replace(_with(rollout, again), state=RUNNING, ended=None, reason="", remedy="", since=now)


def resume(rollout: RolloutStatus, now: datetime) -> RolloutStatus:
    """The rollout as a daemon finds it that starts: time that nobody looked counts against no router's patience."""
    now = now.replace(microsecond=0)
    parts = {
        name: replace(part, since=now)
        for name, part in rollout.routers.items()
        if part.state in (WRITING, SETTLING, HELD) and rollout.state == RUNNING
    }
    return _with(rollout, parts)


def supersede(rollout: RolloutStatus, now: datetime) -> RolloutStatus:
    """The end of a rollout that a newer commit replaces; each router keeps the commit that it has (`targets`)."""
    if rollout.state in (DONE, SUPERSEDED):
        return rollout
    return replace(rollout, state=SUPERSEDED, ended=now.replace(microsecond=0))


def rollout_to_document(rollout: RolloutStatus) -> dict[str, Any]:
    """JSON-ready: kebab-case keys, times in ISO 8601; what is empty is left out."""
    return {"format-version": FORMAT_VERSION, **plain(rollout)}


def rollout_from_document(document: Mapping[str, Any]) -> RolloutStatus:
    """What `rollout_to_document` made; raises ValueError, TypeError or AttributeError where it is something else."""
    found: RolloutStatus = built(RolloutStatus, document)
    if {name for wave in found.waves for name in wave} != set(found.routers) or not 0 <= found.at <= len(found.waves):
        raise ValueError("its waves and its routers do not fit together")
    return found


def _target(rollout: RolloutStatus, part: RolloutRouter) -> str:
    if rollout.state == DONE or part.begun is not None:
        return rollout.after
    return part.before or rollout.before


def _may(rollout: RolloutStatus, name: str, state: str) -> bool:
    """Whether a router may come to another state now."""
    if rollout.state != RUNNING:
        return (rollout.routers[name].state, state) == (ROLLING_BACK, ROLLED_BACK)
    return name in _started(rollout)


def _started(rollout: RolloutStatus) -> Collection[str]:
    return {name for wave in rollout.waves[: rollout.at + 1] for name in wave}


def _with(rollout: RolloutStatus, parts: Mapping[str, RolloutRouter]) -> RolloutStatus:
    return replace(rollout, routers={**rollout.routers, **parts}) if parts else rollout


def _other(commit: str, before: str) -> str:
    return "" if commit == before else commit


def _age(since: datetime | None, now: datetime) -> timedelta:
    return now - since if since is not None else timedelta.max


def _allowed(failures: Failures, size: int) -> int:
    return failures.count or int(round((failures.share or 0.0) * size, 6))


def _blocked(rollout: RolloutStatus, settings: Rollout, now: datetime) -> RolloutStatus:
    """The rollout with what waits for a lost router held too: nothing would ever begin it."""
    lost = {name for name, part in rollout.routers.items() if is_lost(part, settings, now)}
    started, parts = _started(rollout), rollout.routers
    for _ in range(len(parts)):
        found = {
            name: replace(parts[name], state=HELD, text=f"waits for {first[0]}", since=now, until=None)
            for name in started
            if parts[name].state == WAITING and (first := [each for each in parts[name].after if each in lost])
        }
        if not found:
            break
        rollout = _with(rollout, found)
        parts, lost = rollout.routers, lost | found.keys()
    return rollout


def _stopped(rollout: RolloutStatus, wave: int, lost: Sequence[str], settings: Rollout, now: datetime) -> RolloutStatus:
    """The rollout stopped for a wave's lost routers; where one failed and so it is set, rolled back from there on."""
    failed = [name for name in lost if rollout.routers[name].state == FAILED]
    told = "; ".join(f"{name}: {rollout.routers[name].text or rollout.routers[name].state}" for name in lost[:NAMED])
    more = f" and {len(lost) - NAMED} more" if len(lost) > NAMED else ""
    size, share = len(rollout.waves[wave]), f"{len(lost)} of {len(rollout.waves[wave])} routers"
    what = "failed" if failed else "cannot be written to"
    reason = f"{share if size > 1 else 'the router'} of wave {wave + 1} {what}: {told}{more}"
    remedy = RETRY if failed else f"see to what holds them, then `trueup rollout retry`; or {RETRY.partition(',')[0]}"
    stopped = replace(rollout, state=STOPPED, ended=now, reason=reason, remedy=remedy)
    if not failed or settings.on_failure == "hold":
        return stopped
    back = {}
    for name in (name for each in rollout.waves[wave : rollout.at + 1] for name in each):
        part = rollout.routers[name]
        old = part.before or rollout.before
        if part.begun is not None and old:
            text = "; ".join(filter(None, (part.text, f"goes back to {old[:7]}")))
            back[name] = replace(part, state=ROLLING_BACK, text=text, since=now, until=None, begun=None)
        elif part.begun is None and part.state != WAITING:
            back[name] = replace(part, state=WAITING, text="", since=now, until=None)
    return replace(_with(stopped, back), at=wave)
