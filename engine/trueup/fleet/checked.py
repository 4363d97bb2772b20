"""A plan with what stands in its way on its router."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from trueup.device import Session
from trueup.device.preflight import preflight
from trueup.diff import Difference
from trueup.load.router import Router
from trueup.plan import Plan
from trueup.risk.found import Found
from trueup.risk.preflight import checks, declared_ids
from trueup.row import Live
from trueup_schemas.catalogue import Catalogue


async def checked(
    session: Session, router: Router, plan: Plan, live: Live, difference: Difference, catalogue: Catalogue
) -> tuple[Plan, Found]:
    """The plan with its checks, and what the router told of itself; an empty plan asks nothing. Raises RouterError."""
    if plan.empty:
        return plan, Found()
    found = await preflight(session, router.connect.username if router.connect else "")
    now, declared = datetime.now(UTC), declared_ids(difference)
    return replace(plan, checks=checks(found, plan, live, catalogue, now, declared)), found
