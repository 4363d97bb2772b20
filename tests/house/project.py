"""The project's own files, as the house tests look at them."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("engine", "schemas", "templates", "sites", "benchmarks", "tests")


def modules(*folders: str) -> list[Path]:
    """Every Python file below these folders of the project; below all of its rooms by default."""
    return sorted(path for folder in folders or ROOMS for path in (ROOT / folder).rglob("*.py"))


def texts(suffix: str) -> list[Path]:
    """The project's files with this suffix, those that git ignores left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", f"*{suffix}"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> list[tuple[str, int]]:
    """Every function of a module, with its number of lines, decorators left out."""
    tree = ast.parse(path.read_text())
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in nodes]
