"""The virtual routers of a fleet in a process of their own: `python benchmarks/fleet_lab.py ROUTERS FOLDER`.

Says on one line where they listen; then, for each line that comes in, what it has used; ends when nothing more comes.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from fleet_network import spec

from trueup.lab import serve


def used() -> dict[str, float]:
    """Seconds of CPU, and the peak of memory in MB."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024}


def main(count: int, folder: Path) -> None:
    begun = time.perf_counter()
    specs = [spec(number) for number in range(count)]
    with serve(specs, folder) as lab:
        ports = {name: served.tls_port for name, served in lab.items()}
        print(
            json.dumps({"ports": ports, "ca": str(lab.ca), "seconds": time.perf_counter() - begun, **used()}),
            flush=True,
        )
        for _ in sys.stdin:
            print(json.dumps(used()), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
