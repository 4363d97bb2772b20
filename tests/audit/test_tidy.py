"""The audit repository is packed as it grows, and nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import git

from trueup.audit import Audit


def test_what_is_loose_is_packed_and_nothing_is_lost(tmp_path: Path) -> None:
    audit = Audit.create(tmp_path / "audit", "net")
    audit.keep("edge", "drill", {"number": 1}, "A drill")
    with git.Repo(audit.path) as repository:
        said = repository.git
    for number in range(2000):
        (audit.path / f"{number}.txt").write_text(f"{number}\n")
    said.add(".")
    said.commit("--quiet", "--message", "Many files")
    said.config("gc.auto", "500")
    audit.tidy()
    assert said.count_objects("-v").splitlines()[0] == "count: 0"
    assert audit.read_kept("edge", "drill") == {"number": 1}
    assert said.rev_list("--count", "HEAD") == "3"
    assert said.fsck("--strict") == ""
