"""A network's folder, written as a test needs it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below a network's folder, and a trueup.yaml where none is given; returns the folder."""

    def write_files(files: dict[str, str]) -> Path:
        root = tmp_path / "net"
        for name, text in {"trueup.yaml": "network: coast\n", **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root

    return write_files


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., str]:
    """Runs git in the network's folder."""

    def run(*words: str, folder: str = "net") -> str:
        done = subprocess.run(["git", *words], cwd=tmp_path / folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run
