"""What is remembered of one router's reverts, at each look at it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from trueup.daemon.fights import Fights, gone, reverted, seen, sides, signatures, window
from trueup.daemon.situation import DRIFT, Situation
from trueup.daemon.status import Drift
from trueup.fleet.router import RouterRun
from trueup.plan import Plan


def seen_again(situation: Situation, router: RouterRun, drift: Collection[Drift], now: datetime) -> Fights:
    """What is remembered once a router was found to differ in these menus, before any is reverted."""
    found, commit, plan = situation.fights, situation.revision.commit, router.plan
    signed = signatures(plan, router.catalogue, router.keys.digest)
    for each in drift:
        if each.cause == DRIFT and each.menu in signed:
            ours, within = sides(plan, each.menu, commit), _within(situation)
            told = {"author": each.author, "ours": ours, "commit": commit}
            found = seen(found, each.menu, signed[each.menu], now, within=within, **told)
    return gone(found, [each.menu for each in drift], now, commit=commit, within=_within(situation))


def taken_back(
    situation: Situation, router: RouterRun, plan: Plan, drift: Collection[Drift], fights: Fights, now: datetime
) -> Fights:
    """What is remembered once a plan was carried out, which reverted the drift of its menus."""
    signed = signatures(plan, router.catalogue, router.keys.digest)
    for each in drift:
        if each.cause == DRIFT and each.menu in signed:
            fights = reverted(fights, each.menu, signed[each.menu], now, _within(situation))
    return fights


def _within(situation: Situation) -> timedelta:
    return window(situation.revision.network.settings.daemon.interval)
