"""Captures that go wrong: what was not told, who may not ask, what is interrupted, and files that are no trees."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from capture_room import FEW, capture, file_of, small_room
from fleet_room import room, run_main, spec

from trueup.lab.spec import User

KEPT = '{"format-version": 1, "version": "7.24", "menus": {}}\n'


def test_a_node_that_gives_no_answer_is_named_and_what_is_shipped_counts_for_it(tmp_path):
    with small_room(tmp_path, spec("edge", shuffle=None)) as made:
        made.declare("edge", {})
        made.lab["edge"].faults.add("stall", "/console/inspect", skip=len(FEW) + 6)
        said = capture(made, "edge", "--timeout", "0.2")
        assert said.code == 0
        assert "was not told" in said.err
        assert "no answer within 0.2 s" in said.err
        untold = [path for path in FEW if f"{path} was not told" in said.err or f"{path}/" in said.err]
        assert len(untold) == 1
        made.declare("edge", {path: [] for path in untold if path != "/ip/dns"})
        assert made.trueup("validate").code == 0


def test_a_router_that_tells_nothing_at_all_is_an_error(tmp_path):
    with small_room(tmp_path, spec("edge")) as made:
        made.declare("edge", {})
        made.lab["edge"].faults.add("stall", "/console/inspect", times=100)
        said = capture(made, "edge", "--timeout", "0.2")
    assert said.code == 1
    assert "the router does not tell its menus" in said.err
    assert not file_of(made, "edge").exists()


def test_a_user_without_permission_is_told_which_policies_it_takes(tmp_path):
    blind = {"/user/group": [{"name": "blind", "policy": "api,test"}]}
    with small_room(tmp_path, spec("edge", users=[User("blind", "p", "blind")], seed=blind)) as made:
        made.declare("edge", {}, connect={"username": "blind"})
        made.patch.setenv("TRUEUP_SECRET_API", "p")
        said = capture(made, "edge")
    assert said.code == 1
    assert "not enough permissions" in said.err
    assert "policies" in said.err
    assert not file_of(made, "edge").exists()


def test_version_6_has_no_such_command(tmp_path):
    with small_room(tmp_path, spec("edge", version="6.49")) as made:
        made.declare("edge", {})
        said = capture(made, "edge")
    assert said.code == 1
    assert "it has no /console/inspect, which came with RouterOS 7" in said.err


@pytest.mark.parametrize("kind", ["drop", "garbage"])
def test_a_lost_connection_leaves_the_old_file(tmp_path, kind):
    with small_room(tmp_path, spec("edge")) as made:
        made.declare("edge", {})
        file_of(made, "edge").parent.mkdir()
        file_of(made, "edge").write_text(KEPT)
        made.lab["edge"].faults.add(kind, "/console/inspect", skip=12)
        said = capture(made, "edge")
        assert said.code == 1
        assert "edge" in said.err
        assert [path.name for path in file_of(made, "edge").parent.iterdir()] == ["edge.json"]
        assert file_of(made, "edge").read_text() == KEPT


def test_an_operator_may_interrupt_it_and_the_old_file_stays(tmp_path):
    with room(tmp_path, spec("edge")) as made:
        made.declare("edge", {})
        file_of(made, "edge").parent.mkdir()
        file_of(made, "edge").write_text(KEPT)
        made.lab["edge"].faults.add("stall", "/console/inspect", skip=40, times=10_000)
        words = ["-m", "trueup.cli", "catalogue", "capture", "edge", "--network", str(made.network)]
        running = subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, text=True)
        for _ in range(600):
            if sum(words[0] == "/console/inspect" for words in made.lab["edge"].log) > 40:
                break
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
        assert running.returncode == 1
        assert err.strip().splitlines()[-1] == "stopped"
        assert [path.name for path in file_of(made, "edge").parent.iterdir()] == ["edge.json"]
        assert file_of(made, "edge").read_text() == KEPT


ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{later}: &{later} [{','.join(['*' + earlier] * 9)}]\n" for earlier, later in pairwise("abcdefgh")
)
BAD = {
    "cut off": ('{"format-version": 1, "version": "7.24", "menus": {"/ip/po', "catalogue/edge.json:1:"),
    "no json at all": ("hello", "catalogue/edge.json:1:1"),
    "empty": ("", "catalogue/edge.json"),
    "another format": ('{"format-version": 2, "version": "7.24",\n "menus": {}}', "catalogue/edge.json:1:"),
    "a strange key": ('{"format-version": 1, "version": "7.24", "menus": {},\n "secret": 1}', "unknown key 'secret'"),
    "a strange kind": (
        '{"format-version": 1, "version": "7.24", "menus": {\n"/a": {"kind": "heap", "properties": ""}}}',
        "catalogue/edge.json:2:",
    ),
    "a strange path": (
        '{"format-version": 1, "version": "7.24", "menus": {\n"a b": {"kind": "list", "properties": ""}}}',
        "catalogue/edge.json:2:",
    ),
    "no version": ('{"format-version": 1, "version": "seven", "menus": {}}', "version"),
    "nested": ("[" * 100_000, "catalogue/edge.json:1:"),
    "aliases": (ALIASES, "catalogue/edge.json:"),
    "bytes": ("\x00\x01\x02", "catalogue/edge.json:1:"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_is_no_tree_is_a_problem_with_its_place(tmp_path, case):
    text, told = BAD[case]
    (tmp_path / "harbour").mkdir()
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "trueup.yaml").write_text("network: net\n")
    (tmp_path / "harbour/site.yaml").write_text("labels: []\n")
    (tmp_path / "harbour/edge.yaml").write_text("router: edge\n")
    (tmp_path / "catalogue/edge.json").write_text(text)
    said = run_main("validate", "--network", str(tmp_path))
    assert said.code == 1
    assert told in said.err
    assert "Traceback" not in said.err
