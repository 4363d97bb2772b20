"""The git repository of a network, opened so that nothing in its files decides what git does."""

from __future__ import annotations

import os
from pathlib import Path

import git
from git.exc import BadName, GitError, InvalidGitRepositoryError, ODBError
from git.repo.fun import is_git_dir

from trueup.errors import DeclarationError, Problem

READING = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
"""What git is told when it only reads: nothing is fetched and nobody is asked."""

SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "log.showSignature": "false",
    "safe.bareRepository": "explicit",
}
"""Settings that win over those of any file: no other program is started."""


def _environment() -> dict[str, str]:
    """What git is told, beside the settings that the environment already gives it."""
    told = dict(READING)
    given = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdecimal() else 0
    for number, (name, value) in enumerate(SETTINGS.items(), first):
        told |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return {**told, "GIT_CONFIG_COUNT": str(first + len(SETTINGS))}


def open_repository(root: Path) -> git.Repo:
    """The repository that holds a folder, for reading; raises GitError where there is none."""
    repository = found_repository(root)
    repository.git.update_environment(**_environment())
    return repository


def found_repository(root: Path) -> git.Repo:
    """The same with git's own settings, for asking its remotes.

    It is found by its `.git` alone: files of a network that look like a bare repository are files.
    """
    root = root.resolve()
    for folder in (root, *root.parents):
        found = folder / ".git"
        if not found.exists():
            continue
        if found.is_file() and is_git_dir(str(folder)):
            raise InvalidGitRepositoryError(f"{folder} holds what looks like a second repository")
        return git.Repo(found if found.is_dir() else folder)
    raise InvalidGitRepositoryError(str(root))


def commit_named(repository: git.Repo, ref: str) -> git.Commit:
    """The commit that a name stands for; raises DeclarationError where it stands for none."""
    try:
        if not ref or ref.startswith("-"):
            raise ValueError(ref)
        return repository.commit(ref)
    except (BadName, ODBError, ValueError, IndexError, KeyError, GitError):
        remedy = "fetch it first; a shallow clone lacks older ones"
        raise DeclarationError(
            Problem(f"'{ref}' is no commit, branch or tag of this repository", remedy=remedy)
        ) from None
