"""Every benchmark, each in a process of its own, with the command and the machine that the figures are of."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = ("starting", "validating", "tables", "capturing", "matching", "wire", "adding", "round", "page", "reviewing")


def processor() -> str:
    """The processor's name as Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def main() -> int:
    """0 when every benchmark ran to its end."""
    system = f"{platform.system()} {platform.release()}"
    print(f"{os.cpu_count()} x {processor()}, {system}, Python {platform.python_version()}")
    failed = 0
    for name in ALL:
        print(f"\n$ python benchmarks/{name}.py", flush=True)
        failed += subprocess.run([sys.executable, HERE / f"{name}.py"], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
