"""Rounds: `trueup daemon` over 500 routers of 20 menus and 300 rows that are as declared; TLS, 50 ms of latency.

Its interval is a second, so that one round follows the other. The first one begins with loading the network and takes a
snapshot of each router. The virtual routers are a process of their own, measured apart.
`python benchmarks/round.py [ROUTERS]`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from fleet_network import secrets, write_network

from trueup.audit import Audit
from trueup.fleet.run import FleetRun
from trueup.load.network import load_network
from trueup.secrets import open_stores

ROUTERS = 500
ROUNDS = 3
PATIENCE = 600.0
HERE = Path(__file__).parent
SAYS = Path(".trueup/status.json")
Figures = dict[str, Any]


@contextlib.contextmanager
def virtual(count: int, folder: Path) -> Iterator[tuple[subprocess.Popen[str], Figures]]:
    """The process with the virtual routers, and what it said of itself."""
    command = [sys.executable, str(HERE / "fleet_lab.py"), str(count), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as lab:
        yield lab, heard(lab)
        assert lab.stdin
        lab.stdin.close()


def heard(lab: subprocess.Popen[str]) -> Figures:
    assert lab.stdout
    return dict(json.loads(lab.stdout.readline()))


def used_by(lab: subprocess.Popen[str]) -> Figures:
    assert lab.stdin
    lab.stdin.write("\n")
    lab.stdin.flush()
    return heard(lab)


def prepare(folder: Path, about: Figures) -> Path:
    """The network in a clone, its secrets, and its audit repository, which knows that all rows are ours."""
    network = folder / "network"
    write_network(network, about["ports"], Path(about["ca"]))
    file = folder / "secrets.yaml"
    file.write_text(yaml.safe_dump(secrets()))
    file.chmod(0o600)
    os.environ["TRUEUP_SECRETS"] = str(file)
    Audit.create(folder / "audit", "fleet")
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git(network, "init", "--quiet", "--initial-branch=main")
    git(network, "add", "--all")
    git(network, "-c", "user.name=bench", "-c", "user.email=bench@example.net", "commit", "--quiet", "--message=All")
    git(network, "remote", "add", "origin", str(folder / "origin.git"))
    git(network, "push", "--quiet", "--set-upstream", "origin", "main")
    subprocess.run([sys.executable, str(HERE / "round.py"), "own", str(network)], check=True)
    return network


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, stdout=subprocess.DEVNULL)


async def own(folder: Path) -> None:
    """Record that every declared row is ours; nothing may be to do."""
    network = load_network(folder)
    stores, audit = open_stores(network.settings, network.root), Audit.open(folder.parent / "audit")
    async with FleetRun(network, network.routers, stores, audit, lambda *_: None) as run:
        await run.plan()
        assert not run.failures, run.failures[0]
        assert all(plan.empty for plan in run.plans), next(plan for plan in run.plans if not plan.empty)
        await run.apply()


class Keeping:
    """A running daemon, looked at from outside; it ends with the context, if it has not before."""

    def __init__(self, network: Path) -> None:
        self.network, self.begun = network, time.perf_counter()
        self.log = (network.parent / "daemon.log").open("w")
        command = [Path(sys.executable).with_name("trueup"), "daemon", "--network", network]
        self.process = subprocess.Popen(command, stderr=self.log)

    def __enter__(self) -> Keeping:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def rounds(self, count: int) -> Iterator[tuple[float, Figures]]:
        """The seconds of each round as it ends, and the status then."""
        last = 0.0
        for _ in range(count):
            status = self._until_another(last)
            last = status["round-seconds"]
            yield last, status

    def _until_another(self, last: float) -> Figures:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, "the daemon has ended; see daemon.log"
            with contextlib.suppress(FileNotFoundError):
                status: Figures = json.loads((self.network / SAYS).read_text())
                if status.get("round-seconds", last) != last:
                    return status
            time.sleep(0.1)
        raise AssertionError("the round never ended")

    def end(self) -> tuple[float, float]:
        """Seconds of CPU, and the peak of memory in MB, once it has ended."""
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.log.close()
        assert self.process.returncode == 0, "the daemon has failed; see daemon.log"
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as temporary, virtual(count, Path(temporary)) as (lab, about):
        print(f"{count} virtual routers: {about['seconds']:.1f} s to start, {about['peak']:.0f} MB")
        network = prepare(Path(temporary), about)
        before = used_by(lab)
        with Keeping(network) as daemon:
            cpu, peak = watch(daemon, count)
        after = used_by(lab)
    print(f"  the daemon: {cpu / ROUNDS:.1f} s of CPU a round, {peak:.0f} MB at the peak")
    usage = f"{(after['cpu'] - before['cpu']) / ROUNDS:.1f} s of CPU a round, {after['peak']:.0f} MB at the peak"
    print(f"  the virtual routers' own: {usage}")


def watch(daemon: Keeping, count: int) -> tuple[float, float]:
    """Let it go its rounds; what it used."""
    for number, (seconds, status) in enumerate(daemon.rounds(ROUNDS), 1):
        states = [router["state"] for router in status["routers"].values()]
        assert states == ["converged"] * count, set(states)
        began = f", {time.perf_counter() - daemon.begun:.1f} s after the daemon's start" if number == 1 else ""
        print(f"  round {number}: {seconds:.1f} s{began}", flush=True)
    return daemon.end()


if __name__ == "__main__":
    if sys.argv[1:2] == ["own"]:
        asyncio.run(own(Path(sys.argv[2])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUTERS)
