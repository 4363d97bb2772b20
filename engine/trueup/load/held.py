"""A commit's files in memory: what another process is given to read, and what two commits are compared by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from git.exc import GitError

from trueup.errors import DeclarationError, Problem
from trueup.load.files import role_of, site_folders
from trueup.load.tree import CommitTree, open_tree

TOTAL = 256 * 2**20
"""The most bytes that are held of one commit."""


@dataclass(frozen=True, slots=True)
class Held:
    """A network's files by path, links followed; `refused` are those that cannot be read.

    `paths` are all that there are, also those that no network is read from, whose bytes are not held.
    """

    files: Mapping[str, bytes]
    paths: tuple[str, ...]
    refused: Mapping[str, tuple[Problem, ...]]
    commit: str
    stubs: frozenset[str] = frozenset()
    dirty: bool = False

    def read(self, path: str) -> bytes:
        if path in self.refused:
            raise DeclarationError(self.refused[path])
        return self.files[path]

    def narrowed(self, stubs: Mapping[str, bytes]) -> Held:
        """The same with these files in the place of whole ones."""
        if not stubs:
            return self
        return replace(self, files={**self.files, **stubs}, stubs=self.stubs | stubs.keys())


def hold_commits(root: Path, refs: Iterable[str]) -> tuple[Held, ...]:
    """The files of several commits of the network at `root` (resolved); what they share is read once.

    Raises DeclarationError.
    """
    known: dict[str, bytes] = {}
    held = []
    for ref in refs:
        with open_tree(root, ref) as tree:
            if isinstance(tree, CommitTree):
                held.append(_hold(tree, known))
    return tuple(held)


def _hold(tree: CommitTree, known: dict[str, bytes]) -> Held:
    files: dict[str, bytes] = {}
    refused: dict[str, tuple[Problem, ...]] = {}
    sites, total = site_folders(tree.paths), 0
    for path in tree.paths:
        if role_of(path, sites) == "other":
            continue
        try:
            files[path] = _read(tree, path, known)
        except DeclarationError as error:
            refused[path] = error.problems
            continue
        except (GitError, ValueError, OSError) as error:
            raise DeclarationError(
                Problem(f"git cannot read {path}: {error}", remedy="fetch the whole history")
            ) from None
        total += len(files[path])
        if total > TOTAL:
            raise DeclarationError(Problem(f"the network's files are larger than {TOTAL // 2**20} MB together"))
    return Held(files, tree.paths, refused, tree.commit)


def _read(tree: CommitTree, path: str, known: dict[str, bytes]) -> bytes:
    blob = tree.blobs[path]
    if tree.is_link(path):
        return tree.read(path)
    if blob.hexsha not in known:
        known[blob.hexsha] = tree.read(path)
    return known[blob.hexsha]
