"""What a plan disturbs, in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trueup.plan.net import Net
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


def net_told(net: Net) -> list[str]:
    """What a plan needs on the router while it is carried out, and what its net does not cover."""
    if net.none:
        return [f"no safety net{f': {net.reason}' if net.reason else ''}; apply needs --net none"]
    needed = ["a script"] if net.undo else []
    needed += ["a scheduler row"] if net.undo or net.unroll else []
    told = [f"needs {' and '.join(needed)} on the router meanwhile"] if needed else []
    if net.batches > 1:
        told.append(f"in {net.batches} batches, each verified before it is kept")
        if not net.undo:
            told.append(f"batches that were kept stay where a later one fails: {net.reason}")
    if net.outside:
        told.append(f"{len(net.outside)} changes of bulk data go outside the net")
    told += [f"the script cannot take back change {number + 1}: {reason}" for number, reason in net.uncovered]
    return told


def duration(seconds: int) -> str:
    """Seconds as RouterOS writes them: `1h10m`, `10m`, `30s`."""
    parts = ((seconds // 3600, "h"), (seconds % 3600 // 60, "m"), (seconds % 60, "s"))
    return "".join(f"{amount}{unit}" for amount, unit in parts if amount) or "0s"
