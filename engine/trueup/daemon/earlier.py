"""What a router was brought to before the daemon ran: by `trueup apply` in a terminal."""

from __future__ import annotations

from collections.abc import Collection

from trueup.audit import Audit

WHOLE = ("done", "confirmed")
"""Outcomes of a run after which a router is as its commit declares."""


def brought_earlier(audit: Audit, names: Collection[str]) -> dict[str, str]:
    """The commits that these routers' ownership was recorded at; none where a router's last run fell short.

    What differs from that commit was changed on the router; what differs from a later one may not have come yet.
    """
    found = {name: commit for name in names if (commit := _recorded_at(audit, name)) is not None}
    waiting = set(found)
    for run in audit.runs() if waiting else ():
        for name in waiting & run.routers.keys():
            if run.routers[name].outcome not in WHOLE:
                found[name] = ""
        waiting -= run.routers.keys()
        if not waiting:
            break
    return {name: commit for name, commit in found.items() if commit}


def _recorded_at(audit: Audit, router: str) -> str | None:
    """The commit of one router's record; the record itself, of hundreds of routers, would be too much to hold."""
    record = audit.read_owned(router)
    return None if record is None else str(record.get("commit", ""))
