"""Every written export, rehearsed: a virtual router made of it is adopted, and its own export adopts to the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from export_room import EXPORTS
from rehearsal_room import Rehearsal, adopted_again, body, plan_of_export, rehearsed

from trueup.plan import Set

UNHELD = {
    "left-out": [
        "left-out.rsc:9:25: *7 is no interface of the export, nor a port",
        "left-out.rsc:13:1: the virtual router cannot hold this: /ip/firewall/filter: "
        "input does not match any value of action",
        "left-out.rsc:14:29: *F is no interface of the export, nor a port",
        "left-out.rsc:28:1: /user is left out: a virtual router has logins of its own",
    ],
    "lte-dot1x": ["lte-dot1x.rsc: the lab knows no RBLtAP-2HnD; a board with the export's ports stands for it"],
    "masked": [
        "masked.rsc:3:15: /ppp/secret: the value of password was hidden; it is left out",
        "masked.rsc:6:22: /radius: the value of secret was hidden; it is left out",
    ],
    "pcq-tree-6": ["pcq-tree-6.rsc: the lab knows no CCR1009-8G-1S; a board with the export's ports stands for it"],
    "set-forms-6.28": ["set-forms-6.28.rsc:40:39: ether1-gateway is no interface of the export, nor a port"],
    "w60g-6": ["w60g-6.rsc: the lab knows no RBLHGG-60ad; a board with the export's ports stands for it"],
}
"""What a virtual router does not hold of an export, beyond what nobody can tell of it."""


@pytest.fixture(scope="module", params=EXPORTS, ids=lambda export: export.stem)
def rehearsal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    with rehearsed(request.param, tmp_path_factory.mktemp("rehearsal")) as found:
        yield found


def test_it_survives_a_virtual_router_and_that_router_s_own_export(rehearsal: Rehearsal):
    adopted = rehearsal.adopted()
    assert adopted.plan.empty
    again = adopted_again(rehearsal.exported())
    assert again.plan.empty
    assert body(again) == body(adopted)


def test_what_it_declares_is_what_the_virtual_router_holds(rehearsal: Rehearsal):
    changes = [change for stage in plan_of_export(rehearsal).stages for change in stage]
    hidden = [(change.menu, *change.values) for change in changes if isinstance(change, Set)]
    assert len(hidden) == len(changes)
    assert hidden == ([("/ppp/secret", "password"), ("/radius", "secret")] if rehearsal.export.stem == "masked" else [])


def test_what_the_virtual_router_cannot_hold_is_told(rehearsal: Rehearsal):
    golden = rehearsal.export.with_suffix(".left")
    told = golden.read_text() if golden.exists() else ""
    unheld = [str(problem) for problem in rehearsal.left if f"warning: {problem}\n" not in told]
    assert sorted(unheld) == sorted(UNHELD.get(rehearsal.export.stem, []))


@pytest.mark.parametrize(
    ("version", "model"), [("7.24", "RB5009UG+S+"), ("7.16.2", "RB750Gr3"), ("7.9.2", "x86"), ("6.49.10", "RB750Gr3")]
)
def test_an_untouched_router_says_nothing(version: str, model: str, tmp_path: Path):
    export = tmp_path / "empty.rsc"
    export.write_text(f"# 2025-01-01 00:00:00 by RouterOS {version}\n# model = {model}\n/ip pool\n")
    with rehearsed(export, tmp_path) as rehearsal:
        assert body(rehearsal.adopted()) == "rows: {}\n"
        assert rehearsal.exported().rows == 0
