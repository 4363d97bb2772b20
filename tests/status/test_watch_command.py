"""`trueup watch`, on a terminal of its own: live, of any size, and ended by a key."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from audit_room import new_audit
from fleet_room import run_main
from status_room import NOW, everything, fleet, rollout, router, unreachable

from trueup.cli.watch import screen
from trueup.daemon.status import FleetStatus
from trueup.daemon.status_document import status_to_document
from trueup.daemon.status_file import FILE

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program on a terminal of so many columns and lines, and all that it has drawn."""

    def __init__(self, *words: str, columns: int = 80, lines: int = 24) -> None:
        self.end, other = pty.openpty()
        self.drawn = ""
        self.resize(columns, lines)
        self.before = termios.tcgetattr(self.end)
        environment = {name: text for name, text in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "trueup.cli", *words],
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env=environment | {"TERM": "xterm"},
        )
        os.close(other)

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def until(self, text: str, seconds: float = 15.0) -> str:
        """What is drawn from here on, until a text is in it."""
        until, found = time.monotonic() + seconds, ""
        while text not in ANSI.sub("", found):
            assert time.monotonic() < until, f"{text!r} was not drawn: {found!r}"
            if select.select([self.end], [], [], 0.1)[0]:
                found += os.read(self.end, 65536).decode(errors="replace")
        self.drawn += found
        return ANSI.sub("", found)

    def press(self, key: str) -> None:
        os.write(self.end, key.encode())

    def ended(self, seconds: float = 10.0) -> int:
        """The exit code, once it has ended; what it draws meanwhile is read."""
        until = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < until, "it has not ended"
            if select.select([self.end], [], [], 0.05)[0]:
                try:
                    self.drawn += os.read(self.end, 65536).decode(errors="replace")
                except OSError:  # the other side is closed
                    time.sleep(0.05)
        return self.process.returncode


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A network whose routers only the daemon knows."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net/trueup.yaml").write_text("network: net\n")
    new_audit(tmp_path)
    return tmp_path / "net"


@pytest.fixture
def watching(network: Path) -> Iterator[Terminal]:
    leave(network, everything())
    terminal = Terminal("watch", "--network", str(network))
    yield terminal
    terminal.process.kill()
    terminal.process.wait()
    os.close(terminal.end)


def leave(network: Path, status: FleetStatus) -> None:
    file = network / FILE
    file.parent.mkdir(exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(status_to_document(replace(status, updated=datetime.now(UTC)))))
    draft.replace(file)


def test_it_is_live_follows_the_terminals_size_and_ends_with_q(network, watching):
    seen = watching.until("q: leave")
    assert "edge-4" in seen
    assert "fighting" in seen
    assert "wave 2 of 3" in seen
    leave(network, fleet(unreachable("hub-7"), rollout=rollout("stopped")))
    assert "hub-7" in watching.until("stopped")
    watching.resize(60, 12)
    os.kill(watching.process.pid, signal.SIGWINCH)
    watching.until("q: leave")
    watching.press("q")
    assert watching.ended() == 0
    assert "Traceback" not in watching.drawn
    assert "\x1b[?1049h" in watching.drawn, "it draws on a screen of its own"
    assert "\x1b[?1049l" in watching.drawn, "and gives the terminal back"
    assert termios.tcgetattr(watching.end)[3] == watching.before[3]


def test_ctrl_c_ends_it_as_well(watching):
    watching.until("q: leave")
    watching.press("\x03")
    assert watching.ended() == 0
    assert "Traceback" not in watching.drawn


def test_without_a_terminal_it_says_what_to_use(network):
    said = run_main("watch", "--network", str(network))
    assert said.code == 1
    assert "there is no terminal to draw on; use `trueup status`" in said.err


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (80, 10), (40, 6), (200, 60), (40, 3)])
def test_a_picture_fits_the_terminal(columns, lines):
    many = fleet(*(unreachable(f"edge-{n}") for n in range(500)), rollout=rollout(), troubles=("remote: x",))
    for status in (many, everything(), fleet(), fleet(router("edge-1")), "the file cannot be read"):
        drawn = [ANSI.sub("", line) for line in screen(status, NOW, columns, lines)]
        assert len(drawn) <= lines
        assert drawn[-1].startswith("q: leave")


def test_what_does_not_fit_is_counted():
    many = fleet(*(unreachable(f"edge-{n}") for n in range(500)))
    drawn = [ANSI.sub("", line) for line in screen(many, NOW, 80, 24)]
    shown = sum(line.startswith("edge-") for line in drawn)
    assert shown > 10
    assert f"and {500 - shown} more: trueup status" in drawn
    assert any("500 routers: 500 unreachable" in line for line in drawn)
    calm = [ANSI.sub("", line) for line in screen(fleet(router("edge-1")), NOW, 80, 24)]
    assert "every router is as declared" in calm
