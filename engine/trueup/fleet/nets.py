"""The net of one router's run: chosen when it is planned, put up when it is applied."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.apply import ApiHold, ArmedUndo, ConsoleHold, Nets, guard
from trueup.device import ConsoleTarget, Line
from trueup.inverse import undo
from trueup.load.router import Router
from trueup.plan import Plan
from trueup.plan.digest import plan_hash
from trueup.plan.net import UNDO, Net
from trueup.risk.batches import batches
from trueup.risk.net import Able, Script, choose
from trueup.row import Live
from trueup_schemas.catalogue import Catalogue

LEAST, EACH = 120, 0.2
"""Seconds until a net acts by itself: at least, and more for each change; a busy router has been seen to take 30 s."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator said of the net: `none` for no net, `confirm` seconds to confirm the plan within."""

    none: bool = False
    confirm: int = 0


def net_of(plan: Plan, live: Live, catalogue: Catalogue, able: Able, asked: Asked) -> Net:
    """The net that the plan will be applied under."""
    if asked.none:
        return Net(reason="the operator wants none")
    script = undo(plan, live, catalogue, _name(plan))
    uncovered = tuple((each.change, each.reason) for each in script.uncovered)
    return choose(plan, catalogue, able, Script(len(script.script.encode()), uncovered), asked.confirm)


def put_up(
    plan: Plan, live: Live, catalogue: Catalogue, router: Router, line: Line, console: ConsoleTarget | None
) -> Nets:
    """The parts of the plan's net, none of them on the router yet."""
    net = plan.net or Net()
    mark = plan_hash(plan)
    username = router.connect.username if router.connect else ""
    hold = (
        ApiHold(line, username)
        if net.hold == "api"
        else ConsoleHold(console)
        if net.hold == "ssh" and console
        else None
    )
    return Nets(
        net=net,
        batches=batches(plan, catalogue, net.outside),
        hold=hold,
        guard=guard(line, mark) if net.unroll else None,
        undo=ArmedUndo(line, mark, _policy(plan)) if net.undo else None,
        script=undo(plan, live, catalogue, _name(plan)).script if net.undo else "",
        seconds=max(LEAST, int(LEAST / 2 + EACH * len(plan.changes))),
        username=username,
    )


def _name(plan: Plan) -> str:
    return f"{UNDO}-{plan_hash(plan)}"


def _policy(plan: Plan) -> str:
    """The policies that the inverse script needs, and no others: its owner must have them all."""
    users = any(change.menu.startswith("/user") for change in plan.changes)
    return "read,write,policy" if users else "read,write"
