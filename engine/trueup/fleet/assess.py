"""What a plan says about itself: what it could break, whom it disturbs, what has to be agreed to, and its net."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from trueup.device import Session, read
from trueup.device.counts import count
from trueup.device.preflight import preflight
from trueup.diff import Difference, Keys, Owned
from trueup.fleet.nets import Asked, net_of
from trueup.fleet.way_in import keep_way_in
from trueup.load.router import Router
from trueup.plan import Plan
from trueup.risk.found import Found
from trueup.risk.guards import Limits, guards
from trueup.risk.net import Able
from trueup.risk.preflight import checks, declared_ids, schedules
from trueup.risk.sessions import behind, counting, disruption
from trueup.row import Desired, Live, Tables
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.catalogue.version import release


@dataclass(frozen=True)
class Drawn:
    """A plan as it was drawn, and what it was drawn from; `needs` are changes that each change must follow.

    `owned` is the record as it holds, None where nothing counts as ours.
    """

    plan: Plan
    needs: Mapping[int, frozenset[int]]
    difference: Difference
    desired: Desired
    live: Live
    owned: Owned | None


@dataclass(frozen=True)
class Assessor:
    """Assesses one router's plans; what it needs beside `live` it reads, in as few passes as can be."""

    router: Router
    catalogue: Catalogue
    keys: Keys
    limits: Limits
    asked: Asked
    seen: frozenset[str] = frozenset()

    async def assess(self, session: Session, drawn: Drawn) -> Plan:
        """The plan, in the order that keeps the manager's way in where one does, with all that it says of itself.

        Raises RouterError.
        """
        live = drawn.live
        plan = await keep_way_in(session, self.router, self.catalogue, live.tables, drawn.plan, drawn.needs)
        tables = await self._beside(session, live.tables, behind(plan))
        user = self.router.connect.username if self.router.connect else ""
        declared = declared_ids(drawn.difference)
        counts, found = await asyncio.gather(count(session, counting(plan, tables)), preflight(session, user))
        plan = replace(plan, disruption=disruption(plan, tables, counts))
        net = net_of(plan, live, self.catalogue, self._able(found, live), self.asked)
        final = [number for number, _ in net.uncovered] if not net.hold or net.confirm else []
        return replace(
            plan,
            net=net,
            guards=guards(plan, drawn.desired, live, drawn.owned, self.limits, self.keys.digest, final),
            checks=checks(found, plan, live, self.catalogue, datetime.now(UTC), declared),
        )

    def _able(self, found: Found, live: Live) -> Able:
        """What the router lets a net use."""
        console = self.router.connect is not None and self.router.connect.ssh is not None
        return Able(release(live.facts.version), schedules(found, live.facts.version), console, self.seen)

    async def _beside(self, session: Session, tables: Tables, paths: Iterable[str]) -> Tables:
        """The tables, and those of further menus that the router has."""
        missing = [path for path in paths if path in self.catalogue and path not in tables]
        if not missing:
            return tables
        extra = await read(session, [self.catalogue.menu(path) for path in missing])
        return {**extra.tables, **tables}
