"""What a forge does in its own copy of a repository: branches, and merging as its button does."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git(repository: Path, *words: str) -> str:
    """What git says; an error where it refuses."""
    done = subprocess.run(
        ["git", "-C", str(repository), *words], capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.strip()


def tip(repository: Path, branch: str) -> str:
    """The newest commit of a branch, "" where there is none."""
    try:
        return git(repository, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")
    except subprocess.CalledProcessError:
        return ""


def holds(repository: Path, branch: str, sha: str) -> bool:
    """Whether a commit is in a branch."""
    try:
        git(repository, "merge-base", "--is-ancestor", sha, f"refs/heads/{branch}")
    except subprocess.CalledProcessError:
        return False
    return True


def merge(repository: Path, branch: str, base: str, message: str) -> str:
    """A merge commit on `base`; an error where the two do not merge by themselves."""
    ours, theirs = tip(repository, base), tip(repository, branch)
    tree = git(repository, "merge-tree", "--write-tree", ours, theirs).splitlines()[0]
    made = git(repository, "commit-tree", tree, "-p", ours, "-p", theirs, "-m", message)
    git(repository, "update-ref", f"refs/heads/{base}", made, ours)
    return made
