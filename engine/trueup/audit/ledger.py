"""The git repository that the audit is kept in: one writer at a time, whole commits or none, crashes survived."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import git
from git.exc import GitError, ODBError

from trueup.errors import AuditError, Problem

LOCK = "trueup.lock"
JOURNAL = "trueup-writing.json"
"""Below .git: the paths being written, so that what a crash leaves is told from what somebody else changed."""

WAIT = 30.0
"""Seconds to wait for another process; one writes for far less than a second."""

STEP = 0.05
STALE = 5.0
"""Seconds after which an index.lock that our own crash left is taken away."""

MAIL = "audit@trueup.invalid"


class Ledger:
    """Reads files of the newest commit, and commits files. Every failure is an AuditError that says what to do."""

    def __init__(self, path: Path, wait: float = WAIT) -> None:
        self.path, self._wait = path, wait

    def read(self, name: str) -> str | None:
        """A committed file's text, None where there is none."""
        with self._repository() as repository:
            data = _read(repository, name)
            return None if data is None else data.decode()

    def folders(self, name: str) -> list[str]:
        """The names of the folders in a committed folder, newest name first."""
        with self._repository() as repository:
            tree = _tree(repository, name)
            return sorted((folder.name for folder in tree.trees), reverse=True) if tree is not None else []

    @property
    def who(self) -> str:
        """The person who runs this: git's user.name, else the operating system's user."""
        with self._repository() as repository, repository.config_reader() as config:
            name = str(config.get_value("user", "name", ""))
        return name or getpass.getuser()

    def check(self) -> None:
        """Refuse a repository that cannot be written now, or that holds somebody else's unfinished changes."""
        with self.writing():
            pass

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the repository for reading and then committing; nobody else writes meanwhile."""
        with self._repository() as repository, self._lock(Path(repository.git_dir)):
            writer = Writer(repository, self.path)
            writer.clear_lock(self._wait)
            writer.recover()
            writer.refuse_strangers()
            yield writer

    @contextmanager
    def _repository(self) -> Iterator[git.Repo]:
        try:
            with git.Repo(self.path) as repository:
                yield repository
        except (GitError, ODBError) as error:
            text = str(getattr(error, "stderr", "") or error).strip()
            raise AuditError(Problem(f"git refused: {text}", str(self.path), "look with `git status` there")) from None
        except OSError as error:
            remedy = "make the repository writable and see that its disk has room"
            text = f"cannot be written or read: {error.strerror or error}"
            raise AuditError(Problem(text, str(self.path), remedy)) from None

    @contextmanager
    def _lock(self, folder: Path) -> Iterator[None]:
        """The system gives the lock up when its process ends, however it ends."""
        until = time.monotonic() + self._wait
        with (folder / LOCK).open("a+") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= until:
                        text = f"another trueup has held the audit repository for {self._wait:g} s"
                        raise AuditError(Problem(text, str(self.path), "wait for it to end, then try again")) from None
                    time.sleep(STEP)
            yield


class Writer:
    """The one who may write, while the lock is held."""

    def __init__(self, repository: git.Repo, path: Path) -> None:
        self._repository, self._path = repository, path
        self._journal = Path(repository.git_dir) / JOURNAL

    def read(self, name: str) -> str | None:
        """A committed file's text, None where there is none."""
        data = _read(self._repository, name)
        return None if data is None else data.decode()

    def commit(self, files: Mapping[str, str], message: str, who: str) -> str:
        """Write files and commit them, all or none; the commit's hash, "" where nothing differs."""
        # A byte that is no UTF-8 becomes an escape, which JSON reads back as what it was.
        data = {name: text.encode("utf-8", "backslashreplace") for name, text in files.items()}
        changed = {name: each for name, each in data.items() if _read(self._repository, name) != each}
        if not changed:
            return ""
        _replace(self._journal, json.dumps(sorted(changed)).encode())
        for name, each in changed.items():
            _replace(self._path / name, each)
        return self._add(list(changed), message, who)

    def clear_lock(self, wait: float) -> None:
        """Wait for git's own lock; one that our crash left is taken away."""
        lock = Path(self._repository.git_dir) / "index.lock"
        started = time.monotonic()
        while lock.exists():
            waited = time.monotonic() - started
            if self._journal.exists() and waited >= min(STALE, wait):
                lock.unlink(missing_ok=True)
            elif waited >= wait:
                remedy = f"if no git runs there, delete {lock}"
                raise AuditError(Problem("git's index is locked", str(self._path), remedy))
            else:
                time.sleep(STEP)

    def recover(self) -> None:
        """Commit what a crash left between writing and committing; each file is whole."""
        try:
            names = json.loads(self._journal.read_text())
        except FileNotFoundError:
            return
        for name in names:
            _temporary(self._path / name).unlink(missing_ok=True)
        left = [name for name in names if (self._path / name).exists()]
        if any(_read(self._repository, name) != (self._path / name).read_bytes() for name in left):
            self._add(left, "Keep what an interrupted run had written", "trueup")
        self._journal.unlink(missing_ok=True)

    def refuse_strangers(self) -> None:
        """Refuse uncommitted changes that are not ours."""
        if self._repository.head.is_detached:
            remedy = "check out a branch there, so that no record is lost"
            raise AuditError(Problem("no branch is checked out", str(self._path), remedy))
        # Within a hook, git's variables name the repository that the hook belongs to.
        here = {"GIT_DIR": str(self._repository.git_dir), "GIT_WORK_TREE": str(self._path)}
        here["GIT_INDEX_FILE"] = str(Path(self._repository.git_dir) / "index")
        status = self._repository.git(no_optional_locks=True).status("--porcelain", "--untracked-files=all", env=here)
        if status:
            names = [line[3:] for line in status.splitlines()]
            shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            text = f"somebody has left uncommitted changes: {shown}"
            raise AuditError(Problem(text, str(self._path), "commit them there, or take them away"))

    def _add(self, names: list[str], message: str, who: str) -> str:
        actor = git.Actor(who, MAIL)
        self._repository.index.add(names)
        commit = self._repository.index.commit(message, author=actor, committer=actor, skip_hooks=True)
        self._journal.unlink(missing_ok=True)
        return commit.hexsha


def _tree(repository: git.Repo, name: str) -> git.Tree | None:
    if not repository.head.is_valid():
        return None
    try:
        found = repository.head.commit.tree / name
    except KeyError:
        return None
    return found if isinstance(found, git.Tree) else None


def _read(repository: git.Repo, name: str) -> bytes | None:
    if not repository.head.is_valid():
        return None
    try:
        found = repository.head.commit.tree / name
    except KeyError:
        return None
    return bytes(found.data_stream.read()) if isinstance(found, git.Blob) else None


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.writing")


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path)
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
