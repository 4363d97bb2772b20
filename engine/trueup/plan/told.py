"""What a plan disturbs, in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trueup.plan.risk import Blink, Disruption, Sessions

NAMED = 4
"""Things that are named; of more, only how many there are."""


def disruption_told(disruption: Disruption) -> list[str]:
    """What blinks and what is not known, then the sessions behind it: `ether2 blinks`, `up to 12 PPP sessions drop`."""
    blinks = disruption.blinks
    parts = ["the router reboots"] if disruption.worst == "reboot" else []
    if blinking := _names(blinks, "session", "interface"):
        parts.append(f"{_listed(blinking)} {'blinks' if len(blinking) == 1 else 'blink'}")
    if disruption.worst in ("none", "unknown"):
        parts.append("nothing blinks" if disruption.worst == "none" else "nothing else blinks")
    if unknown := _names(blinks, "unknown"):
        parts.insert(0, f"{_listed(unknown)}: not known")
    return [*parts, *sessions_told(disruption.sessions)]


def sessions_told(sessions: Sequence[Sessions]) -> list[str]:
    """How many sessions there are and what becomes of them; that there are none is told where some would drop."""
    some = [each for each in sessions if each.count]
    if not some and any(each.fate != "stay" for each in sessions):
        return ["no sessions"]
    return [_told(each) for each in some]


def summed(all: Iterable[Sessions]) -> tuple[Sessions, ...]:
    """The sessions of several routers, added up by kind and fate."""
    sums: dict[tuple[object, ...], Sessions] = {}
    for each in all:
        key = (each.kind, each.fate, each.exact)
        before = sums[key].count if key in sums else 0
        sums[key] = Sessions(each.kind, before + each.count, each.fate, each.exact)
    return tuple(sums.values())


def _told(sessions: Sessions) -> str:
    kind = sessions.kind if sessions.count == 1 else f"{sessions.kind}s"
    fate = (
        {"stay": "stays", "drop": "drops"}.get(sessions.fate, sessions.fate) if sessions.count == 1 else sessions.fate
    )
    return f"{'' if sessions.exact else 'up to '}{sessions.count} {kind} {fate}"


def _names(blinks: Iterable[Blink], *effects: str) -> list[str]:
    return list(dict.fromkeys(blink.what for blink in blinks if blink.effect in effects))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED} more"
