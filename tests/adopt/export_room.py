"""What tests of adopting share: exports as cases, a network to adopt into, and what the reader refuses."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from trueup.adopt.script import read_script
from trueup.cli import main
from trueup.errors import DeclarationError, Problem

CASES = Path(__file__).parent / "cases"
EXPORTS = sorted(CASES.glob("*.rsc"))


def refusals(data: bytes) -> tuple[Problem, ...]:
    """The problems for which an export is refused; none where it is read."""
    try:
        read_script(data, "x.rsc")
    except DeclarationError as error:
        return error.problems
    return ()


def secrets_in(export: bytes) -> list[str]:
    """The canaries of an export: values that may stand in no file but the secrets file."""
    return sorted({word.decode() for word in re.findall(rb"canary[a-z0-9-]*|Q0FOQVJZ[A-Za-z0-9=]+", export)})


def network(folder: Path, *, site: str = "harbour") -> Path:
    """A network with one site and a secrets file outside it."""
    root = folder / "net"
    (root / site).mkdir(parents=True)
    (root / site / "site.yaml").write_text("labels: []\n")
    (root / "trueup.yaml").write_text(f"network: net\nsecrets: {{file: {folder / 'secrets.yaml'}}}\n")
    return root


def trueup(*words: str) -> tuple[int, str, str]:
    """One command of the command line: its exit code, what it printed, and what it said on standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr("sys.argv", ["trueup", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
