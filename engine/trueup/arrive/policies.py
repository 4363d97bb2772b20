"""The policies that trueup's user needs on one router, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.row import Desired
from trueup_schemas.catalogue.version import release

ALWAYS: Mapping[str, str] = {
    "api": "log in over the API",
    "read": "read rows",
    "write": "change rows, run the scheduler's and the safe mode's commands",
    "policy": "read and write users and groups, scripts and scheduler rows with policies of their own",
    "sensitive": "compare secrets; without it they read as asterisks",
    "test": "ask for the command tree, and let scripts probe",
}
"""What every run may need."""

SAFE_MODE_SINCE = (7, 18)
HOLDERS = ("/system/script", "/system/scheduler")
"""Menus whose rows hold policies: a user can give a row no policy that is not his own."""


def needed(desired: Desired, version: str | None, *, console: bool) -> dict[str, str]:
    """Each policy that the router's user needs, and what for; a version that is not declared may be an old one.

    `console` says that the network declares how the router's console is reached.
    """
    found = dict(ALWAYS)
    if console and (version is None or release(version)[:2] < SAFE_MODE_SINCE):
        found["ssh"] = "hold safe mode on the console; from 7.18 on the API can"
    for path in HOLDERS:
        table = desired.tables.get(path)
        for row in table.rows if table is not None else ():
            for word in row.text("policy").split(","):
                if word and not word.startswith("!"):
                    found.setdefault(word, f"a declared row of {path} has it")
    return found
