"""A network in git whose changes are reviewed: revisions as branches, virtual routers behind them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fleet_room import Room, Said, git, room, run_main, spec

from trueup.review.child import answer
from trueup.review.request import FORMAT_VERSION

POOL = {"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.99"}]}


class InThisProcess:
    """Stands where a review wants a confined process, which takes half a second to start."""

    walls = ("no network",)

    def __init__(self, request: bytes, seconds: float) -> None:
        self._request = request

    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def answer(self) -> dict[str, Any]:
        told = {"format-version": FORMAT_VERSION, "walls": self.walls, **answer(json.loads(self._request))}
        found: dict[str, Any] = json.loads(json.dumps(told))
        return found


@contextlib.contextmanager
def reviewed(folder: Path, *names: str, confined: bool = False) -> Iterator[Room]:
    """Routers of these names, declared, applied and committed on main, with a pool each.

    Unless it is `confined`, the change is compiled in this process.
    """
    with room(folder, *(spec(name) for name in names)) as made:
        if not confined:
            made.patch.setattr("trueup.review.change.Sandbox", InThisProcess)
        for name in names:
            made.declare(name, POOL)
        made.commit("Begin")
        if names:
            said = made.trueup("apply", "--yes")
            assert said.code == 0, said.all
        yield made


def change(made: Room, edit: Callable[[], Any], message: str = "Change") -> None:
    """A branch called `change`, from main, with what `edit` does to the files."""
    git(made.network, "checkout", "--quiet", "-B", "change", "main")
    edit()
    made.commit(message)


def ci(made: Room, *words: str) -> Said:
    return run_main("ci", "--network", str(made.network), "--base", "main", "--head", "change", *words)


def ci_json(made: Room, *words: str) -> dict[str, Any]:
    said = ci(made, "--json", *words)
    assert said.out, said.all
    document: dict[str, Any] = json.loads(said.out)
    return document


def compared(document: dict[str, Any]) -> dict[str, str]:
    """What each touched router was compared with."""
    return {each["router"]: each["compared-with"] for each in document["routers"]}
