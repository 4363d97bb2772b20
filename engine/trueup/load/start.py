"""The repository of a network that is only beginning."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import git
from git.exc import GitError

from trueup.errors import DeclarationError, Problem


def start_repository(root: Path, files: Iterable[str], message: str) -> bool:
    """Make `root` a git repository whose first commit holds the files; False where it is inside one already."""
    try:
        with git.Repo(root, search_parent_directories=True):
            return False
    except GitError:
        pass
    try:
        with git.Repo.init(root, initial_branch="main") as repository:
            actor = git.Actor.author(repository.config_reader())
            repository.index.add(sorted(files))
            repository.index.commit(message, author=actor, committer=actor, skip_hooks=True)
    except (GitError, OSError) as error:
        raise DeclarationError(Problem(f"git cannot begin a repository: {error}", str(root))) from None
    return True
