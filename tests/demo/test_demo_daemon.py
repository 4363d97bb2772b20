"""What `make demo-daemon` promises: a page on loopback with drift and who made it, and nothing left afterwards."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "sites" / "demo_daemon.py"
WITHIN = 60.0


@pytest.fixture
def demo(tmp_path):
    """The demo in a process of its own, which would end by itself; below a folder of its own for temporary ones."""
    environment = os.environ | {"DEMO_SECONDS": "60", "TMPDIR": str(tmp_path)}
    with (
        (tmp_path / "errors").open("w") as errors,
        subprocess.Popen(
            [sys.executable, DEMO], stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        ) as started,
    ):
        try:
            yield started
        finally:
            started.terminate()


def told(demo: subprocess.Popen[str]) -> str:
    """What it prints until it has said everything."""
    assert demo.stdout is not None
    lines: list[str] = []
    for line in demo.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def test_the_page_shows_drift_with_its_author_and_all_is_removed_at_the_end(demo, tmp_path):
    text = told(demo)
    found = re.search(r"page +(http://127\.0\.0\.1:\d+/)\n +user +(\S+)\n +password +(\S{12,})", text)
    assert found, text + (tmp_path / "errors").read_text()
    address = found[1]
    assert "hill-tower-1" in page(address)
    hill = page(f"{address}router/hill-tower-1")
    assert "/queue/simple" in hill
    assert re.search(r"\bjo\b", hill)
    demo.terminate()
    assert demo.stdout is not None
    assert demo.stdout.read().endswith("demo: ended, and everything removed\n")
    assert demo.wait(WITHIN) == 0
    assert [each.name for each in tmp_path.iterdir()] == ["errors"]


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()
