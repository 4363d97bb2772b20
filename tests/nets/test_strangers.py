"""Nets of others on the same router: another run's, another machine's, a person's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fleet_room import room, spec

from trueup.apply import ApiHold
from trueup.device import Line, Lost
from trueup.errors import RouterError

POOL = "/ip/pool"
ROWS = {POOL: [{"name": "office", "ranges": "10.0.0.2-10.0.0.9"}]}
SCRIPT = "/system/script"


def test_the_script_of_another_run_of_the_same_plan_stays(tmp_path):
    """A script of the same name that is not the one we would keep is not ours to remove."""
    with room(tmp_path, spec("edge", version="7.16")) as made:
        made.declare("edge", ROWS)
        made.commit()
        name = f"trueup-undo-{json.loads(made.trueup('plan', '--json').out)['hash']}"
        made.lab["edge"].router.execute([f"{SCRIPT}/add", f"=name={name}", "=source=:log info theirs"])
        said = made.trueup("apply")
        assert said.code == 1
        assert "the safety net could not be put up, so nothing was written" in said.all
        assert [row["name"] for row in made.lab["edge"].rows(SCRIPT)] == [name]
        assert made.lab["edge"].rows(POOL) == []


def test_a_hold_of_our_own_user_in_another_session_is_not_taken_for_ours():
    """Not where our own take never went out."""

    class Session:
        where = "edge"

        async def talk(self, words: Sequence[str]) -> Any:
            if words[0] == "/safe-mode/take":
                raise Lost("the connection broke", "edge", sent=False)
            return SimpleNamespace(rows=[{"enabled": "true", "user": "trueup", "owner": "winbox"}])

    async def taken() -> bool:
        hold = ApiHold(cast(Line, SimpleNamespace(session=Session())), "trueup")
        with pytest.raises(RouterError):
            await hold.take()
        return await hold.held()

    assert not asyncio.run(taken())
