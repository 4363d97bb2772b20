"""Plans that need to be agreed to wait for it, and whoever wrote the change agrees to nothing where another has to."""

from __future__ import annotations

import re
from pathlib import Path

from daemon_room import Kept, keeping, pools
from fleet_room import git, run_main, spec

from trueup.daemon.status import State

MALLORY, ANN = "Mallory <mallory@trueup.example>", "Ann <ann@trueup.example>"


def commit(kept: Kept, author: str, message: str) -> None:
    """Commit what was declared as somebody else, and have the daemon ask."""
    git(kept.made.network, "add", "--all")
    git(kept.made.network, "commit", "--quiet", "--author", author, "--message", message)
    kept.daemon.wake()


async def agree(kept: Kept, hash: str, author: str) -> None:
    said = run_main("approve", "--network", str(kept.made.network), "--why", f"As {author} says", hash)
    assert said.code == 0, said.all
    commit(kept, author, "Agree")
    await kept.force(git(kept.made.network, "rev-parse", "HEAD").strip())
    await kept.looked("edge", 1)


async def story(kept: Kept) -> None:
    await kept.is_in(State.CONVERGED, "edge")
    kept.declare("edge", {"/ip/pool": []}, reconcile={"mode": "enforce"})
    commit(kept, MALLORY, "Take the pools away")
    await kept.until(lambda: "trueup approve" in kept.status("edge").reason, "it waits to be agreed to")
    (hash,) = re.findall(r"trueup approve ([0-9a-f]{12})", kept.status("edge").reason)
    await agree(kept, hash, MALLORY)
    git(kept.made.network, "commit", "--quiet", "--allow-empty", "--author", ANN, "--message", "Merge it")
    kept.daemon.wake()
    await kept.force(git(kept.made.network, "rev-parse", "HEAD").strip())
    await kept.looked("edge")
    assert len(kept.made.lab["edge"].rows("/ip/pool")) == 3
    (kept.made.network / f"approvals/{hash}.yaml").unlink()
    await agree(kept, hash, ANN)
    await kept.until(lambda: not kept.made.lab["edge"].rows("/ip/pool"), "it is carried out")


def test_the_author_of_a_change_does_not_agree_to_it(tmp_path: Path) -> None:
    """Neither in a later commit nor where somebody else's comes after it; and another may agree in the newest one."""
    with keeping(tmp_path, spec("edge"), approvals={"other-than-author": True}) as kept:
        kept.declare("edge", pools(3), reconcile={"mode": "enforce"})
        kept.made.commit()
        kept.run(story)
