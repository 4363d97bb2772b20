"""A round: 500 routers of 20 menus and 300 rows that are as declared, looked at over TLS at 50 ms of latency.

Each router has a run of its own, as under the daemon. The virtual routers are a process of their own, measured apart.
`python benchmarks/round.py [ROUTERS]`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
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
from trueup.compile import Compiler
from trueup.fleet.run import FleetRun
from trueup.load.network import Network, load_network
from trueup.load.router import Router
from trueup.secrets import Stores, open_stores

ROUTERS = 500
ROUNDS = 3
HERE = Path(__file__).parent
Figures = dict[str, Any]


async def look(network: Network, stores: Stores, audit: Audit, compiler: Compiler, record: bool) -> None:
    """Look at every router, as many at once as the daemon has connections; nothing may be to do."""
    places = asyncio.Semaphore(network.settings.daemon.connections)

    async def one(router: Router) -> None:
        acting = audit.acting("benchmark")
        async with places, FleetRun(network, (router,), stores, acting, lambda *_: None, compiler=compiler) as run:
            await run.plan()
            assert not run.failures, run.failures[0]
            assert run.plans[0].empty, run.plans[0]
            if record:
                await run.apply()

    await asyncio.gather(*map(one, network.routers))


class Meter:
    """What the process has used: seconds, seconds of CPU, and memory in MB, since it was made."""

    def __init__(self) -> None:
        self._begun, self._used = time.perf_counter(), cpu()

    def read(self, name: str) -> Figures:
        usage = {"seconds": time.perf_counter() - self._begun, "cpu": cpu() - self._used}
        return {"name": name, **usage, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def looking(folder: Path, record: bool) -> list[Figures]:
    """Load the network and go some rounds; what each took."""
    meter = Meter()
    network = load_network(folder)
    stores, audit = open_stores(network.settings, network.root), Audit.open(folder.parent / "audit")
    figures = [meter.read("load")]
    compiler = Compiler(network)
    for number in range(1 if record else ROUNDS):
        meter = Meter()
        asyncio.run(look(network, stores, audit, compiler, record))
        figures.append(meter.read(f"round {number + 1}"))
    return figures


def looked(folder: Path, *words: str) -> list[Figures]:
    """What a process of its own says that did so."""
    command = [sys.executable, str(HERE / "round.py"), "look", str(folder), *words]
    environment = {**os.environ, "TRUEUP_SECRETS": str(folder.parent / "secrets.yaml")}
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout
    return list(json.loads(said))


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
    """The network's folder, its secrets and its audit repository, which knows that all rows are ours."""
    network = folder / "network"
    write_network(network, about["ports"], Path(about["ca"]))
    file = folder / "secrets.yaml"
    file.write_text(yaml.safe_dump(secrets()))
    file.chmod(0o600)
    Audit.create(folder / "audit", "fleet")
    looked(network, "record")
    return network


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as temporary, virtual(count, Path(temporary)) as (lab, about):
        network = prepare(Path(temporary), about)
        before = used_by(lab)
        figures = looked(network)
        after = used_by(lab)
    print(f"{count} virtual routers: {about['seconds']:.1f} s to start, {about['peak']:.0f} MB")
    for each in figures:
        usage = f"{each['seconds']:.1f} s, {each['cpu']:.1f} s of CPU, {each['peak']:.0f} MB at the peak"
        print(f"  {each['name']}: {usage}")
    usage = f"{(after['cpu'] - before['cpu']) / ROUNDS:.1f} s of CPU a round, {after['peak']:.0f} MB at the peak"
    print(f"  the virtual routers' own: {usage}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["look"]:
        print(json.dumps(looking(Path(sys.argv[2]), "record" in sys.argv)))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUTERS)
