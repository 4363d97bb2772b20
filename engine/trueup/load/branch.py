"""A branch that trueup alone writes: one file of one commit changed, pushed without touching working tree or index."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import git
from git.exc import GitError

from trueup.errors import Problem, RemoteError
from trueup.load.repository import found_repository

OWN = "trueup/"
"""What the names of our branches begin with; no other is ever written."""

KEPT = "refs/trueup/pushed"
"""What we pushed last to each branch, so that we know our own commits from other people's."""

NAME, MAIL = "trueup", "daemon@trueup.invalid"
TIMEOUT = 60
"""Seconds that a question to the remote, or a push, may take."""

SAFE = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "protocol.ext.allow=never",
    "credential.interactive=false",
    "commit.gpgSign=false",
    "push.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=0",
)
_LINK = "120000"

Outcome = Literal["pushed", "there", "others", "declined"]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a branch holds. `outcome`: we pushed it now, or it was there already; or we left the branch alone, since it
    holds somebody else's commits, or since somebody removed the branch with these very changes."""

    commit: str
    outcome: Outcome


class OwnBranch:
    """One branch below `trueup/` of a remote of the repository that holds `root`; where there is no such remote, the
    branch of the repository itself."""

    def __init__(self, root: Path, remote: str, branch: str) -> None:
        if not branch.startswith(OWN):
            raise ValueError(f"{branch} is no branch of trueup's own")
        self.root, self.remote, self.branch = root, remote, branch

    def put(self, parent: str, file: str, data: bytes, message: str) -> Pushed:
        """Have the branch hold one commit on `parent` that gives a file of the network these bytes; raises RemoteError.

        Nothing is pushed where the branch holds that change already, or anything that we did not write.
        """
        with self._work() as work:
            path, tip, kept = work.path(file), work.tip(), work.kept()
            if tip and not work.ours(tip):
                return Pushed(tip, "others")
            if tip and work.same(tip, parent, path, data):
                work.keep(tip)
                return Pushed(tip, "there")
            if not tip and kept and work.same(kept, parent, path, data):
                return Pushed(kept, "declined")
            commit = work.commit(parent, path, data, message)
            work.push(commit, tip)
            work.keep(commit)
            return Pushed(commit, "pushed")

    def stands(self, commit: str, parent: str, file: str, data: bytes) -> bool:
        """Whether a commit is what we pushed last, and says of the file what one on `parent` would; raises RemoteError.

        Once the branch was taken away by us, nothing stands.
        """
        with self._work() as work:
            return work.same(commit, parent, work.path(file), data) and commit == (work.kept() or work.tip())

    def free(self) -> bool:
        """Whether the branch holds nothing that somebody else has written; raises RemoteError."""
        with self._work() as work:
            tip = work.tip()
            return not tip or work.ours(tip)

    def remove(self) -> bool:
        """Take the branch away, unless it holds somebody else's commits; whether it is gone. Raises RemoteError."""
        with self._work() as work:
            tip = work.tip()
            if tip and not work.ours(tip):
                return False
            if tip:
                work.push("", tip)
            work.keep("")
            return True

    @contextmanager
    def _work(self) -> Iterator[_Work]:
        where = f"{self.remote}/{self.branch}"
        try:
            with found_repository(self.root) as repository:
                yield _Work(repository, self.root, self.remote, self.branch)
        except GitError as error:
            remedy = "see that the remote is reachable, and that the daemon's user may push to it"
            raise RemoteError(Problem(f"cannot be written: {told(error)}", where, remedy)) from None
        except (OSError, ValueError) as error:
            raise RemoteError(Problem(f"cannot be written: {error}", where, "look at the repository")) from None


class _Work:
    """The steps, on an open repository."""

    def __init__(self, repository: git.Repo, root: Path, remote: str, branch: str) -> None:
        self._repository, self._root = repository, root
        self._remote = remote if remote in {each.name for each in repository.remotes} else ""
        self._branch, self._ref = branch, f"refs/heads/{branch}"

    def path(self, file: str) -> str:
        """The file's path in the repository."""
        top = Path(str(self._repository.working_tree_dir or self._root)).resolve()
        return (self._root.resolve() / file).relative_to(top).as_posix()

    def tip(self) -> str:
        """The commit that the branch holds now, "" where there is none."""
        if not self._remote:
            return self._commit(self._ref)
        lines = self._git("ls-remote", "--quiet", "--", self._remote, self._ref).splitlines()
        found = (line.split("\t") for line in lines)
        return next((parts[0] for parts in found if parts[-1] == self._ref), "")

    def kept(self) -> str:
        return self._commit(f"{KEPT}/{self._branch}")

    def keep(self, commit: str) -> None:
        """Remember what we pushed; nothing where `commit` is empty."""
        ref = f"{KEPT}/{self._branch}"
        if commit != self.kept():
            self._git("update-ref", *((ref, commit) if commit else ("-d", ref)))

    def ours(self, tip: str) -> bool:
        """Whether we made this commit; another clone's daemon is us too."""
        if tip == self.kept():
            return True
        if not self._commit(tip):
            options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-gc")
            self._git("fetch", *options, "--", self._remote, self._ref)
        commit = self._repository.commit(tip)
        return len(commit.parents) == 1 and commit.committer.email == MAIL

    def same(self, commit: str, parent: str, path: str, data: bytes) -> bool:
        """Whether a commit changes the file to these bytes, from what `parent` has and on a commit before that."""
        if not self._commit(commit):
            return False
        found = self._repository.commit(commit)
        if len(found.parents) != 1 or self._blob(commit, path) != self._hash(data):
            return False
        before, base = found.parents[0], self._repository.commit(parent)
        same = self._blob(before.hexsha, path) == self._blob(parent, path)
        return same and self._repository.is_ancestor(before, base)

    def commit(self, parent: str, path: str, data: bytes, message: str) -> str:
        """A new commit on `parent`, by way of an index of its own."""
        mode, _, _ = self._git("ls-tree", parent, "--", path).partition(" ")
        if mode == _LINK:
            raise ValueError(f"{path} is a link, which is not written through")
        with tempfile.TemporaryDirectory(prefix="trueup-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            blob = self._hash(data, Path(folder, "file"))
            self._git("read-tree", parent, **index)
            self._git("update-index", "--add", "--cacheinfo", f"{mode or '100644'},{blob},{path}", **index)
            tree = self._git("write-tree", **index)
        who = {f"GIT_{role}_{what}": text for role in _ROLES for what, text in (("NAME", NAME), ("EMAIL", MAIL))}
        return self._git("commit-tree", "-p", parent, "-m", message, tree, **who)

    def push(self, commit: str, expected: str) -> None:
        """Have the branch hold a commit, or nothing, if it still holds `expected`."""
        if self._remote:
            lease = f"--force-with-lease={self._ref}:{expected}"
            options = ("--quiet", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no", lease)
            self._git("push", *options, "--", self._remote, f"{commit}:{self._ref}")
        elif commit:
            self._git("update-ref", self._ref, commit, expected or "0" * 40)
        else:
            self._git("update-ref", "-d", self._ref, expected)

    def _hash(self, data: bytes, file: Path | None = None) -> str:
        """The name of a blob with these bytes; with a file to put them into, the blob is written too."""
        if file is None:
            with tempfile.TemporaryDirectory(prefix="trueup-") as folder:
                Path(folder, "file").write_bytes(data)
                return self._git("hash-object", "--no-filters", "--", str(Path(folder, "file")))
        file.write_bytes(data)
        return self._git("hash-object", "-w", "--no-filters", "--", str(file))

    def _blob(self, commit: str, path: str) -> str:
        words = self._git("ls-tree", commit, "--", path).split()
        return words[2] if len(words) > 2 else ""

    def _commit(self, name: str) -> str:
        try:
            return self._git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitError:
            return ""

    def _git(self, command: str, *words: str, **environment: str) -> str:
        """One command of git that asks nobody anything, runs no hook, and ends in bounded time."""
        settings = [part for each in SAFE for part in ("-c", each)]
        folder = str(self._repository.git_dir)
        quiet = {
            "GIT_DIR": folder,
            "GIT_INDEX_FILE": str(Path(folder) / "index"),
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "SSH_ASKPASS_REQUIRE": "never",
            **environment,
        }
        said = self._repository.git.execute(
            ["git", *settings, command, *words],
            env=quiet,
            kill_after_timeout=TIMEOUT,
            start_new_session=True,  # without a terminal nothing can ask for a password on it
        )
        return str(said).strip()


_ROLES = ("AUTHOR", "COMMITTER")


def told(error: GitError) -> str:
    """What git said, in a line, without the user and the password that an address may hold."""
    lines = str(getattr(error, "stderr", "") or error).strip().strip("'").splitlines()
    said = (
        [line for line in lines if line.startswith(("fatal:", "error:", " ! "))] or lines[-1:] or ["git says nothing"]
    )
    if any("did not complete in" in line for line in lines):
        return f"no answer within {TIMEOUT} s"
    text = said[0].strip().removeprefix("fatal: ").removeprefix("error: ")
    head, mark, rest = text.partition("://")
    if not mark or "@" not in rest.split("/", 1)[0]:
        return text
    return f"{head}://{rest.partition('@')[2]}"
