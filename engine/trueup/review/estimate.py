"""A plan made without the router: against its last snapshot, else against what the base declares."""

from __future__ import annotations

from dataclasses import replace

from trueup.diff import Keys, Owned, difference
from trueup.diff.owned import why_void
from trueup.order import order_with_needs
from trueup.plan import Plan
from trueup.risk import Manager, analyse, mattering, matters
from trueup.risk.guards import Limits, guards
from trueup.risk.sessions import disruption
from trueup.row import Desired, Live
from trueup_schemas.catalogue import Catalogue


def estimate(
    desired: Desired, live: Live, owned: Owned | None, catalogue: Catalogue, keys: Keys, limits: Limits
) -> Plan:
    """What a plan would be if the router were as `live` says; raises PlanError.

    It tells what blinks, but counts no sessions, and judges neither the net nor what only the router could tell.
    """
    found = difference(desired, live, owned, catalogue, keys)
    plan, _ = order_with_needs(found, desired, live, catalogue, keys)
    if plan.empty:
        return plan
    held = None if owned is None or why_void(owned, live.facts, keys.digest) else owned
    plan = replace(plan, disruption=disruption(plan, live.tables, None))
    return replace(plan, guards=guards(plan, desired, live, held, limits, keys.digest))


def judged(plan: Plan, live: Live, manager: Manager, catalogue: Catalogue) -> Plan:
    """The plan with what would cut the manager off, where its way in is declared and all that decides it is known."""
    if not matters(plan) or not manager.known or any(menu not in live.tables for menu in mattering(manager)):
        return plan
    return replace(plan, lockout=analyse(plan, live.tables, manager, catalogue))
