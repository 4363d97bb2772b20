"""What people have the daemon do is done, and is on record in their name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from daemon_room import Kept, keeping, pools
from fleet_room import git, spec

from trueup.daemon.status import State
from trueup.errors import PlanError


def test_whoever_has_a_router_looked_at_is_on_record(tmp_path: Path) -> None:
    with keeping(tmp_path, spec("edge"), daemon={"interval": "1h", "poll": "1h"}) as kept:
        kept.declare("edge", pools(1))
        kept.made.commit()

        async def story(kept: Kept) -> None:
            await kept.is_in(State.PENDING, "edge")
            before = kept.status("edge").tried
            assert await kept.daemon.sequel.deeds.reconcile("edge", "ben") == "it is looked at now"
            await kept.until(lambda: kept.status("edge").tried != before)
            with pytest.raises(PlanError):
                await kept.daemon.sequel.deeds.retry("ben")

        kept.run(story)
        asked = json.loads((kept.made.audit / "requests/answered/routers/edge.json").read_text())["reconcile"]
        assert (asked["who"], asked["answer"]) == ("ben", "it is looked at now")
        assert "ben" in git(kept.made.audit, "log", "--format=%an")
        assert not (kept.made.audit / "requests/answered/rollout.json").exists(), "what was refused was not done"
