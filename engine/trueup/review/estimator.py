"""Planning a router that is not asked itself: what is known of it from its last snapshot, else from the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from trueup.compile import Compiled
from trueup.diff import Keys, Owned
from trueup.diff.owned import key_digest, owned_from_document
from trueup.errors import AuditError, PlanError, SecretError
from trueup.fleet.reach import manager_of
from trueup.fleet.snapshot import SNAPSHOT, snapshot_to_live, texts_of
from trueup.load.network import Network
from trueup.plan import Note, Plan
from trueup.review.assumed import assume, stand_in_keys
from trueup.review.authority import Authority
from trueup.review.estimate import estimate, judged
from trueup.review.reviewed import Reviewed
from trueup.risk import Manager
from trueup.risk.guards import Limits
from trueup.row import Desired, Live
from trueup_schemas.catalogue import Catalogue


@dataclass(frozen=True)
class Estimator:
    """Estimates with what the base gives: its guards, its audit, its keys."""

    network: Network
    authority: Authority

    def estimated(self, found: Reviewed, base: Desired | None, compiled: Compiled) -> Reviewed:
        """The router with a plan, and what that was made against; raises PlanError where there can be none."""
        catalogue = self.network.captures.catalogue(found.router, compiled.version)
        snapshot, keys = self._snapshot(found.router), self.authority.keys
        why = found.reason
        if snapshot is not None and keys is not None:
            try:
                plan = self._from_snapshot(snapshot, base, compiled, catalogue, keys)
                told = "; ".join(filter(None, (why, f"the snapshot is of {str(snapshot.get('taken'))[:16]}")))
                return replace(found, plan=plan, against="snapshot", reason=told)
            except (AuditError, PlanError, SecretError) as error:
                why = "; ".join(filter(None, (why, f"its snapshot does not do: {error.problems[0].message}")))
        assumed, owned = assume(base, compiled.desired, compiled.version, catalogue, stand_in_keys())
        plan = estimate(compiled.desired, assumed, owned, catalogue, stand_in_keys(), self._limits)
        return replace(found, plan=plan, against="base", reason=why)

    @property
    def _limits(self) -> Limits:
        said = self.network.settings.guards
        return Limits(said.remove_rows, said.remove_share)

    def _from_snapshot(
        self,
        snapshot: Mapping[str, Any],
        base: Desired | None,
        compiled: Compiled,
        catalogue: Catalogue,
        keys: Keys,
    ) -> Plan:
        """A plan against what the router was; menus that the snapshot lacks are taken to be as the base says."""
        if snapshot.get("key") != key_digest(keys.digest)[:16]:
            raise AuditError("it was made with another digest key")
        desired = compiled.desired
        texts = texts_of([each for each in (base, desired) if each is not None], catalogue, keys)
        live = snapshot_to_live(snapshot, catalogue, texts)
        assumed, _ = assume(base, desired, compiled.version, catalogue, keys)
        lacking = [path for path in assumed.tables if path not in live.tables]
        live = Live(live.facts, {**{path: assumed.tables[path] for path in lacking}, **live.tables})
        plan = estimate(desired, live, self._owned(compiled.router), catalogue, keys, self._limits)
        touched = sorted({change.menu for change in plan.changes} & set(lacking))
        notes = tuple(Note("not in the snapshot; taken to be as declared until now", menu) for menu in touched)
        return judged(replace(plan, notes=(*plan.notes, *notes)), live, self._manager(compiled.router), catalogue)

    def _manager(self, router: str) -> Manager:
        """The manager's way in as the base declares it; not known where it does not say both its ends."""
        return manager_of(self.network.router(router), ("", ""))

    def _snapshot(self, router: str) -> Mapping[str, Any] | None:
        known = {each.name for each in self.network.routers}
        return self._kept(router) if router in known else None

    def _kept(self, router: str) -> Mapping[str, Any] | None:
        return self.authority.audit.read_kept(router, SNAPSHOT) if self.authority.audit else None

    def _owned(self, router: str) -> Owned | None:
        document = self.authority.audit.read_owned(router) if self.authority.audit else None
        return owned_from_document(document) if document is not None else None
