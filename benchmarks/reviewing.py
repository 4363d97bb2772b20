"""A pull request that touches 10 of 500 routers of 20 menus and 300 rows, checked by `trueup ci`.

The ten are read over TLS at 50 ms of latency; the virtual routers are a process of their own. `python
benchmarks/reviewing.py [ROUTERS]`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from fleet_network import name_of, secrets, write_network
from round import virtual

ROUTERS = 500
TOUCHED = 10
BEFORE, AFTER = '"floor 3"', '"the third floor"'


def commit(folder: Path, message: str) -> None:
    identity = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@trueup.example")
    for words in (("add", "--all"), ("commit", "--quiet", "--message", message)):
        subprocess.run(["git", "-C", str(folder), *identity, *words], check=True)


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True)


def prepare(folder: Path, count: int, about: dict[str, Any]) -> Path:
    """The network with two revisions: `main`, as the routers are, and `change`, which edits ten files."""
    network = folder / "network"
    # Routers that no change touches are never asked: they need not be there.
    ports = {name_of(number): 1 for number in range(count)} | about["ports"]
    write_network(network, ports, Path(about["ca"]))
    file = folder / "secrets.yaml"
    file.write_text("\n".join(f'"{name}": "{value}"' for name, value in secrets().items()))
    file.chmod(0o600)
    git(folder, "init", "--quiet", "--initial-branch=main", str(network))
    commit(network, "Declare")
    git(network, "checkout", "--quiet", "-b", "change")
    for name in about["ports"]:
        (found,) = network.glob(f"site-*/{name}.yaml")
        found.write_text(found.read_text().replace(BEFORE, AFTER))
    commit(network, "Rename a floor")
    return network


def checked(network: Path, *words: str) -> tuple[dict[str, Any], float, float]:
    """What `trueup ci` says, the seconds that it takes, and the peak of its memory in MB."""
    command = [str(Path(sys.executable).with_name("trueup")), "ci", "--network", str(network)]
    command += ["--base", "main", "--head", "change", "--json", *words]
    environment = {**os.environ, "TRUEUP_SECRETS": str(network.parent / "secrets.yaml")}
    begun = time.perf_counter()
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout
    taken = time.perf_counter() - begun
    return json.loads(said), taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as temporary, virtual(TOUCHED, Path(temporary)) as (_, about):
        network = prepare(Path(temporary), count, about)
        offline, quick, _ = checked(network, "--offline")
        found, taken, peak = checked(network)
        _, whole, most = checked(network, "--full")
    assert [each["compared-with"] for each in offline["routers"]] == ["base"] * TOUCHED
    assert [each["compared-with"] for each in found["routers"]] == ["router"] * TOUCHED
    assert all(not plan["empty"] for plan in found["plans"])
    print(f"{TOUCHED} of {count} routers touched: {taken:.1f} s with the routers read, {peak:.0f} MB")
    print(f"  without any router: {quick:.1f} s")
    print(f"  with every router of both revisions compiled (--full): {whole:.1f} s, {most:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUTERS)
