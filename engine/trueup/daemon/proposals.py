"""Drift that is proposed for adoption: once for each drift, and taken back when it is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from trueup.daemon.events import Event
from trueup.daemon.keeper import Keeper
from trueup.daemon.propose import propose, withdraw
from trueup.daemon.situation import Visited
from trueup.daemon.status import RouterStatus
from trueup.fleet.drift import read_drift
from trueup.forge import Forge, open_forge

Note = Callable[[str, str, Mapping[str, Any] | None], None]
"""Has a document about a router kept in the audit."""

AGAIN = 60.0
"""Seconds after which a proposal that failed is tried again, since a forge or a remote may be back."""

PROPOSAL = "proposal"
FORMAT_VERSION = "1.0"


class Proposals:
    """What was proposed for which router; kept in the audit, so that a restart proposes nothing twice."""

    def __init__(self, keeper: Keeper, note: Note) -> None:
        self._keeper, self._note = keeper, note
        self._kept: dict[str, Mapping[str, Any]] = {}
        self._tried: dict[str, tuple[Mapping[str, str], float]] = {}

    def consider(self, name: str, found: Visited) -> None:
        """Begin a proposal where a router's drift is another one, or its end where there is none; raises AuditError."""
        router = self._keeper.force.router(name)
        if router is None or found.plan is None or found.status.suspended is not None:
            return
        modes, kept = router.reconcile, self._read(name)
        drift = {menu: mark for menu, mark in found.marks.items() if modes.mode_of(menu) == "propose"}
        if drift and kept.get("drift") != drift and self._due(name, drift):
            self._keeper.errands.run(f"proposal for {name}", partial(self._propose, name, drift, found))
        elif not drift and kept:
            self._keeper.errands.run(f"proposal for {name}", partial(self._withdraw, name))

    def keep_only(self, names: Collection[str]) -> None:
        """Forget routers that are no longer declared."""
        self._kept = {name: each for name, each in self._kept.items() if name in names}
        self._tried = {name: each for name, each in self._tried.items() if name in names}

    def shown(self, name: str, status: RouterStatus) -> RouterStatus:
        """The status with where its drift was proposed; a look that began before does not know it."""
        kept = self._read(name)
        place = kept.get("url") or (kept.get("branch", "") if kept.get("outcome") in ("proposed", "there") else "")
        menus = kept.get("drift", {})
        drift = tuple(replace(each, proposal=place) if each.menu in menus else each for each in status.drift)
        return replace(status, drift=drift) if place else status

    def _due(self, name: str, drift: Mapping[str, str]) -> bool:
        """Whether a drift may be proposed now: one that could not be is tried again only after a while."""
        now, (tried, when) = time.monotonic(), self._tried.get(name, ({}, 0.0))
        if tried == drift and now - when < AGAIN:
            return False
        self._tried[name] = (drift, now)
        return True

    async def _propose(self, name: str, drift: Mapping[str, str], found: Visited) -> None:
        keeper, revision = self._keeper, self._keeper.rollouts.target(name).revision
        router = revision.router(name)
        if router is None:
            return
        read = await read_drift(revision.network, router, keeper.stores, keeper.audit)
        said = revision.network.settings.daemon
        authors = _authors(found, drift)
        made = await propose(revision.network, router, read, authors, said.remote, said.branch, self._forge(), drift)
        about = {"branch": made.branch, "outcome": made.outcome, "text": made.text, "url": made.url}
        when = datetime.now(UTC).isoformat(timespec="seconds")
        document = {"format-version": FORMAT_VERSION, "drift": dict(drift), "when": when, **about}
        self._keep(name, {part: value for part, value in document.items() if value})
        told = made.place
        status = keeper.board.router(name)
        mine = (replace(each, proposal=told) if each.menu in drift else each for each in status.drift)
        keeper.board.post(replace(status, drift=tuple(mine)))
        keeper.bus.tell(
            Event("proposed", f"{made.text}: {told}" if told else made.text, name, key=f"{name} {made.commit}")
        )

    async def _withdraw(self, name: str) -> None:
        revision = self._keeper.force
        why = "The router is as declared again."
        await withdraw(revision.network, name, revision.network.settings.daemon.remote, self._forge(), why)
        self._keep(name, None)

    def _forge(self) -> Forge | None:
        declared = self._keeper.force.network.settings.forge
        return open_forge(declared, self._keeper.stores.resolve(declared.token)) if declared is not None else None

    def _read(self, name: str) -> Mapping[str, Any]:
        if name not in self._kept:
            self._kept[name] = self._keeper.audit.read_kept(name, PROPOSAL) or {}
        return self._kept[name]

    def _keep(self, name: str, document: Mapping[str, Any] | None) -> None:
        self._kept[name] = document or {}
        self._note(name, PROPOSAL, document)


def _authors(found: Visited, drift: Mapping[str, str]) -> str:
    """Who made it, by the router's own history."""
    told = [f"{each.menu}: {' '.join(filter(None, (each.author, each.when)))}" for each in found.status.drift]
    return "; ".join(text for text in told if text.partition(":")[0] in drift)
