"""The lab's modules import one another one way only."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import trueup.lab

ROOT = Path(trueup.lab.__file__).parent
FILES = {
    ".".join(("trueup.lab", *file.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): file
    for file in ROOT.rglob("*.py")
}


def imported(file: Path) -> set[str]:
    """The lab's modules that a file names anywhere, also where only a type checker would look."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in FILES else str(node.module))
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & FILES.keys()


def test_imports_form_no_circle() -> None:
    graph = {name: imported(file) for name, file in FILES.items()}
    assert sum(map(len, graph.values())) > len(FILES)
    TopologicalSorter(graph).prepare()
