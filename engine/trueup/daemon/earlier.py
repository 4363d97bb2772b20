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
    records = {name: audit.read_owned(name) for name in names}
    found = {name: str(record.get("commit", "")) for name, record in records.items() if record is not None}
    waiting = set(found)
    for run in audit.runs() if waiting else ():
        for name in waiting & run.routers.keys():
            if run.routers[name].outcome not in WHOLE:
                found[name] = ""
        waiting -= run.routers.keys()
        if not waiting:
            break
    return {name: commit for name, commit in found.items() if commit}
