"""The drift's author, from the router's own history."""

from __future__ import annotations

from trueup.device import Refused, Session, TimedOut
from trueup.diff.history import Action, Author, Authors, authors_of
from trueup.plan import Plan

HISTORY = "/system/history"
COLUMNS = ("action", "by", "time", "redo", "undo", "redoable")


async def authors(session: Session, plan: Plan, username: str) -> Authors:
    """Who made what a plan would undo, by menu and by change: one command more, none where nothing differs.

    `username` is trueup's own user there, which is never an author. Who is not told is "unknown": the router holds its
    last 100 actions, and none after a restart. Raises RouterError where the connection is lost.
    """
    if plan.empty:
        return Authors({}, {})
    try:
        reply = await session.talk([f"{HISTORY}/print", f"=.proplist={','.join(COLUMNS)}"])
    except (Refused, TimedOut):
        return Authors({change.menu: Author() for change in plan.changes}, {})
    # Actions that were undone meanwhile made nothing differ.
    rows = [row for row in reply.rows if row.get("redoable") != "true"]
    history = [
        Action(row.get("by", ""), row.get("time", ""), row.get("action", ""), row.get("redo", ""), row.get("undo", ""))
        for row in rows
    ]
    return authors_of(plan, history, username)
