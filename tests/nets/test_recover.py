"""A process killed in the middle of an apply: the router's own nets, `trueup recover`, and the next plan."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import Room, room, spec, writing

POOL = "/ip/pool"
POOLS = 40
ROWS = {POOL: [{"name": f"p{n}", "ranges": f"10.0.{n}.2-10.0.{n}.9"} for n in range(POOLS)]}


@pytest.fixture(params=["7.16", "7.24"])
def killed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """A router whose apply was killed after some of its rows were added."""
    with room(tmp_path, spec("edge", version=request.param, per_command=0.005)) as made:
        made.declare("edge", {POOL: []})
        made.commit()
        made.declare("edge", ROWS)
        made.commit()
        kill(made, 12)
        yield made


def kill(made: Room, after: int) -> None:
    """Apply in a process of its own and kill it after so many writes."""
    command = [sys.executable, "-m", "trueup.cli", "apply", "--network", str(made.network)]
    with writing(made.lab["edge"], after) as reached:
        process = subprocess.Popen(command)
        try:
            assert reached.wait(60)
            process.send_signal(signal.SIGKILL)
            assert process.wait(30) in (-signal.SIGKILL, 0), "killed, unless its last write was its end"
        finally:
            process.kill()
            process.wait()


def pools(made: Room) -> int:
    return len(made.lab["edge"].rows(POOL))


def held(made: Room) -> bool:
    """Whether safe mode is still held on the router."""
    return not inverse(made) and made.lab["edge"].rows("/safe-mode")[0]["enabled"] == "true"


def noticed(made: Room) -> None:
    """The router has seen the end of the killed process's session, and undone what was held."""
    router = made.lab["edge"].router
    for _ in range(500):
        router.advance(0.1)
        if len(router.rows("/user/active")) == 0 and not held(made):
            return
        time.sleep(0.01)
    pytest.fail("the router never noticed")


def scripts(made: Room) -> list[str]:
    return [row["name"] for row in made.lab["edge"].rows("/system/script")]


def inverse(made: Room) -> bool:
    """Whether the router is too old for safe mode over the API."""
    return made.lab["edge"].spec.version == "7.16"


def journal(made: Room) -> Path:
    return made.network / ".trueup" / "journal" / "edge.json"


def outcome(made: Room) -> str:
    return str(json.loads(made.trueup("log", "--json").out)["runs"][-1]["routers"]["edge"]["outcome"])


def test_left_alone_the_router_ends_as_it_was_and_the_next_apply_converges(killed):
    noticed(killed)
    assert bool(scripts(killed)) == inverse(killed)
    if inverse(killed):
        assert 0 < pools(killed) < POOLS
        said = killed.trueup("apply")
        assert said.code == 1, "the armed script would take the next change along"
    killed.lab["edge"].router.advance(600)
    assert pools(killed) == 0
    assert scripts(killed) == []
    said = killed.trueup("apply")
    assert said.code == 0, said.all
    assert pools(killed) == POOLS
    assert killed.trueup("plan").code == 0
    assert not journal(killed).exists(), "the run that came after has ended"


def test_recover_tells_what_is_there_and_changes_nothing(killed):
    noticed(killed)
    before = pools(killed), scripts(killed)
    said = killed.trueup("recover")
    assert said.code == 2
    assert "broke off while writing, in batch 1" in said.out
    assert ("will take its change back" in said.out) == inverse(killed)
    assert "--undo" in said.err
    if inverse(killed):
        assert (pools(killed), scripts(killed)) == before
    assert journal(killed).exists()


def test_recover_undo(killed):
    noticed(killed)
    said = killed.trueup("recover", "--undo")
    assert said.code == 0, said.all
    assert (pools(killed), scripts(killed)) == (0, [])
    assert outcome(killed) == "undone"
    assert not journal(killed).exists()
    assert killed.trueup("recover").out == "edge: nothing to recover\n"
    assert killed.trueup("apply").code == 0


def test_what_came_of_it_as_json(killed):
    noticed(killed)
    said = killed.trueup("recover", "--json")
    assert said.code == 2
    assert "broke off while writing" in json.loads(said.out)["routers"][0]["left"][0]
    said = killed.trueup("recover", "--keep", "--json")
    assert said.code == 0, said.err
    [told] = json.loads(said.out)["routers"]
    assert told["outcome"].startswith("kept")
    assert told["report"]["router"] == "edge"
    answer = json.loads(killed.trueup("recover", "--json").out)
    assert answer == {"format-version": "1.0", "routers": [{"router": "edge", "outcome": "nothing to recover"}]}


def test_recover_keep(killed):
    noticed(killed)
    there = pools(killed)
    said = killed.trueup("recover", "--keep")
    assert said.code == 0, said.all
    assert (pools(killed), scripts(killed)) == (there, [])
    assert f"{there} change" in said.out or not there
    assert outcome(killed) == "kept"
    killed.lab["edge"].router.advance(600)
    assert pools(killed) == there
    said = killed.trueup("plan")
    assert f"{POOLS - there} rows to add" in said.out
    assert killed.trueup("apply").code == 0
    assert killed.trueup("plan").code == 0


def test_nothing_is_told_as_taken_back_that_is_still_there(killed):
    """Somebody has removed the script by hand, so that nothing can take the change back."""
    noticed(killed)
    router, there = killed.lab["edge"].router, pools(killed)
    for menu in ("/system/scheduler", "/system/script"):
        for row in router.rows(menu):
            router.execute([f"{menu}/remove", f"=.id={row['.id']}"])
    said = killed.trueup("recover", "--undo")
    assert said.code == bool(there)
    assert ("was not taken back" in said.err) == bool(there)
    assert outcome(killed) == ("kept" if there else "undone")
    assert pools(killed) == there


def test_what_broke_off_is_not_confirmed(killed):
    """To confirm it would keep half a plan for good, under the name of another run."""
    noticed(killed)
    for command in ("confirm", "rollback"):
        before = pools(killed), scripts(killed)
        said = killed.trueup(command)
        assert said.code == 1
        assert "trueup recover" in said.err if inverse(killed) else "nothing waits" in said.err
        assert (pools(killed), scripts(killed)) == before
        assert outcome(killed) == "not ended"


def test_a_run_of_which_a_part_was_kept_is_not_told_as_done(killed):
    noticed(killed)
    killed.trueup("recover", "--keep")
    [run] = json.loads(killed.trueup("log", "--json").out)["runs"][-1:]
    assert run["outcome"] == "kept"


def test_another_machine_without_the_journal_recovers_too(killed):
    journal(killed).unlink()
    noticed(killed)
    said = killed.trueup("recover", "--undo")
    assert said.code == 0, said.all
    assert (pools(killed), scripts(killed)) == (0, [])
    assert killed.trueup("apply").code == 0


def test_no_secret_and_nobody_is_in_a_journal(killed):
    text = journal(killed).read_text()
    assert "canary" not in text
    assert journal(killed).stat().st_mode & 0o077 == 0


def test_a_damaged_journal_is_told(killed):
    journal(killed).write_text("{")
    said = killed.trueup("recover")
    assert said.code == 1
    assert "the journal cannot be read" in said.err
