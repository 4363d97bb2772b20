"""Who made which commit: git's history, read as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import git
from git.exc import GitError

from trueup.errors import DeclarationError, Problem
from trueup.load.repository import commit_named, open_repository
from trueup.load.tree import LINK, CommitTree, open_tree

_COAUTHOR = re.compile(r"^co-authored-by:[^<\n]*<([^>\n]*)>", re.MULTILINE | re.IGNORECASE)

SEARCHED = 20_000
"""The most commits that are looked at for where a file was added."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: who wrote it, when (UTC), and its first line."""

    sha: str
    name: str
    email: str
    time: datetime
    subject: str


def read_commit(root: Path, ref: str) -> Commit:
    """What a name stands for; raises DeclarationError."""
    with _opened(root) as repository:
        return _commit(commit_named(repository, ref))


def is_ancestor(root: Path, old: str, new: str) -> bool | None:
    """Whether `new` is built on `old`; None where the clone is too shallow to tell."""
    with _opened(root) as repository:
        try:
            return repository.is_ancestor(commit_named(repository, old), commit_named(repository, new))
        except GitError:
            return None


def authors_of(root: Path, old: str, new: str, besides: str) -> frozenset[str]:
    """The e-mails of who wrote what lies between two commits, co-authors too; commits that only touch the folder
    `besides` of the network are left out, and merges.

    Where nothing lies between, or nobody can tell, those of the newest commit that touches anything else.
    """
    with _opened(root) as repository:
        last = commit_named(repository, new).hexsha
        prefix = _within(repository, root.resolve())
        within = "" if prefix == "." else f"{prefix}/"
        paths = [within or ".", f":(exclude){within}{besides}"]
        try:
            ways = (f"{commit_named(repository, old).hexsha}..{last}" if old else last, last)
            for way, most in zip(ways, (SEARCHED if old else 1, 1), strict=True):
                found = list(repository.iter_commits(way, paths=paths, max_count=most, no_merges=True))
                if found:
                    return frozenset(email for commit in found for email in _emails(commit))
        except GitError as error:
            raise DeclarationError(Problem(f"git cannot read the history: {error}")) from None
        return frozenset(_emails(commit_named(repository, new)))


def _emails(commit: git.Commit) -> Iterator[str]:
    yield str(commit.author.email or "")
    yield from _COAUTHOR.findall(str(commit.message))


def read_folder(root: Path, ref: str, folder: str) -> dict[str, bytes]:
    """The files of one folder of the network at a commit, links left out; {} where there is none."""
    with open_tree(root.resolve(), ref) as tree:
        paths = [path for path in tree.paths if path.startswith(f"{folder}/")]
        return {path: tree.read(path) for path in paths if not _is_link(tree, path)}


def changed_in(root: Path, old: str, new: str, folder: str) -> list[str]:
    """The files of one folder of the network that `new` has and `old` has not, or not so; raises DeclarationError."""
    before, after = (_marks(root, ref, folder) for ref in (old, new))
    return sorted(path for path, mark in after.items() if before.get(path) != mark)


def _marks(root: Path, ref: str, folder: str) -> dict[str, str]:
    with open_tree(root.resolve(), ref) as tree:
        blobs = tree.blobs if isinstance(tree, CommitTree) else {}
        return {path: blob.hexsha for path, blob in blobs.items() if path.startswith(f"{folder}/")}


def read_file(root: Path, ref: str, path: Path) -> bytes | None:
    """What a commit holds at a path, which may lie anywhere in the repository; None where it holds no file there.

    Raises DeclarationError where the path leads out of the repository.
    """
    with _opened(root) as repository:
        try:
            found = commit_named(repository, ref).tree / _within(repository, path)
        except KeyError:
            return None
        return bytes(found.data_stream.read()) if isinstance(found, git.Blob) and found.mode != LINK else None


def is_inside(root: Path, path: Path) -> bool:
    """Whether a path lies in the working tree of the repository that holds the network at `root`."""
    with _opened(root) as repository:
        return path.is_relative_to(_top(repository))


def prefix_of(root: Path) -> str:
    """Where the network's folder lies in its repository, such as `net/`; "" at the top."""
    with _opened(root) as repository:
        within = root.resolve().relative_to(_top(repository)).as_posix()
        return "" if within == "." else f"{within}/"


def added_by(root: Path, ref: str, path: str) -> Commit | None:
    """The commit that gave a file of the network the bytes that it has at `ref`; None where history does not tell.

    A merge can give a file bytes that neither side had; those are nobody's.
    """
    with _opened(root) as repository:
        name = _within(repository, root.resolve() / path)
        try:
            newest = commit_named(repository, ref)
            found = repository.iter_commits(newest.hexsha, paths=name, max_count=1, no_merges=True)
            commit = next(iter(found), None)
            if commit is not None and commit.tree / name != newest.tree / name:
                return None
        except KeyError:
            return None
        except GitError as error:
            raise DeclarationError(Problem(f"git cannot read the history of {path}: {error}")) from None
        return _commit(commit) if commit is not None else None


def _is_link(tree: object, path: str) -> bool:
    told = getattr(tree, "is_link", None)
    return bool(told(path)) if told is not None else False


def _top(repository: git.Repo) -> Path:
    return Path(str(repository.working_tree_dir)).resolve()


def _within(repository: git.Repo, path: Path) -> str:
    try:
        return path.relative_to(_top(repository)).as_posix()
    except ValueError:
        raise DeclarationError(Problem("this is no path of the repository", str(path))) from None


def _opened(root: Path) -> git.Repo:
    try:
        return open_repository(root)
    except GitError as error:
        raise DeclarationError(Problem(f"{root} is not in a git repository: {error}")) from None


def _commit(commit: git.Commit) -> Commit:
    subject = commit.message if isinstance(commit.message, str) else commit.message.decode(errors="replace")
    return Commit(
        commit.hexsha,
        str(commit.author.name or ""),
        str(commit.author.email or ""),
        _time(commit),
        subject.partition("\n")[0].strip(),
    )


def _time(commit: git.Commit) -> datetime:
    """When a commit was written (UTC); the epoch where it says a time that there is not."""
    try:
        return datetime.fromtimestamp(commit.authored_date, UTC)
    except (ValueError, OSError, OverflowError):
        return datetime.fromtimestamp(0, UTC)
