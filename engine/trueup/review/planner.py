"""Planning the routers that a change touches: each against the best that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from trueup.compile import Compiled
from trueup.errors import DeclarationError, PlanError, Problem, TrueupError
from trueup.fleet.run import Watch
from trueup.load.history import Commit
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.review.authority import Authority, base_ca
from trueup.review.change import Change
from trueup.review.estimator import Estimator
from trueup.review.live import Reached, meant, plan_live
from trueup.review.reviewed import Kind, Reviewed
from trueup.review.side import Declared, Side
from trueup_schemas.secret import PublicKeyOf, SecretRef


@dataclass
class Planner:
    """Plans the routers that a change touches, each against the best that is known of it."""

    change: Change
    authority: Authority
    base: Commit
    watch: Watch
    within: float
    compiled: dict[str, Compiled] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        return self.change.network

    async def reach(self, routers: Iterable[Declared], folder: Path) -> Reached:
        """Plans against live routers, where the base says how to reach them and has the secrets to."""
        reached, meants = Reached(), {}
        self.compiled = {each.router: each.compiled for each in routers if each.compiled is not None}
        for each in routers:
            try:
                meants[each.router] = self._meant(each, folder)
            except TrueupError as error:
                reached.reasons[each.router] = error.problems[0].message
        await self._read(meants, reached)
        return reached

    async def _read(self, routers: Mapping[str, Router], reached: Reached) -> None:
        """Read and plan; routers of another version than their rows are for are compiled anew and read again."""
        stores, audit = self.authority.stores, self.authority.audit
        for _ in range(2):
            left = [router for name, router in routers.items() if name in self._open(reached)]
            if stores is None or not left:
                return
            found = await plan_live(
                self.network, left, self.compiled, self._declared, stores, audit, self.watch, self.within
            )
            reached.add(found)
            if found.versions:
                self._compile_for(self.change.compiled_for(found.versions), reached)

    @property
    def _declared(self) -> dict[str, Compiled]:
        """What the base declares."""
        routers = self.change.base.routers.values()
        return {each.router: each.compiled for each in routers if each.compiled is not None}

    def _open(self, reached: Reached) -> set[str]:
        done = {*reached.plans, *reached.reasons, *reached.refused}
        return {name for name in self.compiled if name not in done}

    def _compile_for(self, side: Side, reached: Reached) -> None:
        for name, declared in side.routers.items():
            if declared.compiled is not None:
                self.compiled[name] = declared.compiled
            else:
                reached.refused[name] = declared.problems or side.problems

    def _meant(self, declared: Declared, folder: Path) -> Router:
        """The router as it is to be contacted; raises DeclarationError that says why it may not be."""
        before = self.change.base.routers.get(declared.router)
        if before is None:
            raise DeclarationError(Problem("it is new in this change, and is not contacted before it is merged"))
        if before.connect != declared.connect:
            raise DeclarationError(
                Problem("this change says how it is reached, so it is not contacted before it is merged")
            )
        if self.authority.stores is None:
            raise DeclarationError(Problem(self.authority.lacking))
        router = self.network.router(declared.router)
        return meant(declared, router, base_ca(router, self.network, self.base.sha, folder))

    def reviewed(self, old: Declared | None, new: Declared | None, reached: Reached) -> Reviewed:
        """One router, planned against itself, its snapshot or the base, whichever is the first that can be."""
        if new is None:
            return Reviewed(old.router if old else "", "removed")
        name = new.router
        kind: Kind = "changed" if old is not None else "new"
        found = Reviewed(
            name,
            kind,
            reason=reached.reasons.get(name, ""),
            connect_changed=old is not None and old.connect != new.connect,
            secrets=tuple(sorted(_secrets(new.compiled) - _secrets(old.compiled if old else None))),
        )
        if name in reached.plans:
            return replace(found, plan=reached.plans[name], against="router", before=reached.before.get(name, 0))
        if name in reached.refused or name not in self.compiled:
            return replace(found, problems=reached.refused.get(name, new.problems))
        compiled, base = self.compiled[name], old.compiled.desired if old is not None and old.compiled else None
        try:
            return self._estimator.estimated(found, base, compiled)
        except PlanError as error:
            return replace(found, problems=tuple(replace(each, severity="warning") for each in error.problems))

    @property
    def _estimator(self) -> Estimator:
        return Estimator(self.network, self.authority)


def _secrets(compiled: Compiled | None) -> set[str]:
    tables = compiled.desired.tables.values() if compiled is not None else ()
    values = (value for table in tables for row in table for value in row.values.values())
    return {
        value.name if isinstance(value, SecretRef) else value.private.name
        for value in values
        if isinstance(value, SecretRef | PublicKeyOf)
    }
