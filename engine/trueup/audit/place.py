"""Which folder is a network's audit repository, whether it can be one, and how a new one is made."""

from __future__ import annotations

from pathlib import Path

import git
from git.exc import GitError

from trueup.audit.ledger import MAIL
from trueup.errors import AuditError, Problem
from trueup.load.network import Network
from trueup_schemas.network import NetworkHead

README = """\
# Audit of {name}

Written by trueup: what was done to which router, by whom, from which commit of the network.
`runs/` holds one folder for each run, with a summary.md to read; `routers/` tells which rows on a router are ours.
Secrets and personal data are not in here; keyed digests stand for them. Read it with `trueup log`.
"""


def audit_path(network: Network) -> Path:
    """Where a network's audit is."""
    return audit_folder(network.root, network.settings)


def audit_folder(root: Path, settings: NetworkHead) -> Path:
    """`audit` of a network's trueup.yaml, else the folder NAME-audit beside the network's."""
    named = settings.audit or f"../{settings.network}-audit"
    return (root / Path(named).expanduser()).resolve()


def create_repository(path: Path, name: str) -> None:
    """A new repository with a first commit that says what it is; raises AuditError where one cannot be."""
    try:
        if path.exists() and any(path.iterdir()):
            raise AuditError(Problem("the folder is not empty", str(path), "name another one"))
        with git.Repo.init(path, mkdir=True, initial_branch="main") as repository:
            (path / "README.md").write_text(README.format(name=name), encoding="utf-8")
            repository.index.add(["README.md"])
            actor = git.Actor("trueup", MAIL)
            repository.index.commit("Begin the audit", author=actor, committer=actor, skip_hooks=True)
    except (GitError, OSError) as error:
        raise AuditError(Problem(f"cannot be made: {error}", str(path), "name another folder")) from None


def unfit(path: Path, network: Path | None) -> str:
    """Why this cannot be an audit repository, "" where it can."""
    if not path.is_dir():
        return "there is no such folder"
    try:
        with git.Repo(path) as repository:
            if repository.bare:
                return "this git repository has no working tree"
    except GitError:
        return "this is no git repository of its own"
    if network is not None and network.resolve().is_relative_to(path.resolve()):
        return "the audit must not be kept in the network's own repository"
    if (path / "trueup.yaml").exists():
        return "this is a network's repository; the audit needs one of its own"
    return ""
