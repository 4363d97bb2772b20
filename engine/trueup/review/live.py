"""Plans against the live routers: reached as the base says, for rows that were compiled elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from trueup.audit import Audit
from trueup.compile import Compiled, Compiler
from trueup.diff import difference
from trueup.errors import Problem, RouterError, TrueupError
from trueup.fleet.router import RouterRun
from trueup.fleet.run import FleetRun, Watch
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.order import order
from trueup.plan import Plan
from trueup.plan.digest import common
from trueup.review.side import Declared
from trueup.secrets import Stores
from trueup_schemas.catalogue import UnknownVersion
from trueup_schemas.catalogue.version import release

WITHIN = 180.0
"""Seconds that all routers together may take to be read; those that are not done by then are planned otherwise."""


class OtherVersion(RouterError):
    """The router runs another release than its rows were compiled for, and declares none."""

    def __init__(self, router: str, version: str) -> None:
        super().__init__(Problem(f"it runs RouterOS {version}, for which its rows were not compiled", router))
        self.router, self.version = router, version


class Given(Compiler):
    """Stands where a run wants a compiler: the rows were compiled already, and nothing is compiled here."""

    def __init__(self, network: Network, compiled: Mapping[str, Compiled]) -> None:
        super().__init__(network)
        self._compiled = compiled

    def compile(self, router: Router, version: str | None) -> Compiled:
        """The rows that were given for a router; raises OtherVersion where they do not suit it."""
        given = self._compiled[router.name]
        if version is not None and router.version is None and release(version) != release(given.version):
            raise OtherVersion(router.name, version)
        return given


@dataclass
class Reached:
    """What came of reading the routers: plans by router, why there is none, and versions that rows are wanted for.

    `before` tells how many changes of a plan would be made without the change under review, too.
    """

    plans: dict[str, Plan] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    refused: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, other: Reached) -> None:
        """Take over what another reading found; versions are the newest reading's alone."""
        self.plans |= other.plans
        self.before |= other.before
        self.reasons |= other.reasons
        self.refused |= other.refused
        self.versions = other.versions


def meant(declared: Declared, base: Router, ca: Path | None) -> Router:
    """The router as the change declares it, reached as the base says; `ca` is the base's own file, where it has one."""
    connect = base.connect
    if connect is not None and ca is not None:
        connect = connect.model_copy(update={"tls": connect.tls.model_copy(update={"ca": str(ca)})})
    return replace(
        base,
        file=declared.file,
        version=declared.version,
        model=declared.model,
        serial=declared.serial,
        connect=connect,
        reconcile=declared.reconcile,
    )


async def plan_live(
    base: Network,
    routers: Sequence[Router],
    compiled: Mapping[str, Compiled],
    declared: Mapping[str, Compiled],
    stores: Stores,
    audit: Audit | None,
    watch: Watch,
    within: float = WITHIN,
) -> Reached:
    """Plan the routers as they are now; never raises for what one of them does.

    `compiled` are the rows to plan, `declared` those of the base.
    """
    reached = Reached()
    async with FleetRun(base, routers, stores, audit, watch, compiler=Given(base, compiled)) as run:
        try:
            await asyncio.wait_for(run.plan(), within)
        except TimeoutError:
            pass
        except UnknownVersion as error:
            raise RouterError(str(error)) from None
        reached.plans = {plan.router: plan for plan in run.plans}
        reached.before = {each.router.name: _before(each, declared.get(each.router.name)) for each in run.runs}
        for failure in run.failures:
            _sort(failure.router, failure.error, failure.problems, reached)
    late = f"not read within {within:.0f} seconds"
    for router in routers:
        if router.name not in {*reached.plans, *reached.reasons, *reached.refused, *reached.versions}:
            reached.reasons[router.name] = late
    return reached


def _before(run: RouterRun, declared: Compiled | None) -> int:
    """How many changes of the plan the base's own rows would bring about: drift, or what was not applied yet."""
    if run.plan.empty or declared is None:
        return 0
    try:
        found = difference(declared.desired, run.live, run.owned, run.catalogue, run.keys)
        return common(run.plan, order(found, declared.desired, run.live, run.catalogue, run.keys))
    except TrueupError:
        return 0


def _sort(router: str, error: TrueupError | None, problems: tuple[Problem, ...], reached: Reached) -> None:
    """A router that cannot be reached is planned otherwise; one that answers and cannot be planned is a problem."""
    if isinstance(error, OtherVersion):
        reached.versions[router] = error.version
    elif isinstance(error, RouterError):
        reached.reasons[router] = "; ".join(problem.message for problem in problems)
    else:
        reached.refused[router] = problems
