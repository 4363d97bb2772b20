"""The git repository that the audit is kept in: one writer at a time, whole commits or none, crashes survived."""

from __future__ import annotations

import fcntl
import getpass
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import git
from git.exc import GitError

from trueup.errors import AuditError, Problem

LOCK = "trueup.lock"
JOURNAL = "trueup-writing"
"""Below .git: the paths being written, so that what a crash leaves is told from what somebody else changed."""

CLAIMS = "trueup-routers"
"""Below .git: a file for each router, locked by the run that writes to it."""

DAEMON = "trueup-daemon"
"""Below .git: locked by the daemon that keeps the network, and says which process that is."""

WAIT = 30.0
"""Seconds to wait for another process; one writes for about a second where it has hundreds of routers."""

STEP = 0.05
STALE = 5.0
"""Seconds after which an index.lock that our own crash left is taken away."""

MAIL = "audit@trueup.invalid"

QUIET = ("core.hooksPath=/dev/null", "commit.gpgSign=false", "gc.auto=0", "maintenance.auto=false")
"""Nobody's hooks, nobody's passphrase, and no housekeeping in the middle of a run."""


class Ledger:
    """Reads the repository's files and commits them. Every failure is an AuditError that says what to do."""

    def __init__(self, path: Path, wait: float = WAIT) -> None:
        self.path, self._wait = path, wait

    def read(self, name: str) -> str | None:
        """A file's text, None where there is none."""
        with self._explained():
            try:
                return (self.path / name).read_text(encoding="utf-8", errors="surrogateescape")
            except (FileNotFoundError, NotADirectoryError):
                return None

    def folders(self, name: str) -> list[str]:
        """The names of the folders in a folder, newest name first."""
        folder = self.path / name
        with self._explained():
            found = [each.name for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []
        return sorted(found, reverse=True)

    def files(self, name: str) -> list[str]:
        """The names of the files in a folder, in no order; those being written left out."""
        folder = self.path / name
        with self._explained():
            found = [each.name for each in folder.iterdir() if each.is_file()] if folder.is_dir() else []
        return [each for each in found if not each.startswith(".")]

    @property
    def who(self) -> str:
        """The person who runs this: git's user.name, else the operating system's user."""
        with self._repository() as repository, repository.config_reader() as config:
            name = str(config.get_value("user", "name", ""))
        return name or getpass.getuser()

    @contextmanager
    def writing(self, *, ending: bool = False) -> Iterator[Writer]:
        """Hold the repository for committing; nobody else writes meanwhile.

        Refused where somebody else has left changes; a run that is `ending` keeps its record beside them.
        """
        with self._repository() as repository, self._lock(Path(repository.git_dir)):
            writer = Writer(repository, self.path)
            writer.clear_lock(self._wait)
            writer.recover()
            writer.refuse_strangers(ending=ending)
            yield writer

    @contextmanager
    def claim(self, router: str) -> Iterator[bool]:
        """Like Writer.claim, while others write to the repository."""
        with ExitStack() as held:
            with self._repository() as repository:
                free = held.enter_context(_claim(Path(repository.git_dir), router))
            yield free

    def mark(self, router: str, doing: str) -> None:
        """Say beside a claim what it is for; whoever waits for it reads that."""
        with self._repository() as repository:
            (Path(repository.git_dir) / CLAIMS / router).write_text(doing, encoding="utf-8")

    def marked(self, router: str) -> str:
        """What the last claim of a router was for."""
        with self._repository() as repository:
            return (Path(repository.git_dir) / CLAIMS / router).read_text(encoding="utf-8", errors="replace")

    def tidy(self) -> None:
        """Pack what many commits have left loose, where that is much; others may write meanwhile."""
        with self._repository() as repository:
            settings = ("core.hooksPath=/dev/null", "gc.autoDetach=false")
            repository.git(c=settings).gc("--auto", "--quiet")

    @contextmanager
    def sole(self, about: str) -> Iterator[None]:
        """Be the one daemon that keeps this repository; raises AuditError, which tells about the other one."""
        with self._repository() as repository:
            path = Path(repository.git_dir) / DAEMON
        with self._explained(), path.open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                text = f"another daemon keeps the routers of this audit: {file.read(200).strip()}"
                raise AuditError(Problem(text, str(self.path), "end that one first; one is enough")) from None
            file.truncate(0)
            file.write(about)
            file.flush()
            yield

    @contextmanager
    def _repository(self) -> Iterator[git.Repo]:
        with self._explained(), git.Repo(self.path) as repository:
            # Within a hook, git's variables name the repository that the hook belongs to.
            folder = str(repository.git_dir)
            repository.git.update_environment(
                GIT_LITERAL_PATHSPECS="1",
                GIT_DIR=folder,
                GIT_WORK_TREE=str(self.path),
                GIT_INDEX_FILE=str(Path(folder) / "index"),
            )
            yield repository

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except GitError as error:
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
        self._git, self._path, self._folder = repository.git, path, Path(repository.git_dir)
        self._detached = repository.head.is_detached
        self._journal = self._folder / JOURNAL

    def commit(self, files: Mapping[str, str | None], message: str, who: str) -> None:
        """Write files and commit them, all or none; None takes one away. No commit where nothing differs."""
        self._begin(files)
        for name, text in files.items():
            if text is None:
                (self._path / name).unlink(missing_ok=True)
            else:
                _replace(self._path / name, text)
        self._commit(message, who)

    @contextmanager
    def claim(self, router: str) -> Iterator[bool]:
        """Whether no other run writes to the router; while this is held, and its process lives, none does."""
        with _claim(self._folder, router) as free:
            yield free

    def clear_lock(self, wait: float) -> None:
        """Wait for git's own lock; one that our crash left is taken away."""
        lock = self._folder / "index.lock"
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
            names = self._journal.read_text(encoding="utf-8").split("\0")
        except FileNotFoundError:
            return
        for name in names:
            _temporary(self._path / name).unlink(missing_ok=True)
        self._commit("Keep what an interrupted run had written", "trueup")

    def refuse_strangers(self, *, ending: bool) -> None:
        """Refuse uncommitted changes that are not ours; at a run's end only those that our commit would take along."""
        if self._detached and not ending:
            remedy = "check out a branch there, so that no record is lost"
            raise AuditError(Problem("no branch is checked out", str(self._path), remedy))
        status = self._git(no_optional_locks=True).status("--porcelain", "--untracked-files=all")
        names = [line[3:] for line in status.splitlines() if not ending or line[0] not in " ?"]
        if names:
            shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            text = f"somebody has left uncommitted changes: {shown}"
            raise AuditError(Problem(text, str(self._path), "commit them there, or take them away"))

    def _begin(self, names: Iterable[str]) -> None:
        _replace(self._journal, "\0".join(names))

    def _commit(self, message: str, who: str) -> None:
        """Commit the journal's files, by one process for all: GitPython's own index starts one for each."""
        names = [name for name in self._journal.read_text(encoding="utf-8").split("\0") if name]
        gone = [name for name in names if not (self._path / name).is_file()]
        if gone:
            self._git.rm("--quiet", "--cached", "--ignore-unmatch", "--", *gone)
            self._begin(name for name in names if name not in gone)
        if len(names) > len(gone):
            self._git.add("--force", f"--pathspec-from-file={self._journal}", "--pathspec-file-nul")
        if self._git.diff("--cached", "--name-only"):
            names_of = {"NAME": _author(who), "EMAIL": MAIL}
            env = {f"GIT_{role}_{part}": text for role in ("AUTHOR", "COMMITTER") for part, text in names_of.items()}
            self._git(c=QUIET).commit("--quiet", "--no-verify", "-m", message, env=env)
        self._journal.unlink(missing_ok=True)


@contextmanager
def _claim(folder: Path, router: str) -> Iterator[bool]:
    """Lock a router's file; False where somebody else has. The system gives it up when its process ends."""
    (folder / CLAIMS).mkdir(exist_ok=True)
    descriptor = os.open(folder / CLAIMS / router, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        free = True
    except BlockingIOError:
        free = False
    try:
        yield free
    finally:
        if free:  # a program that was just started may have the descriptor a moment longer
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _author(who: str) -> str:
    """A name as git takes it: on one line, without its brackets, and not empty."""
    name = "".join(each for each in who if each.isprintable() and each not in "<>")
    return name.strip(" .,:;'\"\\")[:100] or "trueup"


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.writing")


def _replace(path: Path, text: str) -> None:
    """Write a file so that it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path)
    # What is no UTF-8 becomes an escape, which JSON reads back as what it was.
    with temporary.open("wb") as file:
        file.write(text.encode("utf-8", "backslashreplace"))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
