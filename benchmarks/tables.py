"""Tables: what rows of a CSV file cost from bytes to compiled rows, and whether that grows with their number alone."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = (1_000, 10_000, 50_000)
MEASURE = """
import json, resource, sys, time
from pathlib import Path
from trueup.compile import compile_network
from trueup.load.network import load_network
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
start, before = time.perf_counter(), peak()
(one,) = compile_network(load_network(Path(sys.argv[1])))
print(json.dumps([time.perf_counter() - start, before, peak(), len(one.desired.tables["/ip/hotspot/user"].rows)]))
"""
ROUTER = """\
router: edge
rows:
  /ip/hotspot/user/profile: [{name: hour}]
  /ip/hotspot/user:
    - rows-from: guests.csv
"""


def build(folder: Path, rows: int) -> None:
    """A network of one router with so many hotspot users in a CSV file."""
    lines = (f'room-{n},hotspot/room-{n},hour,{n % 24 + 1}h,"room {n}, north"' for n in range(rows))
    texts = {
        "trueup.yaml": "network: benchmark\n",
        "s/site.yaml": "",
        "s/edge.yaml": ROUTER,
        "s/guests.csv": "name,!secret password,profile,limit-uptime,comment\n" + "\n".join(lines) + "\n",
    }
    (folder / "s").mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)


def main() -> None:
    figures = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), size)
            done = subprocess.run([sys.executable, "-c", MEASURE, folder], check=True, capture_output=True, text=True)
        taken, before, peak, rows = json.loads(done.stdout)
        assert rows == size
        figures.append((size, taken))
        print(
            f"{size:>7,} rows: {taken * 1000 / size * 1000:5.1f} ms per 1,000 rows, {peak - before:5.0f} MB more memory"
        )
    print(f"  {figures[-1][0] // figures[0][0]} times the rows, {figures[-1][1] / figures[0][1]:.0f} times the time")


if __name__ == "__main__":
    main()
