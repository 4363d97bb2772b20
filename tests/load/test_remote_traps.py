"""A clone whose files look like a bare repository: git asks the clone's own remote, and starts nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from fleet_room import git

from trueup.errors import RemoteError
from trueup.load.branch import OwnBranch
from trueup.load.remote import Remote


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A network in a folder of its clone with `HEAD`, `objects`, `refs` and a `config` which would start a program."""
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/trapped\nexit 1\n")
    trap.chmod(0o755)
    hub, made = tmp_path / "hub.git", tmp_path / "clone"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(hub))
    git(tmp_path, "clone", "--quiet", str(hub), str(made))
    made = made / "net"
    made.mkdir()
    for name in ("objects", "refs"):
        (made / name).mkdir()
        (made / name / "keep").write_text("")
    (made / "HEAD").write_text("ref: refs/heads/main\n")
    settings = (
        f'[core]\n\tbare = false\n\tsshCommand = {trap}\n\tfsmonitor = {trap}\n[remote "origin"]\n\turl = ssh://x/y\n'
    )
    (made / "config").write_text(settings)
    (made / "trueup.yaml").write_text("network: net\n")
    git(made.parent, "add", "--all")
    git(made.parent, "commit", "--quiet", "--message", "Begin")
    git(made.parent, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    return made


def test_the_branch_is_fetched_from_the_clones_own_remote(clone: Path, tmp_path: Path) -> None:
    assert Remote(clone, "origin", "main").fetch().subject == "Begin"
    assert not (tmp_path / "trapped").exists()


def test_proposals_go_to_the_clones_own_remote(clone: Path, tmp_path: Path) -> None:
    parent = git(clone.parent, "rev-parse", "HEAD").strip()
    branch = OwnBranch(clone, "origin", "trueup/adopt/edge")
    assert branch.put(parent, "trueup.yaml", b"network: other\n", "Adopt").outcome == "pushed"
    assert git(tmp_path / "hub.git", "show", "trueup/adopt/edge:net/trueup.yaml") == "network: other\n"
    assert not (tmp_path / "trapped").exists()


def test_where_there_is_no_repository_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    with pytest.raises(RemoteError):
        Remote(tmp_path / "alone", "origin", "main").fetch()
