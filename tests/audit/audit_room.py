"""Plans, reports and audit repositories for tests of the audit."""

from __future__ import annotations

from pathlib import Path

import git

from trueup.audit import Audit
from trueup.plan import (
    Add,
    Existing,
    Move,
    Note,
    Outcome,
    PersonalValue,
    Plan,
    Remove,
    Report,
    Result,
    SecretValue,
    Set,
)
from trueup_schemas.secret import SecretRef

PERSON = "ann.canary@example.org"
SECRET = SecretValue(SecretRef("radius/billing"), "3f9ad1")


def make_plan(router: str = "edge-1") -> Plan:
    """Two adds, a change, a move of two rows and a removal, with a secret and personal data in them."""
    personal = PersonalValue("77aa01", PERSON)
    changes = (
        Add("/radius", {"address": "10.0.0.5", "secret": SECRET}, {"address": "10.0.0.5"}),
        Add("/ip/hotspot/user", {"name": personal}, {"name": personal}),
        Set("/system/identity", None, {"name": "edge"}, {"name": "old"}, {}),
        Move("/ip/firewall/filter", (Existing("*1", "d"), Existing("*2", "d")), ({"chain": "a"}, {"chain": "b"})),
        Remove("/ip/pool", Existing("*3", "d"), {"name": "gone"}, f"was ours, for {PERSON}"),
    )
    notes = (Note(f"{PERSON} is protected"),)
    return Plan(router, "10.20.0.1", "7.24", "HGE", "c0ffee" + "0" * 34, (changes,), "fp", notes)


def empty_plan(router: str = "edge-1") -> Plan:
    return Plan(router, "10.20.0.1", "7.24", "HGE", "c0ffee" + "0" * 34)


def make_report(plan: Plan, outcome: Outcome = Outcome.DONE, error: str = "") -> Report:
    left = None if outcome is Outcome.UNKNOWN else empty_plan(plan.router)
    results = tuple(Result(outcome, error, "*9") for _ in plan.changes)
    return Report(plan, results, left, error)


def new_audit(folder: Path) -> Audit:
    """An audit repository that git knows a user's name for."""
    Audit.create(folder / "net-audit", "net")
    with git.Repo(folder / "net-audit") as repository, repository.config_writer() as config:
        config.set_value("user", "name", "Ann Operator")
    return Audit.open(folder / "net-audit")


def commits(audit: Audit) -> list[str]:
    """Commit messages, newest first."""
    with git.Repo(audit.path) as repository:
        return [str(commit.message).strip() for commit in repository.iter_commits()]


def everything(audit: Audit) -> bytes:
    """All that the repository ever held: messages, names and files of every commit, and the working tree."""
    with git.Repo(audit.path) as repository:
        said = repository.git.log("--all", "--format=%an%ae%cn%ce%B", "-p", "--stat").encode()
    files = (path.read_bytes() for path in audit.path.rglob("*") if path.is_file() and ".git" not in path.parts)
    return said + b"".join(files)
