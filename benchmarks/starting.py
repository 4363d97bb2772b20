"""Starting: `trueup --help`, the catalogue's first load, a network's load and compile, and the memory of each."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

RUNS = 5
SITES = Path(__file__).parents[1] / "sites"
MEASURE = """
import json, resource, sys, time
start = time.perf_counter()
{work}
taken = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([taken, peak]))
"""
WORKS = {
    "Python alone": "pass",
    "catalogue, 20 menus": """
from trueup_schemas.catalogue import catalogue
known = catalogue("7.24")
for path in known.paths[:20]: known.menu(path)
""",
    "catalogue, every menu": """
from trueup_schemas.catalogue import catalogue
known = catalogue("7.24")
for path in known.paths: known.menu(path)
""",
    "sites/ loaded and compiled": f"""
from pathlib import Path
from trueup.compile import compile_network
from trueup.load.network import load_network
compile_network(load_network(Path({str(SITES)!r})))
""",
}


def helping() -> float:
    """Seconds for `trueup --help` from its start to its end, the best of some."""
    command = [Path(sys.executable).with_name("trueup"), "--help"]
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def measured(work: str) -> tuple[float, float]:
    """Seconds and the peak of memory in MB, in a process of its own, the best of some."""
    command = [sys.executable, "-c", MEASURE.format(work=work)]
    found = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(RUNS)]
    return min(taken for taken, _ in found), min(peak for _, peak in found)


def main() -> None:
    print(f"trueup --help: {helping() * 1000:.0f} ms")
    for name, work in WORKS.items():
        taken, peak = measured(work)
        print(f"{name}: {taken * 1000:.0f} ms, {peak:.0f} MB at the peak")


if __name__ == "__main__":
    main()
