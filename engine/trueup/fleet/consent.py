"""What stands between a plan and its apply: what nobody agreed to, and what cannot be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from trueup.errors import Problem
from trueup.fleet.nets import Asked
from trueup.plan import Plan
from trueup.plan.digest import plan_hash, run_hash


def hindered(plans: Sequence[Plan]) -> Iterator[Problem]:
    """Everything on the routers that stands in the plans' way: they could not be carried out whole."""
    for plan in plans:
        for check in plan.checks:
            if check.level == "refuse":
                text = f"{check.menu}: {check.text}" if check.menu else check.text
                yield Problem(text, plan.router, check.remedy)


def locked_out(plans: Sequence[Plan], remedy: str) -> Iterator[Problem]:
    """Every change that would keep the manager out."""
    for plan in plans:
        for cut in plan.lockout.cuts if plan.lockout else ():
            yield Problem(f"the manager's path {cut.verdict}: {cut.menu}: {cut.text}", plan.router, remedy)


def guarded(plans: Sequence[Plan], accepted: Collection[str], remedy: str) -> Iterator[Problem]:
    """Every guard that nobody agreed to; a hash stands for exactly one plan: of a router, or of all of the run.

    `remedy` says HASH where the plan's hash belongs.
    """
    if run_hash(plans) in accepted:
        return
    for plan in plans:
        if not plan.guards or (hash := plan_hash(plan)) in accepted:
            continue
        for guard in plan.guards:
            where = f"{guard.menu}: " if guard.menu else ""
            text = f"this needs to be agreed to: {where}{guard.text}"
            yield Problem(text, plan.router, remedy.replace("HASH", hash))


def netless(plans: Sequence[Plan], asked: Asked) -> Iterator[Problem]:
    """Every plan that would be applied without a net, or could not wait, unless that is what was asked for."""
    for plan in plans:
        if plan.net is None or asked.none:
            continue
        reason = f": {plan.net.reason}" if plan.net.reason else ""
        if plan.net.none:
            remedy = "say --net none to apply without one"
            yield Problem(f"there is no safety net for this plan{reason}", plan.router, remedy)
        elif asked.confirm and not plan.net.confirm:
            remedy = "apply without --confirm-within"
            yield Problem(f"nothing can take the plan back later{reason}", plan.router, remedy)
