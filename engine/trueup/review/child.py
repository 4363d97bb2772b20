"""The process that compiles a stranger's change: files come in on standard input, rows go out on standard output.

It is given no environment, no arguments and no secret; `confine` takes the rest before anything is read.
"""

from __future__ import annotations

import base64
import gc
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trueup.compile import Compiler
from trueup.compile.desired_document import compiled_to_document, problem_to_document
from trueup.errors import DeclarationError, Problem, TrueupError
from trueup.load.held import Held
from trueup.load.network import Network, read_tree
from trueup.load.router import Router
from trueup.review.confine import Refused, confine
from trueup.review.request import FORMAT_VERSION, connect_text
from trueup_schemas.catalogue import NEWEST, catalogue

NOWHERE = Path("/nowhere")

FAULTS = (
    TrueupError,
    Refused,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    OSError,
)
"""What a stranger's files may bring about where no rule has told it apart."""


def main() -> None:
    """Answer one request."""
    catalogue(NEWEST)
    walls = confine()
    request = json.load(sys.stdin.buffer)
    gc.disable()
    told = {"format-version": FORMAT_VERSION, "walls": walls, **answer(request)}
    json.dump(told, sys.stdout, ensure_ascii=True)
    sys.stdout.flush()


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the files of a request come to."""
    held = Held(
        files={path: base64.b64decode(data) for path, data in request["files"].items()},
        paths=tuple(request["paths"]),
        refused={},
        commit=request["commit"],
        stubs=frozenset(request["stubs"]),
    )
    network, problems = read_tree(NOWHERE, held)
    if network is None:
        return {"problems": list(map(problem_to_document, problems)), "routers": {}}
    wanted, versions = frozenset(request["routers"]), request["versions"]
    routers = {}
    compiler = Compiler(network)
    for router in network.routers:
        if router.file in wanted:
            routers[router.name] = _router(router, compiler, versions.get(router.name))
    return {"problems": list(map(problem_to_document, problems)), "names": _names(network), "routers": routers}


def _names(network: Network) -> list[str]:
    return [router.name for router in network.routers]


def _router(router: Router, compiler: Compiler, version: str | None) -> dict[str, Any]:
    """One router as declared, and the rows that it becomes or what is wrong with them."""
    told: dict[str, Any] = {
        "file": router.file,
        "site": router.site,
        "groups": list(router.groups),
        "labels": list(router.labels),
        "version": router.version,
        "model": router.model,
        "serial": router.serial,
        "connect": connect_text(router),
        "reconcile": router.reconcile.model_dump(mode="json", by_alias=True),
        "compiled": None,
        "problems": [],
    }
    try:
        told["compiled"] = compiled_to_document(compiler.compile(router, version))
    except DeclarationError as error:
        told["problems"] = list(map(problem_to_document, error.problems))
    return told


def _failed(error: BaseException) -> dict[str, Any]:
    """What went wrong, where the rules of this process stopped it."""
    text = str(error) if isinstance(error, TrueupError) else f"{type(error).__name__}: {error}"
    problem = Problem(f"the change could not be compiled: {text}"[:2000])
    return {"format-version": FORMAT_VERSION, "walls": [], "problems": [problem_to_document(problem)], "routers": {}}


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        json.dump(_failed(MemoryError("it needs more memory than it may have")), sys.stdout)
    except FAULTS as error:
        json.dump(_failed(error), sys.stdout)
