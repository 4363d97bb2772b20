"""What a process holds, read from outside as Linux tells it, and whether that grows."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Sample:
    """One look: memory in MB, open descriptors, connections among them, threads, children."""

    memory: float
    descriptors: int
    connections: int
    threads: int
    children: int


@dataclass
class Meter:
    """Samples of one process, in the order in which they were taken."""

    pid: int
    samples: list[Sample] = field(default_factory=list)

    def look(self) -> None:
        """Take a sample; raises FileNotFoundError where the process is gone."""
        folder = Path(f"/proc/{self.pid}")
        held = int((folder / "statm").read_text().split()[1]) * PAGE / 2**20
        files = [_target(file) for file in (folder / "fd").iterdir()]
        sockets = sum(file.startswith("socket:") for file in files)
        tasks = [each.name for each in (folder / "task").iterdir()]
        children = (folder / "task" / str(self.pid) / "children").read_text().split()
        self.samples.append(Sample(held, len(files), sockets, len(tasks), len(children)))

    def grown(self, of: Callable[[Sample], float]) -> tuple[float, float]:
        """The middle value of the first third after warming up (a third), and that of the last third."""
        third = len(self.samples) // 3
        return _middle(self.samples[third : 2 * third], of), _middle(self.samples[-third:], of)

    def told(self) -> str:
        """The figures for people."""
        lines = []
        for name in ("memory", "descriptors", "connections", "threads", "children"):
            before, after = self.grown(lambda sample, name=name: getattr(sample, name))
            most = max(getattr(sample, name) for sample in self.samples)
            lines.append(f"{name}: {before:.0f} after warming up, {after:.0f} at the end, {most:.0f} at the most")
        return "\n".join(lines)


def _middle(samples: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    return statistics.median(map(of, samples))


def _target(file: Path) -> str:
    try:
        return str(file.readlink())
    except FileNotFoundError:  # closed meanwhile
        return ""
