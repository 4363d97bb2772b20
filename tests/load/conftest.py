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
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs git in the network's folder, without anyone's configuration."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Tester")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "tester@example.invalid")

    def run(*words: str, folder: str = "net") -> str:
        done = subprocess.run(["git", *words], cwd=tmp_path / folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run
