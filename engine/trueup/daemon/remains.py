"""What a run that died has left: its net may still take back what a router shows."""

from __future__ import annotations

from trueup.audit import Audit
from trueup.device import Refused, Session
from trueup.fleet.journals import journal_path
from trueup.fleet.settle import Settler
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.plan.net import UNDO
from trueup.secrets import Stores


async def take_back(network: Network, router: Router, stores: Stores, audit: Audit) -> bool:
    """Have a router undo at once what a run of ours did that died on this machine; whether there was one.

    `audit` holds the router. Raises TrueupError.
    """
    if not journal_path(network.root, router.name).exists():
        return False
    settler = Settler(network, router, stores, audit)
    await settler.recover(await settler.look(), undo=True)
    return True


async def undoing(session: Session) -> str:
    """Why what the router shows may not last, "" where it does: safe mode is held, or a script waits to undo."""
    try:
        rows = (await session.talk(["/safe-mode/print", "=.proplist=enabled,user"])).rows
    except Refused:  # before 7.18 the router does not tell
        rows = []
    if any(row.get("enabled") == "true" for row in rows):
        return f"safe mode is held by {rows[0].get('user') or 'somebody'}, so what is there may be undone"
    rows = (await session.talk(["/system/scheduler/print", "=.proplist=name"])).rows
    if any(row.get("name", "").startswith(f"{UNDO}-") for row in rows):
        return "a run that has not ended may still be undone by its script; it does so by itself, or `trueup recover`"
    return ""
