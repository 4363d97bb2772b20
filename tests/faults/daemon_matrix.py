"""A daemon that is killed: the schedules, and what must hold after each.

The process ends by SIGKILL at a point of its own: a command that a router hears, a step of recording, a fetch. Then a
fresh one starts and must bring every router to what is declared, in order, as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fleet_room import Room, room, spec, writing

POOL = "/ip/pool"
WITHIN = 60.0
NAMES = ("a", "b", "c")

CHILD = """
import os, signal, sys
point, at = sys.argv[1], int(sys.argv[2])
seen = 0
def passing(name):
    global seen
    if name == point:
        seen += 1
        if seen >= at:
            os.kill(os.getpid(), signal.SIGKILL)
def wrapped(owner, name, before, after):
    old = getattr(owner, name)
    def new(*words, **named):
        passing(before)
        try:
            return old(*words, **named)
        finally:
            passing(after)
    setattr(owner, name, new)
from trueup.audit import ledger, repository
from trueup.daemon import loop, rollouts
from trueup.load import remote
loop.TICK = 0.2
wrapped(repository.Audit, "start", "before start", "after start")
wrapped(repository.Audit, "finish", "before finish", "after finish")
wrapped(ledger.Writer, "_commit", "files written", "committed")
wrapped(rollouts.Rollouts, "save", "before save", "after save")
wrapped(rollouts.Rollouts, "move", "before move", "after move")
wrapped(rollouts.Rollouts, "enforce", "before enforce", "after enforce")
wrapped(rollouts.Rollouts, "judged", "before judged", "after judged")
wrapped(remote.Remote, "fetch", "before fetch", "after fetch")
from trueup.cli import main
sys.argv = ["trueup", "daemon", "--network", sys.argv[3]]
main()
"""


@dataclass(frozen=True)
class Schedule:
    """Where the daemon is killed: at the n-th pass of a point, or the n-th write that a router hears."""

    point: str
    at: int
    bad: bool = False
    """Whether the commit fails at the canary, so that a roll-back goes on."""

    def __str__(self) -> str:
        return f"{self.point} {self.at}{' in a roll-back' if self.bad else ''}"


STEPS = ("start", "finish", "save", "move", "enforce", "judged", "fetch")


def schedules() -> list[Schedule]:
    """The first and a later pass of every point, and writes to the canary and to the last router."""
    points = [f"{side} {step}" for step in STEPS for side in ("before", "after")]
    found = [Schedule(point, 1) for point in points]
    found += [Schedule(point, at) for point in ("files written", "committed") for at in (1, 3)]
    found += [Schedule(name, at) for name in ("a", "c") for at in (1, 4)]
    found += [
        Schedule(point, at, bad=True) for point in ("before start", "after start", "before finish") for at in (1, 2)
    ]
    return [*found, *(Schedule("a", at, bad=True) for at in (2, 5, 7)), Schedule("after save", 4, bad=True)]


class Hall:
    """Three routers in waves of one and two, and a daemon that runs by itself."""

    def __init__(self, made: Room) -> None:
        self.made, self.log = made, made.folder / "daemon.log"

    def declare(self, count: int, second: int, *, probes: bool = False) -> str:
        rows = {POOL: [{"name": f"p{i}", "ranges": f"10.{i}.{second}.2-10.{i}.{second}.9"} for i in range(count)]}
        bad = {"probes": [{"tcp": "127.0.0.1:1"}]} if probes else {}
        for name in NAMES:
            body = {"reconcile": {"mode": "propose", **bad}, "connect": {"timeout": "20s"}}
            self.made.declare(name, rows, **body)
        return self.made.commit(f"{count} pools")

    def start(self, point: str = "", at: int = 0) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", CHILD, point, str(at), str(self.made.network)]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, stderr=log, stdout=log)

    def status(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.made.network / ".trueup/status.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def ranges(self, name: str) -> list[str]:
        return sorted(row["ranges"] for row in self.made.lab[name].rows(POOL))

    def until(self, holds: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + WITHIN
        while not holds():
            last = "\n".join(self.log.read_text().splitlines()[-12:])
            assert time.monotonic() < end, f"{what}\n{last}\n{json.dumps(self.status())[:2000]}"
            time.sleep(0.05)

    def idle(self, commit: str, pid: int) -> bool:
        """Whether the daemon of this process has brought everybody to a commit."""
        status = self.status()
        routers = status.get("routers", {})
        states = {routers.get(name, {}).get("state") for name in NAMES}
        running = status.get("rollout", {}).get("state") == "running"
        fresh = pid == self._writer()
        return fresh and status.get("commit") == commit and states == {"converged"} and not running

    def _writer(self) -> int:
        words = (self.made.audit / ".git/trueup-daemon").read_text().split()
        return int(words[1]) if len(words) > 1 else 0

    def end(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN) == 0, self.log.read_text()[-2000:]

    def told(self, kind: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [each for each in lines if each["event"] == kind]


@contextmanager
def hall(folder: Path, schedule: Schedule) -> Iterator[Hall]:
    """A commit that is bad is soon given up; any other waits until the router lets go of what the dead daemon held."""
    with room(folder, *(spec(name, per_command=0.005) for name in NAMES)) as made:
        made.write(
            "trueup.yaml",
            {
                "network": "net",
                "daemon": {"interval": "500ms", "poll": "300ms"},
                "rollout": {"settle": 0, "patience": "300ms" if schedule.bad else "20s", "waves": [1, "100%"]},
            },
        )
        yield Hall(made)


def holds(there: Hall, schedule: Schedule) -> None:
    """The promise about one schedule."""
    first = there.declare(3, 0)
    process = there.start()
    there.until(lambda: there.log.exists() and there.status() and there.idle(first, process.pid), "as declared")
    there.end(process)
    then = there.declare(3, 1, probes=schedule.bad)
    killed(there, schedule)
    process = there.start()
    there.until(lambda: process.pid == there._writer(), "the next daemon has begun")
    try:
        if schedule.bad:
            goes_back(there)
        else:
            there.until(lambda: there.idle(then, process.pid), f"everybody is at the commit after {schedule}")
            there.until(lambda: all(there.ranges(name) == ranges(1) for name in NAMES), "everybody has it")
            in_order(there)
        assert not there.told("proposed")
        assert not there.told("drift")
    finally:
        there.end(process)
    clean = subprocess.run(
        ["git", "-C", str(there.made.audit), "status", "--porcelain"], capture_output=True, text=True, check=True
    )
    assert clean.stdout == ""


def killed(there: Hall, schedule: Schedule) -> None:
    """A daemon that ends at the schedule's point; one that never comes there is killed once all is done."""
    if schedule.point not in NAMES:
        process = there.start(schedule.point, schedule.at)
        process.wait(WITHIN)
        return
    with writing(there.made.lab[schedule.point], schedule.at) as reached:
        process = there.start()
        assert reached.wait(WITHIN)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(WITHIN)


def goes_back(there: Hall) -> None:
    """The rollout stops, the canary is as before, and nobody else has heard of the commit."""
    there.until(lambda: there.status().get("rollout", {}).get("state") == "stopped", "it is stopped")
    there.until(lambda: there.ranges("a") == ranges(0), "the canary goes back")
    there.until(lambda: there.status()["routers"]["a"]["state"] == "converged", "the canary is as before")
    assert [there.ranges(name) for name in NAMES] == [ranges(0)] * len(NAMES)


def in_order(there: Hall) -> None:
    """One rollout brought the commit, the canary first, and nobody was written to twice in vain."""
    past = there.status()["past"]
    mine = [each for each in past if each["subject"] == "3 pools" and each["id"] == past[0]["id"]]
    assert [each["state"] for each in mine] == ["done"]
    assert [sorted(wave) for wave in mine[0]["waves"]] == [["a"], ["b", "c"]]
    for name in NAMES:
        sets = [words for words in there.made.wrote(name) if words[0] == f"{POOL}/set"]
        assert len(sets) <= 2 * 3, "once, and once more where the net took the first back"


def ranges(second: int) -> list[str]:
    return [f"10.{i}.{second}.2-10.{i}.{second}.9" for i in range(3)]
