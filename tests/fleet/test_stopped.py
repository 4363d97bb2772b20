"""A whole process that is stopped in the middle of an apply: Ctrl-C ends it in good order, a kill leaves its trace."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import Room, git, room, spec, writing

POOLS = 40
ROWS = {"/ip/pool": [{"name": f"p{n}", "ranges": f"10.0.{n}.2-10.0.{n}.9"} for n in range(POOLS)]}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    """A slow router to which many rows are to be added."""
    with room(tmp_path, spec("slow", per_command=0.005)) as made:
        made.declare("slow", ROWS)
        made.commit()
        yield made


def stopped_by(made: Room, number: signal.Signals, after: int = 10) -> tuple[int, str, str]:
    """Apply in a process of its own, which is sent a signal after so many writes; after 0 it still reads."""
    command = [sys.executable, "-m", "trueup.cli", "apply", "--network", str(made.network)]
    with writing(made.lab["slow"], after) as reached:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            assert reached.wait(30)
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
            process.wait()
    return process.returncode, out, err


def pools(made: Room) -> int:
    return len(made.lab["slow"].rows("/ip/pool"))


def test_ctrl_c_takes_back_what_was_written_reads_back_and_tells(made):
    code, out, err = stopped_by(made, signal.SIGINT)
    assert code == 1
    assert "Traceback" not in out + err
    assert pools(made) == 0
    added = sum(words[0] == "/ip/pool/add" for words in made.wrote("slow"))
    assert 9 <= added < POOLS, "safe mode was taken by the first of ten writes"
    assert "stopping: waiting for what was sent" in err
    assert "stopped with Ctrl-C" in out
    assert "all of it was taken back: the router is as it was" in out
    assert "Applied: 0 changes on 0 routers; 0 of 1 router as declared" in out
    [run] = json.loads(made.trueup("log", "--json").out)["runs"]
    assert run["ended"] is not None
    assert run["outcome"] == "undone"
    [report] = made.audit.glob("runs/*/*/*/slow.report.json")
    outcomes = [each["outcome"] for each in json.loads(report.read_text())["results"]]
    assert (outcomes.count("undone"), outcomes.count("not done")) == (added, POOLS - added)
    goes_on(made)


def test_ctrl_c_before_the_first_write_leaves_nothing_behind(made):
    made.lab["slow"].latency = 0.5
    code, out, err = stopped_by(made, signal.SIGINT, after=0)
    assert (code, out, err.strip()) == (1, "", "stopped")
    assert not made.wrote("slow")
    assert made.trueup("log").out == "no run is recorded yet\n"


def test_what_a_kill_leaves_is_undone_by_the_router_on_record_and_the_next_apply_converges(made):
    made.lab["slow"].router.timeline.stand_still()
    code, _, _ = stopped_by(made, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert 0 < pools(made) < POOLS
    refused = made.trueup("apply")
    assert refused.code == 1
    assert "slow: safe mode is held by trueup" in refused.err, "the router takes two seconds to let go"
    made.lab["slow"].router.advance(3)
    assert pools(made) == 0
    [run] = json.loads(made.trueup("log", "--json").out)["runs"]
    assert (run["ended"], run["outcome"]) == (None, "not ended")
    assert "not ended" in made.trueup("log").out
    goes_on(made)
    outcomes = [each["outcome"] for each in json.loads(made.trueup("log", "--json").out)["runs"]]
    assert sorted(outcomes) == ["done", "not ended"]


def goes_on(made: Room) -> None:
    """The next apply does the rest, and what was added before it is ours: taken from the files, it goes."""
    said = made.trueup("apply")
    assert said.code == 0, said.all
    assert pools(made) == POOLS
    assert made.trueup("plan").code == 0
    made.declare("slow", {"/ip/pool": []})
    made.commit("No pools any more")
    assert f"{POOLS} rows to remove" in made.trueup("plan").out
    assert git(made.audit, "status", "--porcelain") == ""
