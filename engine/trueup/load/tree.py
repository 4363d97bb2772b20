"""The files of a network's folder: those of the working tree, or those of a commit, read as blobs."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import git
from git.exc import GitError

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.compose import too_large
from trueup.load.repository import commit_named, open_repository

FILES = 20_000
"""The most files a network's folder may hold, and the most folders."""

DEEPEST, LARGEST = 64, 8 * 2**20
"""The most folders within one another, and the most bytes of what git keeps of one folder: a few objects that name each
other stand for more folders than anything could read."""

LINK = 0o120000


class Tree(Protocol):
    """Files below a network's folder by path, hidden ones left out; `commit` is "" where no commit holds them."""

    @property
    def commit(self) -> str: ...

    @property
    def dirty(self) -> bool: ...

    @property
    def paths(self) -> tuple[str, ...]: ...

    @property
    def stubs(self) -> frozenset[str]:
        """Routers' files of which only the name is held, since nobody asks for more."""

    def read(self, path: str) -> bytes:
        """The file's bytes; raises DeclarationError where it is too large, or a link that leaves the network."""


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """What is on the disk now."""

    root: Path
    paths: tuple[str, ...]
    commit: str
    dirty: bool
    stubs: frozenset[str] = frozenset()

    def read(self, path: str) -> bytes:
        try:
            real = Path(os.path.realpath(self.root / path, strict=True))
            if not real.is_relative_to(self.root) or not real.is_file():
                raise DeclarationError(_leaves(path))
            if problem := too_large(real.stat().st_size, path):
                raise DeclarationError(problem)
            return real.read_bytes()
        except FileNotFoundError:
            raise DeclarationError(_leaves(path)) from None
        except OSError as error:
            raise DeclarationError(Problem(f"the file cannot be read: {error.strerror}", Source(path))) from None


@dataclass(frozen=True, slots=True)
class CommitTree:
    """What a commit holds; nothing is checked out, and no hook or filter runs."""

    blobs: Mapping[str, git.Blob]
    prefix: str
    paths: tuple[str, ...]
    commit: str
    dirty: bool = False
    stubs: frozenset[str] = frozenset()

    def is_link(self, path: str) -> bool:
        return bool(self.blobs[path].mode == LINK)

    def read(self, path: str) -> bytes:
        blob = self.blobs[path]
        for _ in range(8):
            if problem := too_large(blob.size, path):
                raise DeclarationError(problem)
            data: bytes = blob.data_stream.read()
            if blob.mode != LINK:
                return data
            folder = posixpath.dirname(str(blob.path).removeprefix(self.prefix))
            target = posixpath.normpath(posixpath.join(folder, os.fsdecode(data)))
            if target not in self.blobs:
                break
            blob = self.blobs[target]
        raise DeclarationError(_leaves(path))


@contextmanager
def open_tree(root: Path, ref: str | None = None) -> Iterator[Tree]:
    """The files of the network at `root` (resolved), of the working tree or of the commit that `ref` names."""
    try:
        repository = open_repository(root)
    except GitError:
        if ref is not None:
            raise DeclarationError(Problem(f"{root} is not in a git repository, so there is no '{ref}'")) from None
        yield WorkingTree(root, _walk(root), "", True)
        return
    with repository:
        try:
            tree = _open(repository, root, ref)
        except (ValueError, OSError) as error:
            raise DeclarationError(Problem(f"git cannot read '{ref or root}': {error}")) from None
        except GitError as error:
            raise DeclarationError(Problem(f"git cannot read {root}: {error}")) from None
        try:
            yield tree
        except GitError as error:
            raise DeclarationError(Problem(f"git cannot read {root}: {error}")) from None


def _open(repository: git.Repo, root: Path, ref: str | None) -> Tree:
    if ref is not None:
        return _commit_tree(repository, root, ref)
    commit = repository.head.commit.hexsha if repository.head.is_valid() else ""
    changed = repository.git(no_optional_locks=True).status("--porcelain", "--untracked-files=all", "--", *_read(root))
    return WorkingTree(root, _walk(root), "" if changed else commit, bool(changed) or not commit)


def _read(root: Path) -> list[str]:
    """What git is to compare: only files that a network is read from, so that a saved plan beside them is no change."""
    patterns = [f"**/*{suffix}" for suffix in (".yaml", ".yml", ".j2", ".csv", ".jsonl")]
    return [f":(glob){root}/{each}" for each in (*patterns, "catalogue/*.json")]


def _commit_tree(repository: git.Repo, root: Path, ref: str) -> CommitTree:
    commit = commit_named(repository, ref)
    try:
        top = Path(str(repository.working_tree_dir or root)).resolve()
        within = root.relative_to(top).as_posix()
        tree = commit.tree if within == "." else commit.tree / within
    except (KeyError, ValueError):
        raise DeclarationError(Problem(f"the network's folder does not exist at '{ref}'")) from None
    prefix = "" if within == "." else f"{within}/"
    blobs = {str(blob.path).removeprefix(prefix): blob for blob in _blobs(tree)}
    return CommitTree(blobs, prefix, tuple(sorted(blobs)), commit.hexsha)


def _blobs(top: git.Tree) -> list[git.Blob]:
    """The files in a tree and below, hidden ones left out; raises DeclarationError where they are too many."""
    found: list[git.Blob] = []
    folders, seen = [top], 1
    while folders:
        folder = folders.pop()
        if folder.size > LARGEST:
            raise DeclarationError(Problem("a folder of the network is too large to be read", Source(str(folder.path))))
        inner = [each for each in folder.trees if not each.name.startswith(".")]
        if inner and str(folder.path).count("/") >= DEEPEST:
            raise DeclarationError(Problem(f"the network's folders are more than {DEEPEST} deep"))
        seen += len(inner)
        if seen > FILES:
            raise DeclarationError(Problem(f"the network's folder holds more than {FILES} folders"))
        folders += inner
        found += (blob for blob in folder.blobs if not blob.name.startswith("."))
        _bound(len(found))
    return found


def _walk(root: Path) -> tuple[str, ...]:
    found: list[str] = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        # A link to a folder is kept, so that reading it says what is wrong with it.
        names = (*files, *(name for name in folders if Path(folder, name).is_symlink()))
        found += [Path(folder, name).relative_to(root).as_posix() for name in names if not name.startswith(".")]
        _bound(len(found))
    return tuple(sorted(found))


def _bound(count: int) -> None:
    if count > FILES:
        raise DeclarationError(
            Problem(
                f"the network's folder holds more than {FILES} files",
                remedy="keep other files elsewhere, or in a folder whose name begins with a dot",
            )
        )


def _leaves(path: str) -> Problem:
    message = "the link leads out of the network's folder, or to no file in it"
    return Problem(message, Source(path), "put the file itself here")
