"""On a terminal: colours unless they are not wanted, a question before anything is written, and its answers."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import IDENTITY, Room, room, spec

PATIENCE = 30.0
QUESTION = "Apply this?"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, spec("edge")) as made:
        made.declare("edge", IDENTITY)
        made.commit()
        yield made


class Terminal:
    """A command whose standard streams are one terminal of 80 columns."""

    def __init__(self, made: Room, *words: str, **environment: str) -> None:
        self.master, slave = pty.openpty()
        command = [sys.executable, "-m", "trueup.cli", words[0], "--network", str(made.network), *words[1:]]
        variables = {**os.environ, "TERM": "xterm", "COLUMNS": "80", **environment}
        # A session of its own makes the terminal a controlling one, so that Ctrl-C reaches the command.
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE, *command], stdin=slave, stdout=slave, stderr=slave, env=variables,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.said = ""

    def until(self, text: str = "") -> str:
        """Everything said until the text, or the end, has come."""
        while not text or text not in self.said:
            ready, _, _ = select.select([self.master], [], [], PATIENCE)
            assert ready, self.said
            try:
                data = os.read(self.master, 65536)
            except OSError:  # how Linux says that the other side has closed
                data = b""
            if not data:
                assert not text, self.said
                break
            self.said += data.decode()
        return self.said

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def insist(self, text: str, keys: str) -> None:
        """Type again what was not heard: Python can miss a Ctrl-C in the instant before it waits for a line."""
        for _ in range(int(PATIENCE)):
            if text in self.said or self.process.poll() is not None:
                return
            if select.select([self.master], [], [], 1.0)[0]:
                with contextlib.suppress(OSError):
                    self.said += os.read(self.master, 65536).decode()
            else:
                self.type(keys)

    def end(self) -> int:
        self.until()
        code = self.process.wait(PATIENCE)
        os.close(self.master)
        return code


TAKE = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


def name(made: Room) -> str:
    return made.lab["edge"].rows("/system/identity")[0]["name"]


def test_a_plan_is_coloured_on_a_terminal(made):
    terminal = Terminal(made, "plan")
    assert terminal.end() == 2
    assert "\x1b[33m" in terminal.said


def test_no_color_is_obeyed(made):
    made.trueup("apply")
    for words in (["plan"], ["log"]):
        terminal = Terminal(made, *words, NO_COLOR="1")
        assert terminal.end() == 0
        assert "\x1b[3" not in terminal.said


def test_yes_reads_again_and_applies(made):
    terminal = Terminal(made, "apply")
    terminal.until(QUESTION)
    reads = len(made.lab["edge"].log)
    assert not made.wrote("edge")
    terminal.type("y\n")
    assert terminal.end() == 0
    assert "Applied: 1 change on 1 router" in terminal.said
    assert name(made) == "trued-up"
    after = [words[0] for words in made.lab["edge"].log][reads:]
    assert after.index("/system/identity/print") < after.index("/system/identity/set")


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x03", "\x04"], ids=["no", "enter", "ctrl-c", "ctrl-d"])
def test_anything_else_writes_nothing_and_says_so(made, answer):
    terminal = Terminal(made, "apply")
    terminal.until(QUESTION)
    terminal.type(answer)
    terminal.insist("nothing was written", answer)
    assert terminal.end() == 1
    assert "nothing was written" in terminal.said
    assert "Traceback" not in terminal.said
    assert not made.wrote("edge")
    assert made.trueup("log").out == "no run is recorded yet\n"


def test_a_router_that_changed_while_the_question_stood_is_not_written_to(made):
    terminal = Terminal(made, "apply")
    terminal.until(QUESTION)
    made.lab["edge"].router.menu("/system/identity").table.rows[0].values["name"] = "meanwhile"
    terminal.type("y\n")
    assert terminal.end() == 1
    assert "the router has changed since the plan was made; plan again" in terminal.said
    assert name(made) == "meanwhile"


def test_nothing_is_asked_where_there_is_nothing_to_do_or_it_was_said_before(made):
    terminal = Terminal(made, "apply", "--yes")
    assert terminal.end() == 0
    assert QUESTION not in terminal.said
    terminal = Terminal(made, "apply")
    assert terminal.end() == 0
    assert QUESTION not in terminal.said
