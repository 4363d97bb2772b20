"""What a run was doing on one router, on disk, so that a crash of this machine leaves word of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trueup.errors import PlanError, Problem

FORMAT_VERSION = "1.0"
NEEDED = {"run", "started", "commit", "plan", "ids", "doing"}
"""What every journal holds."""


@dataclass
class Journal:
    """One file for one router, written whole and synced before each batch, removed at the end of the run.

    `about` is what does not change: the run, the plan without personal data, the net, the ids that were there before.
    Nothing needs it: without it, the router itself tells what it is, and its nets act by themselves.
    """

    path: Path
    about: Mapping[str, Any]
    state: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._head = json.dumps({"format-version": FORMAT_VERSION, **self.about})[:-1]

    def write(self, doing: str, **state: Any) -> None:
        """Note what will be done next; raises PlanError where the disk does not take it."""
        self.state |= {"doing": doing, **state}
        text = f"{self._head}, {json.dumps(self.state)[1:]}"
        draft = self.path.with_name(f".{self.path.name}.writing")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as error:
            text = f"the journal cannot be written: {error.strerror or error}"
            raise PlanError(Problem(text, str(self.path), "make room there, and make it writable")) from None

    def remove(self) -> None:
        """The run has ended and is recorded elsewhere; what cannot be removed is left for `trueup recover`."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return


def read_journal(path: Path) -> dict[str, Any] | None:
    """What a run that broke off has left, None where nothing is; raises PlanError where it cannot be read."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        remedy = "delete it; the router itself tells what it is, and `trueup plan` shows it"
        raise PlanError(Problem(f"the journal cannot be read: {error}", str(path), remedy)) from None
    if isinstance(document, dict) and not document.keys() >= NEEDED:
        remedy = "delete it; the router itself tells what it is, and `trueup plan` shows it"
        raise PlanError(Problem("the journal lacks what a run writes into it", str(path), remedy))
    version = str(document.get("format-version", "")) if isinstance(document, dict) else ""
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        remedy = "recover with the trueup that wrote it, or delete it"
        raise PlanError(Problem(f"the journal has format-version {version or '(none)'}", str(path), remedy))
    found: dict[str, Any] = document
    return found
