"""Capturing: the whole command tree of a virtual RouterOS 7.24 with every package, and what its file costs others."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trueup.lab import Lab, Spec, serve

LATENCIES = (0.0, 0.05)
PASSWORD = "capturing"
ROUTER = """
router: edge
connect: {{hosts: [127.0.0.1], port: {port}, username: admin, password: !secret edge, tls: {{ca: {ca}}}}}
"""


def network(folder: Path, lab: Lab) -> Path:
    """A network whose one router is the virtual one."""
    (folder / "harbour").mkdir(parents=True)
    (folder / "trueup.yaml").write_text("network: bench\n")
    (folder / "harbour/site.yaml").write_text("labels: []\n")
    (folder / "harbour/edge.yaml").write_text(ROUTER.format(port=lab["edge"].tls_port, ca=lab.ca))
    return folder


def timed(*words: str) -> float:
    """Seconds that a command takes from its start to its end."""
    environment = {**os.environ, "TRUEUP_SECRET_EDGE": PASSWORD}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "trueup.cli", *words], check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        for latency in LATENCIES:
            spec = Spec("edge", password=PASSWORD, latency=latency)
            with serve([spec]) as lab:
                folder = network(Path(temporary) / f"{latency}", lab)
                before = timed("validate", "--network", str(folder))
                taken = timed("catalogue", "capture", "edge", "--network", str(folder))
                after = timed("validate", "--network", str(folder))
                asked = sum(words[0] == "/console/inspect" for words in lab["edge"].log)
                size = (folder / "catalogue/edge.json").stat().st_size
            print(
                f"{latency * 1000:4.0f} ms a round trip: {asked} requests, {taken:.1f} s, a file of {size // 1000} kB;",
                end=" ",
            )
            print(f"`trueup validate` {before:.2f} s without it, {after:.2f} s with it")


if __name__ == "__main__":
    main()
