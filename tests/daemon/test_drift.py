"""Drift: who made it, when it is fought over, when nothing is written."""

from __future__ import annotations

import asyncio
import json

import pytest
from daemon_room import POOL, Kept, keeping, pools
from fleet_room import spec

from trueup.daemon.status import State

EDIT = (f"{POOL}/set", "=.id=*1", "=ranges=10.9.9.2-10.9.9.9")


@pytest.fixture
def kept(tmp_path):
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", pools(1), reconcile={"mode": "enforce"})
        kept.made.commit()
        yield kept


def test_drift_is_told_with_its_author_and_without_what_it_says(kept):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        kept.declare("edge", pools(1), reconcile={"mode": "observe"})
        await kept.force(kept.push())
        await kept.looked("edge")  # a turn that had begun before would still revert
        kept.edit("edge", *EDIT)
        await kept.is_in(State.DRIFTED, "edge")
        (drift,) = kept.status("edge").drift
        assert (drift.menu, drift.cause, drift.author) == (POOL, "drift", "anna")
        assert kept.told("drift", "edge") == [f"{POOL}: 1 by anna"]

    kept.run(story)


async def fought(kept: Kept) -> None:
    """Somebody brings back what is reverted, until it is a fight."""
    await kept.is_in(State.CONVERGED, "edge")
    for times in range(3):
        kept.edit("edge", *EDIT)
        await kept.until(lambda times=times: len(kept.told("reverted")) == times + 1)
    kept.edit("edge", *EDIT)
    await kept.is_in(State.FIGHTING, "edge")


def test_drift_that_comes_back_after_every_revert_is_a_fight_which_stops_and_names_both_sides(kept):
    async def story(kept: Kept) -> None:
        await fought(kept)
        await kept.looked("edge", 3)
        assert len(kept.told("reverted")) == 3
        (fight,) = kept.status("edge").fights
        assert (fight.theirs, fight.times) == ("anna", 3)
        assert fight.ours.startswith("harbour/edge.yaml:")
        assert len(kept.told("fight")) == 1
        await kept.daemon.sequel.deeds.resume("edge", "ben")
        await kept.until(lambda: len(kept.told("reverted")) == 4)
        await kept.is_in(State.CONVERGED, "edge")

    kept.run(story)


def test_a_fight_outlives_the_daemon(kept):
    async def first(kept: Kept) -> None:
        await fought(kept)

    async def second(kept: Kept) -> None:
        await kept.is_in(State.FIGHTING, "edge")

    kept.run(first)
    kept.run(second)
    assert len(kept.told("reverted")) == 3


def test_what_the_router_was_is_kept_in_the_audit_when_it_changes(kept):
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge")
        kept.edit("edge", *EDIT)
        await kept.until(lambda: kept.told("reverted"))
        await kept.looked("edge")

    kept.run(story)
    snapshot = json.loads((kept.made.audit / "routers/edge/snapshot.json").read_text())
    assert any("10.0.0.2-10.0.0.9" in line for line in snapshot["menus"][POOL])


def test_what_a_rule_leaves_alone_is_neither_drift_nor_part_of_the_snapshot(tmp_path):
    rules = [{"menu": POOL, "where": {"comment": "voucher*"}}, {"menu": POOL, "properties": ["comment"]}]
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", pools(1), reconcile={"mode": "enforce", "ignore": rules})
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.is_in(State.CONVERGED, "edge")
            kept.edit("edge", f"{POOL}/add", "=name=theirs", "=ranges=10.8.0.2", "=comment=voucher 1")
            kept.edit("edge", f"{POOL}/set", "=.id=*1", "=comment=canary")
            await kept.looked("edge")
            assert kept.status("edge").state == State.CONVERGED

        kept.run(story)
        assert kept.told("drift") == []
        text = (kept.made.audit / "routers/edge/snapshot.json").read_text()
        assert "10.0.0.2-10.0.0.9" in text
        assert [word for word in ("theirs", "10.8.0.2", "canary") if word in text] == []


def test_a_change_in_a_menu_that_is_listened_to_is_noticed_between_two_rounds(tmp_path):
    with keeping(tmp_path, spec("edge"), daemon={"interval": "1h", "poll": "1h"}) as kept:
        kept.declare("edge", pools(1), reconcile={"mode": "enforce", "listen": [POOL]})
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.is_in(State.CONVERGED, "edge")
            await kept.until(lambda: kept.daemon.watcher.listening)
            await asyncio.sleep(3)  # what was written at first still echoes
            kept.edit("edge", *EDIT)
            await kept.until(lambda: kept.told("reverted"))

        kept.run(story)
