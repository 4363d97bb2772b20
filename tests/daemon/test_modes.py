"""What the daemon does about differences: observe, propose, enforce, by router and by menu."""

from __future__ import annotations

from daemon_room import POOL, Kept, keeping, pools
from fleet_room import IDENTITY, spec

from trueup.daemon.status import State


def test_observing_writes_nothing_and_tells_drift_from_what_is_declared(tmp_path):
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", pools(1))
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.is_in(State.PENDING, "edge")
            assert kept.status("edge").reason == "observed only"
            await kept.looked("edge")

        kept.run(story)
        assert kept.made.wrote("edge") == []
        assert kept.made.lab["edge"].rows(POOL) == []


def test_enforcing_brings_merges_and_reverts_drift(tmp_path):
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", pools(1), reconcile={"mode": "enforce"})
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.is_in(State.CONVERGED, "edge")
            kept.edit("edge", f"{POOL}/set", "=.id=*1", "=ranges=10.9.9.9")
            await kept.until(lambda: kept.told("reverted"))
            kept.declare("edge", pools(2), reconcile={"mode": "enforce"})
            commit = kept.push()
            await kept.until(lambda: kept.status("edge").applied == commit)

        kept.run(story)
        assert [row["ranges"] for row in kept.made.lab["edge"].rows(POOL)] == ["10.0.0.2-10.0.0.9", "10.1.0.2-10.1.0.9"]
        assert kept.made.trueup("plan").code == 0


def test_a_menu_may_have_a_mode_of_its_own(tmp_path):
    with keeping(tmp_path, spec("edge")) as kept:
        modes = {"mode": "observe", "menus": {POOL: "enforce"}}
        kept.declare("edge", {**pools(1), **IDENTITY}, reconcile=modes)
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.until(lambda: kept.told("applied"))
            await kept.looked("edge")
            assert kept.status("edge").state == State.PENDING
            assert [drift.menu for drift in kept.status("edge").drift] == ["/system/identity"]

        kept.run(story)
        assert len(kept.made.lab["edge"].rows(POOL)) == 1
        assert kept.made.lab["edge"].rows("/system/identity")[0]["name"] != "trued-up"


def test_a_row_taken_out_of_git_leaves_the_router_also_where_a_menu_is_only_observed(tmp_path):
    """Ownership of a menu that is left as it is stays what it was."""
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", {**pools(2), **IDENTITY}, reconcile={"mode": "enforce"})
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.is_in(State.CONVERGED, "edge")
            observed = {"mode": "enforce", "menus": {POOL: "observe"}}
            kept.declare("edge", {**pools(1), "/system/identity": {"name": "other"}}, reconcile=observed)
            await kept.force(kept.push())
            await kept.until(lambda: kept.made.lab["edge"].rows("/system/identity")[0]["name"] == "other")
            assert len(kept.made.lab["edge"].rows(POOL)) == 2
            kept.declare("edge", {**pools(1), "/system/identity": {"name": "other"}}, reconcile={"mode": "enforce"})
            await kept.force(kept.push())
            await kept.until(lambda: len(kept.made.lab["edge"].rows(POOL)) == 1)

        kept.run(story)


def test_what_was_merged_while_a_router_was_only_observed_reaches_it_in_waves(tmp_path):
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", pools(1), reconcile={"mode": "enforce"})
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.is_in(State.CONVERGED, "edge")
            kept.declare("edge", pools(2), reconcile={"mode": "observe"})
            await kept.force(kept.push())
            await kept.is_in(State.PENDING, "edge")
            await kept.looked("edge")
            assert [drift.cause for drift in kept.status("edge").drift] == ["declared"]
            assert kept.told("drift") == []
            kept.declare("edge", pools(2), reconcile={"mode": "enforce"})
            commit = kept.push("Enforce")
            await kept.until(lambda: commit in [rollout.after for rollout in kept.daemon.board.fleet().past])
            assert kept.status("edge").applied == commit

        kept.run(story)
        assert len(kept.made.lab["edge"].rows(POOL)) == 2


def test_what_was_changed_by_hand_before_the_daemon_first_ran_is_drift(tmp_path):
    """`trueup apply` has brought the router to its commit, so nothing is left to be rolled out."""
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", pools(1), reconcile={"mode": "propose"})
        kept.made.commit()
        assert kept.made.trueup("apply", "--yes").code == 0
        kept.edit("edge", f"{POOL}/set", "=.id=*1", "=ranges=10.9.9.9")

        async def story(kept: Kept) -> None:
            await kept.is_in(State.DRIFTED, "edge")
            await kept.looked("edge")
            assert [drift.cause for drift in kept.status("edge").drift] == ["drift"]
            assert kept.told("rollout") == []

        kept.run(story)
        assert kept.made.lab["edge"].rows(POOL)[0]["ranges"] == "10.9.9.9"


def test_what_an_apply_left_undone_before_the_daemon_first_ran_is_rolled_out(tmp_path):
    with keeping(tmp_path, spec("edge")) as kept:
        kept.declare("edge", pools(1), reconcile={"mode": "propose"})
        kept.made.commit()
        assert kept.made.trueup("apply", "--yes").code == 0
        broken = {POOL: [{"name": "p0", "ranges": "10.0.0.2-10.0.0.9", "next-pool": "p9"}]}
        kept.declare("edge", broken, reconcile={"mode": "propose"})
        kept.made.commit()
        assert kept.made.trueup("apply", "--yes").code == 1

        async def story(kept: Kept) -> None:
            await kept.until(lambda: kept.told("stopped"))
            assert kept.told("rollout")

        kept.run(story)
