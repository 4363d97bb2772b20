"""`trueup status` and `trueup reconcile`: what the daemon and the audit know, in 80 columns, with an exit code."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fleet_room import IDENTITY, Room, room, spec
from status_room import NOW, ago, drifted, everything, fleet, held_back, rollout, router

from trueup.audit import Audit
from trueup.cli.fleet_lines import ago as told_ago
from trueup.cli.fleet_lines import cut, head_lines, rollout_lines, router_lines
from trueup.daemon.status import FleetStatus, State
from trueup.daemon.status_document import status_from_document, status_to_document
from trueup.daemon.status_file import FILE
from trueup.fleet.requests import answer, pending

NAMES = tuple(f"edge-{n}" for n in range(1, 7))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    """Six declared routers, of which the first one answers."""
    with room(tmp_path, spec("edge-1")) as made:
        for name in NAMES:
            made.declare(name, IDENTITY, labels=["core"] if name == "edge-4" else [])
        made.commit()
        yield made


def leave(made: Room, status: FleetStatus) -> Path:
    """Write the status as the daemon does."""
    file = made.network / FILE
    file.parent.mkdir(exist_ok=True)
    fresh = replace(status, updated=status.updated and datetime.now(UTC) - (NOW - status.updated))
    file.write_text(json.dumps(status_to_document(fresh)))
    return file


def test_the_worst_come_first_within_80_columns(made):
    leave(made, everything())
    said = made.trueup("status")
    assert said.code == 2
    lines = said.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("example   c0ffee0 Open the lobby's hotspot")
    assert "! the remote cannot be fetched" in said.out
    words = [" ".join(line.split()[:2]) for line in lines if line.startswith("edge-")]
    worst = ["edge-4 fighting", "edge-5 unreachable", "edge-2 drifted", "edge-6 pending"]
    assert words == [*worst, "edge-3 unknown"], "by the audit nobody suspends edge-3 any more"
    told = "6 routers: 1 fighting, 1 unreachable, 1 drifted, 1 pending, 1 converged, 1 unknown"
    assert " ".join(" ".join(lines[-2:]).split()) == told
    assert "rollout of c0ffee0 running: wave 2 of 3" in said.out


def test_exit_code_0_when_all_are_as_declared(made):
    leave(made, fleet(*(router(name) for name in NAMES)))
    said = made.trueup("status")
    assert said.code == 0, said.out
    assert said.out.splitlines()[-1] == "6 routers: 6 converged"
    assert "edge-1" not in said.out
    assert "edge-1" in made.trueup("status", "--all").out
    leave(made, fleet(*(router(name) for name in NAMES), troubles=("audit: full",)))
    assert made.trueup("status").code == 2
    assert made.trueup("status", "edge-1").code == 0, "one router is well though the fleet has a trouble"


def test_chosen_by_name_label_and_state(made):
    leave(made, everything())
    for words, names in (
        (("--state", "drifted"), {"edge-2"}),
        (("--state", "drifted", "--state", "fighting"), {"edge-2", "edge-4"}),
        (("--label", "core"), {"edge-4"}),
        (("edge-1", "edge-2"), {"edge-1", "edge-2"}),
    ):
        said = made.trueup("status", *words)
        assert set(re.findall(r"^edge-\d", said.out, re.MULTILINE)) == names
    assert made.trueup("status", "edge-1", "--state", "drifted").code == 0
    assert "there is no router 'edge-9'" in made.trueup("status", "edge-9").err
    assert made.trueup("status", "--state", "odd").code == 1


def test_all_about_one_router(made):
    leave(made, fleet(drifted("edge-2"), replace(held_back("edge-6"), applied="0ddba11")))
    said = made.trueup("status", "edge-2")
    assert said.code == 2
    for part in (
        "drifted for 2h",
        "drift: /ip/firewall/filter, 2 rows by bob",
        "- drop   comment=by-hand",
        "10.20.0.1",
    ):
        assert part in said.out
    held = made.trueup("status", "edge-6").out
    assert "closed by window night until" in held
    assert "is at        0ddba11" in held
    assert "goes to      c0ffee0" in held


def test_as_json(made):
    leave(made, everything())
    said = made.trueup("status", "--json", "--state", "drifted")
    told = json.loads(said.out)
    assert said.code == 2
    assert (told["format-version"], told["stale"]) == ("1.0", False)
    assert list(told["routers"]) == ["edge-2"]
    assert told["routers"]["edge-2"]["drift"][0]["author"] == "bob"


def test_the_status_comes_back_from_json_as_it_was():
    for status in (everything(), fleet(past=(rollout("done"),)), fleet()):
        assert status_from_document(json.loads(json.dumps(status_to_document(status)))) == status


def test_a_daemon_that_does_not_run_any_more_is_told(made):
    leave(made, fleet(*(router(name) for name in NAMES), updated=ago(hours=3)))
    said = made.trueup("status")
    assert "! the daemon does not run: what follows is 3h old" in said.out
    assert said.code == 2
    assert json.loads(made.trueup("status", "--json").out)["stale"] is True


def test_without_a_daemon_the_audit_tells_what_it_knows(made):
    made.trueup("apply", "edge-1", "--yes")
    made.trueup("suspend", "edge-2", "--why", "being moved")
    said = made.trueup("status")
    assert said.code == 2
    assert "! no daemon has run here: this is what the audit knows" in said.out
    assert "last run done; not looked at since" in said.out
    assert re.search(r"^edge-2 +suspended .*being moved", said.out, re.MULTILINE)
    assert said.out.splitlines()[-1] == "6 routers: 1 suspended, 5 unknown"


def test_a_suspension_is_told_before_the_daemon_has_seen_it(made):
    leave(made, fleet(*(router(name) for name in NAMES)))
    made.trueup("suspend", "edge-3", "--why", "being moved")
    assert re.search(r"^edge-3 +suspended .*being moved", made.trueup("status").out, re.MULTILINE)
    made.trueup("resume", "edge-3")
    assert made.trueup("status").code == 0


def test_the_files_need_not_be_read_where_the_daemon_has_told_of_its_routers(made):
    leave(made, fleet(*(router(name, site="harbour") for name in NAMES)))
    (made.network / "harbour/broken.yaml").write_text("router: [")
    assert made.trueup("status").code == 0
    assert made.trueup("status", "--site", "harbour", "edge-1").code == 0
    said = made.trueup("status", "--label", "core")
    assert set(re.findall(r"^edge-\d", said.out, re.MULTILINE)) == {"edge-4"}, "the daemon does not know the label yet"
    assert "there is no site 'pier'" in made.trueup("status", "--site", "pier").err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format-version": "9.0"}', '{"format-version": "1.0"}', "[" * 99999])
def test_a_status_file_that_is_none_is_told_with_what_would_help(made, text):
    leave(made, fleet()).write_text(text)
    said = made.trueup("status")
    assert said.code == 1
    assert f"{FILE}: this is no status of a fleet; the daemon writes it anew" in said.err
    assert "Traceback" not in said.all


def test_a_status_file_that_cannot_be_read_is_told(made):
    file = leave(made, fleet())
    file.unlink()
    file.mkdir()
    said = made.trueup("status")
    assert said.code == 1
    assert "the fleet's status cannot be read: Is a directory" in said.err


def test_control_characters_of_a_router_reach_no_terminal(made):
    leave(made, fleet(replace(drifted("edge-2"), reason="a\x1b[2Jb\nc", version="7\x07")))
    for words in (("status",), ("status", "edge-2")):
        said = made.trueup(*words)
        assert "\x1b[2J" not in said.out
        assert "\x07" not in said.out


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_stay_within_any_width(width):
    status = replace(everything(), troubles=("remote: " + "x" * 300, "y z " * 90), head="f" * 40)
    long = replace(drifted("edge-with-a-very-long-name-that-goes-on"), reason="words " * 80)
    lines = [
        *head_lines(status, NOW, width),
        *router_lines([*status.routers.values(), long], NOW, width),
        *rollout_lines(replace(rollout("stopped"), reason="why " * 50, remedy="what to do " * 20), width),
    ]
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    assert max(map(len, plain)) <= max(width, 57)


def test_ages_are_short():
    spans = (timedelta(seconds=5), timedelta(minutes=59), timedelta(hours=23), timedelta(days=9999), timedelta(-1))
    assert [told_ago(NOW - span, NOW) for span in spans] == ["5s", "59m", "23h", "999d", "0s"]
    assert told_ago(None, NOW) == "-"
    assert cut("abcdef", 4) == "abc…"


def test_reconcile_leaves_requests_and_waits_for_answers(made):
    said = made.trueup("reconcile", "edge-1", "edge-2", "--wait", "0")
    assert said.code == 0
    assert said.out.splitlines() == [
        "edge-1: left for the daemon, which has not answered yet",
        "edge-2: left for the daemon, which has not answered yet",
    ]
    audit = Audit.open(made.audit)
    assert [(each.kind, each.router) for each in pending(audit)] == [("reconcile", "edge-1"), ("reconcile", "edge-2")]

    def daemon() -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until and len(seen) < 2:
            for each in pending(audit):
                if each.router in ("edge-3", "edge-4"):
                    seen.append(each.router)
                    answer(audit, each, "it is looked at now" if each.router == "edge-3" else "not done: gone")
            time.sleep(0.05)

    seen: list[str] = []
    thread = threading.Thread(target=daemon)
    thread.start()
    said = made.trueup("reconcile", "edge-3", "edge-4", "--json", "--wait", "10")
    thread.join()
    assert said.code == 1
    told = {each["router"]: each["answer"] for each in json.loads(said.out)["requests"]}
    assert told == {"edge-3": "it is looked at now", "edge-4": "not done: gone"}


def test_states_have_their_colours_on_a_terminal_alone(made):
    leave(made, everything())
    assert "\x1b" not in made.trueup("status").out
    [line] = router_lines([router("edge-1", State.FAILED)], NOW, 80)
    assert "\x1b[31mfailed" in line
