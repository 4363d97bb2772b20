"""Whether a router is well after a change: reached anew, its probes answered, its sessions back."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Iterator, Mapping

from trueup.device import Refused, Session, TimedOut, connect
from trueup.device.counts import count
from trueup.errors import TrueupError
from trueup.fleet.reach import target_of
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.risk.sessions import ALL_HOTSPOT, ALL_PPP, BOUND, HOTSPOT_SESSION, LEASE, LEASES, PPP_SESSION, Query
from trueup.row import Resolver
from trueup_schemas.operate import Probe

LIMIT = 30.0
"""Seconds for the whole of it."""

PINGS, PING_WAIT, TCP_WAIT = 3, 10.0, 5.0
"""Packets of one ping, of which one answer is enough; seconds for its reply, and for a TCP connection."""

NETWATCH = "/tool/netwatch"

COUNTED: Mapping[str, Query] = {
    HOTSPOT_SESSION: ALL_HOTSPOT,
    PPP_SESSION: ALL_PPP,
    LEASE: (LEASES, (BOUND,)),
}
"""What subscribers notice, by its name; numbers alone are asked for."""


async def count_sessions(session: Session) -> dict[str, int]:
    """How many sessions of each kind a router has, before a change; kinds that it does not tell are left out.

    Raises RouterError where the router is lost.
    """
    found = await count(session, COUNTED.values())
    return {kind: found[query] for kind, query in COUNTED.items() if query in found}


async def health(
    router: Router, network: Network, resolve: Resolver, before: Mapping[str, int] | None = None
) -> tuple[str, ...]:
    """Why a router is not healthy, () where it is; never raises for what the router does, and ends within LIMIT.

    Over new connections: it is reached, every declared probe is fine, and of the sessions counted `before` (by
    `count_sessions`) the share is back that `rollout.sessions` says.
    """
    near = asyncio.gather(*(_tcp(probe.tcp) for probe in router.reconcile.probes if probe.tcp))
    try:
        async with asyncio.timeout(LIMIT):
            reasons = await _at_the_router(router, network, resolve, before or {})
            return (*reasons, *filter(None, await near))
    except TimeoutError:
        return (f"no whole answer within {LIMIT:g} s",)
    except TrueupError as error:
        return (f"not reached over a new connection: {error.problems[0].message}",)
    finally:
        near.cancel()
        await asyncio.gather(near, return_exceptions=True)


async def _at_the_router(
    router: Router, network: Network, resolve: Resolver, before: Mapping[str, int]
) -> tuple[str, ...]:
    async with connect(target_of(router, network.root, resolve)) as session:
        probed = await asyncio.gather(*(_probed(session, probe) for probe in router.reconcile.probes))
        counted = await count_sessions(session) if any(before.values()) else {}
    return (*filter(None, probed), *_missing(before, counted, network.settings.rollout.sessions))


async def _probed(session: Session, probe: Probe) -> str:
    """Why a probe that runs on the router is not fine, "" where it is; one that the router refuses is not."""
    try:
        if probe.ping is not None:
            return await _ping(session, probe.ping)
        return await _netwatch(session, probe.netwatch) if probe.netwatch is not None else ""
    except Refused as refused:
        return f"{_title(probe)}: the router refuses: {refused.problems[0].message}"
    except TimedOut:
        return f"{_title(probe)}: no answer"


def _title(probe: Probe) -> str:
    return f"ping {probe.ping}" if probe.ping is not None else f"netwatch {probe.netwatch}"


async def _ping(session: Session, address: str) -> str:
    words = ["/ping", f"=address={address}", f"=count={PINGS}", "=interval=200ms"]
    rows = (await session.talk(words, deadline=PING_WAIT)).rows
    # A hop on the way that says `host unreachable` answers with a time too, and is counted as received.
    if any(row.get("time") and not row.get("status") for row in rows):
        return ""
    why = next((row["status"] for row in rows if row.get("status")), "no answer")
    return f"ping {address}: {why}"


async def _netwatch(session: Session, name: str) -> str:
    """By name, where the version has names, else by comment or host."""
    words = [f"{NETWATCH}/print", "=.proplist=name,comment,host,status,disabled"]
    rows = (await session.talk(words)).rows
    for key in ("name", "comment", "host"):
        found = [row for row in rows if row.get(key) == name]
        if found:
            states = {row.get("status") or "unknown" for row in found}
            return "" if states == {"up"} else f"netwatch {name}: {', '.join(sorted(states - {'up'}))}"
    return f"netwatch {name}: there is no such entry"


async def _tcp(where: str) -> str:
    host, _, port = where.rpartition(":")
    try:
        async with asyncio.timeout(TCP_WAIT):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        writer.close()
    except TimeoutError:
        return f"tcp {where}: no answer within {TCP_WAIT:g} s"
    except OSError as error:
        number = error.errno or 0  # errors of name resolution have numbers of their own, below 0
        reason = os.strerror(number).lower() if number > 0 else "the name cannot be resolved"
        return f"tcp {where}: {reason}"
    return ""


def _missing(before: Mapping[str, int], now: Mapping[str, int], share: float) -> Iterator[str]:
    for kind, had in before.items():
        wanted = math.ceil(round(had * share, 6))
        if kind not in now:
            if had:
                yield f"{kind}s: the router no longer tells how many"
        elif now[kind] < wanted:
            yield f"{kind}s: {now[kind]} of {had}, {wanted} are expected"
