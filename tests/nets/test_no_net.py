"""An apply for which the operator wants no net."""

from __future__ import annotations

import pytest
from fleet_room import room, spec

from trueup.apply import carry

POOL = "/ip/pool"
ROWS = {POOL: [{"name": f"p{n}", "ranges": f"10.0.{n}.2-10.0.{n}.9"} for n in range(40)]}


def test_no_time_is_over_where_nothing_acts_by_itself(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(carry, "RESERVE", 3600)  # a net would be over after one second
    with room(tmp_path, spec("edge", version="7.16", per_command=0.03)) as made:
        made.declare("edge", ROWS)
        made.commit()
        said = made.trueup("apply", "--net", "none")
        assert said.code == 0, said.all
        assert len(made.lab["edge"].rows(POOL)) == 40
