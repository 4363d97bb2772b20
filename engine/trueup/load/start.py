"""The repository of a network that is only beginning."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import git
from git.exc import GitError

from trueup.errors import DeclarationError, Problem


def repository_above(root: Path) -> Path | None:
    """The top of the repository's working tree that a folder is in, None where it is in none."""
    try:
        with git.Repo(root, search_parent_directories=True) as repository:
            top = repository.working_tree_dir
    except GitError:
        return None
    return Path(str(top)).resolve() if top else None


def start_repository(root: Path, files: Iterable[str], message: str, hooks: str = "") -> bool:
    """Make `root` a git repository whose first commit holds the files; False where it is inside one already.

    `hooks` is the folder of the hooks that are to run in this clone.
    """
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
            if hooks:
                with repository.config_writer() as config:
                    config.set_value("core", "hooksPath", hooks)
    except (GitError, OSError) as error:
        raise DeclarationError(Problem(f"git cannot begin a repository: {error}", str(root))) from None
    return True
