"""What every test may rely on: no network but loopback, a home of its own, a git identity, repeatable examples."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
# Test modules of different rooms may share a name, so pytest adds no folder of theirs to the path by itself.
sys.path[:0] = [str(HERE), *sorted(str(folder) for folder in HERE.iterdir() if folder.is_dir())]

import loopback  # noqa: E402

settings.register_profile(
    "local", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
loopback.guard()


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home folder of the test run; nothing of the machine's own settings reaches a test."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("TRUEUP_", "GIT_")) or name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        patch.setenv("XDG_RUNTIME_DIR", str(home))
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Test Operator")
            patch.setenv(f"GIT_{role}_EMAIL", "operator@trueup.example")
        yield home


@pytest.fixture(autouse=True)
def only_loopback() -> Iterator[None]:
    """Fails a test that reached for the network, also where its code under test swallowed the refusal."""
    loopback.outside.clear()
    yield
    assert not loopback.outside, f"the test reached for the network: {loopback.outside}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-schedule", action="store_true", help="every schedule of tests/faults, not a sample")
