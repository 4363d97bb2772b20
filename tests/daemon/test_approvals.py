"""Plans that need to be agreed to wait for somebody who may, in git."""

from __future__ import annotations

import re

from daemon_room import POOL, Kept, keeping, pools
from fleet_room import git, run_main, spec

from trueup.daemon.status import State

ENFORCE = {"mode": "enforce"}
GUARDED = {"guards": {"remove-rows": 1}, "approvals": {"other-than-author": True}}


def approve(kept: Kept, hash: str, *by: str) -> str:
    said = run_main("approve", hash, "--network", str(kept.made.network), "--why", "the pools are empty")
    assert said.code == 0, said.all
    git(kept.made.network, "add", "--all")
    git(kept.made.network, "commit", "--quiet", "--message", f"Approve {hash}", *by)
    kept.daemon.wake()
    return git(kept.made.network, "rev-parse", "HEAD").strip()


def test_a_removal_beyond_the_guard_waits_for_the_word_of_somebody_else(tmp_path):
    with keeping(tmp_path, spec("edge"), **GUARDED) as kept:
        kept.declare("edge", pools(5), reconcile=ENFORCE)
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.is_in(State.CONVERGED, "edge")
            kept.declare("edge", pools(1), reconcile=ENFORCE)
            await kept.force(kept.push())
            await kept.until(lambda: "trueup approve" in kept.status("edge").reason)
            found = re.search(r"trueup approve (\w{12})", kept.status("edge").reason)
            assert found
            await kept.force(approve(kept, found[1]))
            await kept.looked("edge", 3)
            assert len(kept.made.lab["edge"].rows(POOL)) == 5
            git(kept.made.network, "rm", "--quiet", f"approvals/{found[1]}.yaml")
            git(kept.made.network, "commit", "--quiet", "--message", "Take it back")
            await kept.force(approve(kept, found[1], "--author=Colleague <colleague@net.example>"))
            await kept.until(lambda: len(kept.made.lab["edge"].rows(POOL)) == 1)

        kept.run(story)
