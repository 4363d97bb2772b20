"""Files written all or none: new ones are never laid over others, changed ones only as they were when read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from trueup.errors import DeclarationError, Problem


@dataclass(frozen=True, slots=True)
class Writing:
    """A file to write: `before` are its bytes until now, None where it must not be there yet."""

    path: Path
    data: bytes
    before: bytes | None = None
    mode: int = 0o644


def write_all(writings: Iterable[Writing]) -> None:
    """Write every file, or leave every one as it was; raises DeclarationError."""
    undo: list[Callable[[], object]] = []
    with ExitStack() as drafts:
        try:
            staged = [(writing, _stage(writing, drafts)) for writing in writings]
            for writing, draft in staged:
                undo.append(_place(writing, draft))
        except OSError as error:
            _undo(undo)
            problem = "it is there already" if isinstance(error, FileExistsError) else error.strerror or str(error)
            where = str(error.filename2 or error.filename or "")
            raise DeclarationError(Problem(f"nothing was written: {problem}", where)) from None
        except DeclarationError:
            _undo(undo)
            raise


def _undo(steps: list[Callable[[], object]]) -> None:
    for step in reversed(steps):
        with suppress(OSError):
            step()


def _stage(writing: Writing, drafts: ExitStack) -> Path:
    """The file's new bytes beside it, under a name that no command looks at."""
    draft = writing.path.with_name(f".{writing.path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, writing.mode), "wb") as file:
        drafts.callback(draft.unlink, missing_ok=True)
        file.write(writing.data)
    return draft


def _place(writing: Writing, draft: Path) -> Callable[[], object]:
    """Put the draft into its place; returns what takes it back."""
    path, before = writing.path, writing.before
    if before is None:
        os.link(draft, path)
        return path.unlink
    if path.read_bytes() != before:
        raise DeclarationError(Problem("nothing was written: it was changed meanwhile", str(path), "start again"))
    draft.replace(path)
    return lambda: path.write_bytes(before)
