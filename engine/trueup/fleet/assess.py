"""What a plan says about itself: what it could break, whom it disturbs, what has to be agreed to, and its net."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from trueup.device import Session, read
from trueup.device.counts import count
from trueup.diff import Keys, Owned
from trueup.fleet.nets import Asked, net_of
from trueup.fleet.reach import manager_of
from trueup.load.router import Router
from trueup.plan import Plan
from trueup.risk import MATTERING, analyse, make_before_break, matters
from trueup.risk.guards import Limits, guards
from trueup.risk.net import Able
from trueup.risk.sessions import behind, counting, disruption
from trueup.row import Desired, Live, Tables
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.catalogue.version import release


@dataclass(frozen=True)
class Assessor:
    """Assesses one router's plans; what it needs beside `live` it reads, in as few passes as can be."""

    router: Router
    catalogue: Catalogue
    keys: Keys
    limits: Limits
    asked: Asked
    seen: frozenset[str] = frozenset()

    async def assess(self, session: Session, plan: Plan, desired: Desired, live: Live, owned: Owned | None) -> Plan:
        """The plan, in the order that keeps the manager's way in where it can be kept, with all that it says of itself.

        `owned` is the record as it holds. Raises RouterError.
        """
        manager = manager_of(self.router, session.ends)
        judged = matters(plan) and manager.known
        tables = await self._beside(session, live.tables, {*(MATTERING if judged else ()), *behind(plan)})
        if judged:
            plan = make_before_break(plan, tables, manager, self.catalogue)
            plan = replace(plan, lockout=analyse(plan, tables, manager))
        counts = await count(session, counting(plan, tables))
        plan = replace(plan, disruption=disruption(plan, tables, counts))
        net = net_of(plan, live, self.catalogue, self._able(live), self.asked)
        final = [number for number, _ in net.uncovered] if not net.hold or net.confirm else []
        found = guards(plan, desired, live, owned, self.limits, self.keys.digest, final)
        return replace(plan, net=net, guards=found)

    def _able(self, live: Live) -> Able:
        """What the router lets a net use."""
        return Able(release(live.facts.version), seen=self.seen)

    async def _beside(self, session: Session, tables: Tables, paths: Iterable[str]) -> Tables:
        """The tables, and those of further menus that the router has."""
        missing = [path for path in sorted(paths) if path in self.catalogue and path not in tables]
        if not missing:
            return tables
        extra = await read(session, [self.catalogue.menu(path) for path in missing])
        return {**extra.tables, **tables}
