"""The manager's own way to a router: what is read to judge it, and the plan put into an order that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trueup.device import Session
from trueup.device.around import read_around
from trueup.fleet.reach import manager_of
from trueup.load.router import Router
from trueup.plan import Plan
from trueup.risk import Manager, analyse, make_before_break, mattering, matters
from trueup.row import Tables
from trueup_schemas.catalogue import Catalogue


async def keep_way_in(
    session: Session,
    router: Router,
    catalogue: Catalogue,
    tables: Tables,
    plan: Plan,
    needs: Mapping[int, frozenset[int]],
) -> Plan:
    """The plan in an order that keeps the manager's way in where there is one, with what would cut it.

    Unchanged where it touches nothing of the kind, or where the connection's addresses say nothing.
    """
    manager = manager_of(router, session.ends)
    if not matters(plan) or not manager.known:
        return plan
    ends = (manager.source, manager.destination)
    around = await read_around(session, catalogue, mattering(manager), tables, ends, manager.user)
    if router.connect is None or router.connect.source is None:
        manager = _seen(manager, around.sources)
    plan = make_before_break(plan, around.tables, manager, catalogue, needs)
    return replace(plan, lockout=analyse(plan, around.tables, manager, catalogue))


def _seen(manager: Manager, sources: frozenset[str]) -> Manager:
    """The manager as the router sees it come: something in between may have translated its address."""
    if len(sources) != 1 or manager.source in sources:
        return manager
    seen = replace(manager, source=next(iter(sources)))
    return seen if seen.known else manager
