"""The lab as a process of its own: started, found again, and stopped by the command line."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from trueup.lab.authority import Authority
from trueup.lab.network import Declared, read_network
from trueup.lab.router import BadSeed
from trueup.lab.server import Lab, VirtualRouter
from trueup.lab.state import BadState, restore, save

SAVE_EVERY = 0.05
START_WITHIN = 20.0
STOP_WITHIN = 10.0
PROBES = 10


class LabFailure(Exception):
    """The lab cannot start or stop; the message says why."""


class Place:
    """The lab's files below a network's folder; git ignores them."""

    def __init__(self, network: Path) -> None:
        self.network = network
        self.folder = network / ".trueup" / "lab"
        self.declaration = network / "lab.yaml"
        self.running = self.folder / "running.json"
        self.log = self.folder / "lab.log"

    def state(self, name: str) -> Path:
        """The file with a router's state."""
        return self.folder / f"{name}.json"

    def loaded(self, name: str) -> Path:
        """The file with the state that a router was loaded with, which `--fresh` goes back to."""
        return self.folder / f"{name}.loaded.json"

    def begun(self, name: str) -> Path:
        """The file that a router begins with: what it held last, else what it was loaded with."""
        kept = self.state(name)
        return kept if kept.exists() else self.loaded(name)

    def lock(self) -> IO[str] | None:
        """Become the one lab of this network as long as the file stays open; None where another is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = (self.folder / "lab.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        return file

    def held(self) -> bool:
        """Whether a lab of this network runs; asks the lock, because process numbers come back and zombies linger."""
        if not self.folder.is_dir():
            return False
        file = self.lock()
        if file is not None:
            file.close()
        return file is None

    def read(self) -> dict[str, Any] | None:
        """What the running lab wrote of itself, None while none runs or it is not ready."""
        if not self.held():
            return None
        try:
            about: dict[str, Any] = json.loads(self.running.read_text())
        except (OSError, ValueError):
            return None
        return about


async def run(place: Place, declared: Sequence[Declared]) -> None:
    """Serve until SIGTERM or SIGINT; the state is on disk within a moment of each write."""
    routers = []
    for each in declared:
        served = VirtualRouter(each.spec, restore(each.spec, place.begun(each.spec.name)))
        for fault in each.faults:
            served.faults.order(fault)
        routers.append(served)
    lab = Lab(routers, Authority(place.folder))
    await lab.listen()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    keep(place, lab)
    place.running.write_text(json.dumps(about(lab), indent=1))
    try:
        while not stopped.is_set():
            keep(place, lab)
            try:
                await asyncio.wait_for(stopped.wait(), SAVE_EVERY)
            except TimeoutError:
                continue
    finally:
        await lab.close()
        keep(place, lab)
        place.running.unlink(missing_ok=True)


def keep(place: Place, lab: Lab) -> None:
    """Save every router that has changed, also by what has become due."""
    for name, served in lab.items():
        served.router.catch_up()
        if served.router.dirty:
            save(served.router, place.state(name))


def about(lab: Lab) -> dict[str, Any]:
    """What the command line needs to know of a running lab."""
    routers = [
        {
            "name": name,
            "version": served.spec.version,
            "board": served.spec.board,
            "address": served.spec.address,
            "port": served.port,
            "tls-port": served.tls_port,
            "fingerprint": f"sha256:{served.fingerprint}",
            "ssh-port": served.ssh_port,
            "host-key": served.host_key,
        }
        for name, served in lab.items()
    ]
    return {"pid": os.getpid(), "ca": str(lab.ca), "routers": routers}


def start(place: Place, latency: str = "") -> dict[str, Any]:
    """Start the process and wait until it answers; raises LabFailure with what it said instead."""
    place.folder.mkdir(parents=True, exist_ok=True)
    with place.log.open("w") as log:
        # It forks once more and ends at once, so that the lab is nobody's child.
        subprocess.run(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-m", "trueup.lab.process", str(place.network), latency],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, timeout=START_WITHIN,
        )  # fmt: skip
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        running = place.read()
        if running is not None:
            return running
        if not place.held():
            raise LabFailure(place.log.read_text().strip() or "the lab ended without a word")
        time.sleep(0.02)
    raise LabFailure(f"the lab did not start within {START_WITHIN:.0f} s; its log is {place.log}")


def stop(place: Place) -> bool:
    """Stop the process; False where none runs. Raises LabFailure when it does not end."""
    running = place.read()
    if running is None:
        return False
    os.kill(int(running["pid"]), signal.SIGTERM)
    until = time.monotonic() + STOP_WITHIN
    while place.held():
        if time.monotonic() > until:
            raise LabFailure(f"the lab (process {running['pid']}) does not end")
        time.sleep(0.02)
    return True


def main(network: str, latency: str = "") -> int:
    """Leave a process behind that serves; this one ends at once."""
    place = Place(Path(network))
    lock = place.lock()
    for _ in range(PROBES):  # whoever asks whether a lab runs holds the lock for a moment
        if lock is not None:
            break
        time.sleep(0.02)
        lock = place.lock()
    if lock is None:
        sys.stderr.write("the lab is already running\n")
        return 1
    place.running.unlink(missing_ok=True)
    if os.fork():
        return 0
    os.setsid()
    with lock:
        return serve_until_stopped(place, latency)


def serve_until_stopped(place: Place, latency: str) -> int:
    """The process itself; a mistake becomes one line on standard error, which goes to the log."""
    try:
        declared = read_network(place.declaration)
        asyncio.run(run(place, [slowed(each, latency) for each in declared]))
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}; is another lab running on these addresses?\n")
    except (BadSeed, BadState, ValueError) as error:
        sys.stderr.write(f"{error}\n")
    else:
        return 0
    return 1


def slowed(declared: Declared, latency: str) -> Declared:
    """The router with another latency, in seconds, where one is asked for."""
    return replace(declared, spec=replace(declared.spec, latency=float(latency))) if latency else declared


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
