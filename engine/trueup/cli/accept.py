"""What `trueup apply` refuses unless it is agreed to by hash, or at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import click

from trueup.errors import PlanError, Problem
from trueup.plan import Plan
from trueup.plan.digest import plan_hash, run_hash

accept_option = click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="HASH",
    help="Apply a plan that needs to be agreed to: its hash, or the run's, as shown. May be repeated.",
)


def refuse_guarded(plans: Sequence[Plan], accepted: Collection[str]) -> None:
    """Refuse before anything is written on any router; raises PlanError with every guard that nobody agreed to.

    A hash stands for exactly one plan: of a router, or of all routers of the run.
    """
    if run_hash(plans) in accepted:
        return
    problems = []
    for plan in plans:
        if not plan.guards or (hash := plan_hash(plan)) in accepted:
            continue
        for guard in plan.guards:
            where = f"{guard.menu}: " if guard.menu else ""
            remedy = f"if that is what you want, say --accept {hash}"
            problems.append(Problem(f"this needs to be agreed to: {where}{guard.text}", plan.router, remedy))
    if problems:
        raise PlanError(problems)


def refuse_hindered(plans: Sequence[Plan]) -> None:
    """Refuse what could not be carried out whole; raises PlanError with everything that stands in the way."""
    problems = [
        Problem(f"{check.menu}: {check.text}" if check.menu else check.text, plan.router, check.remedy)
        for plan in plans
        for check in plan.checks
        if check.level == "refuse"
    ]
    if problems:
        raise PlanError(problems)
