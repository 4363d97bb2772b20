"""The network's git remote: what its branch holds now, fetched into the object database and never checked out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import git
from git.exc import BadName, GitError

from trueup.errors import Problem, RemoteError
from trueup.load.repository import found_repository

TIMEOUT = 60
"""Seconds that a fetch may take."""

SAFE = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "protocol.ext.allow=never",
    "gc.auto=0",
    "maintenance.auto=0",
)
SEEN = "refs/trueup/seen"
"""What the remote's branch held when it was last asked, kept across starts."""


@dataclass(frozen=True, slots=True)
class Head:
    """The commit that a branch holds. `rewritten`: what it held before is no longer in its history."""

    commit: str
    author: str
    email: str
    subject: str
    rewritten: bool = False


class Remote:
    """One branch of one remote of the repository that holds a network's folder; where there is no such remote, the
    branch of the repository itself."""

    def __init__(self, root: Path, name: str, branch: str) -> None:
        self.root, self.name, self.branch = root, name, branch

    def fetch(self) -> Head:
        """Ask the remote, within TIMEOUT; raises RemoteError, and then what was known before still counts."""
        try:
            with found_repository(self.root) as repository:
                reference = f"{SEEN}/{self.branch}"
                before = _commit(repository, reference)
                if self.name in {remote.name for remote in repository.remotes}:
                    self._fetch(repository, reference)
                else:
                    self._follow(repository, reference)
                return _head(repository, reference, before)
        except GitError as error:
            raise self._error(error) from None
        except BadName:
            remedy = "see `daemon.branch` and `daemon.remote` in trueup.yaml"
            raise RemoteError(Problem("there is no such branch", self._where, remedy)) from None
        except (OSError, ValueError) as error:
            raise RemoteError(Problem(f"cannot be asked: {error}", self._where, "look at the repository")) from None

    def head(self, commit: str) -> Head:
        """What is told of a commit that is there; raises RemoteError."""
        try:
            with found_repository(self.root) as repository:
                return _head(repository, commit, "")
        except (BadName, GitError, OSError, ValueError) as error:
            raise RemoteError(Problem(f"there is no commit {commit[:12]}: {error}", self._where)) from None

    @property
    def _where(self) -> str:
        return f"{self.name}/{self.branch}"

    def _fetch(self, repository: git.Repo, reference: str) -> None:
        wanted = f"+refs/heads/{self.branch}:{reference}"
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-gc")
        settings = [part for each in SAFE for part in ("-c", each)]
        repository.git.execute(
            ["git", *settings, "fetch", *options, self.name, wanted],
            env={"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never"},
            kill_after_timeout=TIMEOUT,
            start_new_session=True,  # without a terminal nothing can ask for a password on it
        )

    def _follow(self, repository: git.Repo, reference: str) -> None:
        repository.git(c=SAFE).update_ref(reference, repository.commit(f"refs/heads/{self.branch}").hexsha)

    def _error(self, error: GitError) -> RemoteError:
        lines = str(getattr(error, "stderr", "") or error).strip().strip("'").splitlines()
        told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[-1:] or ["git says nothing"]
        text = told[0].removeprefix("fatal: ").removeprefix("error: ")
        remedy = "see that it is reachable, and that the daemon's user may read it"
        return RemoteError(Problem(f"cannot be fetched: {_without_user(text)}", self._where, remedy))


def _commit(repository: git.Repo, name: str) -> str:
    try:
        return repository.commit(name).hexsha
    except (BadName, ValueError, GitError):
        return ""


def _head(repository: git.Repo, name: str, before: str) -> Head:
    commit = repository.commit(name)
    rewritten = bool(before) and before != commit.hexsha and not _holds(repository, before, commit)
    subject = str(commit.summary)
    return Head(commit.hexsha, str(commit.author.name or ""), str(commit.author.email or ""), subject, rewritten)


def _holds(repository: git.Repo, before: str, after: git.Commit) -> bool:
    try:
        return repository.is_ancestor(repository.commit(before), after)
    except (GitError, BadName, ValueError):
        return False


def _without_user(text: str) -> str:
    """A git message without the user and the password that an address may hold."""
    head, mark, rest = text.partition("://")
    if not mark or "@" not in rest.split("/", 1)[0]:
        return text
    return f"{head}://{rest.partition('@')[2]}"
