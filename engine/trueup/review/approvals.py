"""Who agreed to which plan: files of the network's repository, by the author of the commit that wrote them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.compose import compose_mapping
from trueup.load.history import Commit, added_by, read_folder
from trueup.load.node import MappingNode, ScalarNode
from trueup.plan import Plan
from trueup.plan.digest import LENGTH, joined_hash, plan_hash
from trueup_schemas.operate import Approvals

FOLDER = "approvals"
"""The folder, in the network's, that holds a file for each approval."""

Authors = str | Collection[str]
"""Who made a change, by e-mail: all whose commits lie between what a router was brought to last and what it is to be.

`authors_of(root, old, new, FOLDER)` of load.history tells them.
"""

HASH = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
_KEYS = {"plan", "why", "routers", "lock-out"}


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval: of the plans with these hashes; `lock_out` says that the manager may be kept out as well."""

    file: str
    hashes: frozenset[str]
    why: str
    lock_out: bool
    commit: Commit

    def __str__(self) -> str:
        return f"{self.commit.name} <{self.commit.email}>: {self.why}"


@dataclass(frozen=True, slots=True)
class Needed:
    """What one router's plan needs to be agreed to; `lock_out` where the manager's way in is in question too."""

    router: str
    hash: str
    reasons: tuple[str, ...]
    lock_out: bool
    given: Approval | None = None


class Book:
    """The approvals of one commit, read once. A file that is none is left out, and told in `problems`."""

    def __init__(self, root: Path, ref: str, settings: Approvals) -> None:
        self._settings = settings
        self.problems: list[Problem] = []
        self.approvals = tuple(self._read(root, ref))

    def approved(self, hash: str, author: Authors, lock_out: bool = False) -> Approval | None:
        """The approval of a plan that counts, None where there is none. `author` is the change's, see Authors."""
        for approval in self.approvals:
            if hash in approval.hashes and (approval.lock_out or not lock_out) and not self.refusal(approval, author):
                return approval
        return None

    def refusal(self, approval: Approval, author: Authors) -> str:
        """Why an approval does not count, "" where it does."""
        who = _bare(approval.commit.email)
        named = {_bare(each) for each in self._settings.approvers}
        if named and who not in named:
            return f"{approval.commit.email} is none of the approvers"
        authors = [author] if isinstance(author, str) else author
        if self._settings.other_than_author and who in map(_bare, authors):
            return "it is by the author of the change"
        return ""

    def _read(self, root: Path, ref: str) -> Iterator[Approval]:
        for path, data in sorted(read_folder(root, ref, FOLDER).items()):
            if not path.endswith((".yaml", ".yml")):
                continue
            try:
                yield _approval(path, data, root, ref)
            except DeclarationError as error:
                self.problems += (replace(problem, severity="warning") for problem in error.problems)


def approved(
    root: Path, ref: str, hash: str, author: Authors, settings: Approvals, lock_out: bool = False
) -> Approval | None:
    """The approval at `ref` of the plan with this hash that counts; None where nobody agreed who may.

    Raises DeclarationError.
    """
    return Book(root, ref, settings).approved(hash, author, lock_out)


def needed(plans: Sequence[Plan], book: Book | None, author: Authors) -> Iterator[Needed]:
    """The plans that need an approval, with the one they have."""
    for plan in plans:
        cuts = plan.lockout.cuts if plan.lockout else ()
        reasons = [f"{guard.menu}: {guard.text}" if guard.menu else guard.text for guard in plan.guards]
        reasons += [f"manager's path {cut.verdict}: {cut.menu}: {cut.text}" for cut in cuts]
        if reasons:
            hash = plan_hash(plan)
            given = book.approved(hash, author, bool(cuts)) if book else None
            yield Needed(plan.router, hash, tuple(reasons), bool(cuts), given)


def approval_text(hash: str, why: str, routers: Mapping[str, str], lock_out: bool) -> str:
    """An approval's file. `routers` are plans' hashes by router, where `hash` stands for several."""
    lines = [
        "# An agreement to exactly these plans, by the author of the commit that adds this file.",
        f'plan: "{hash}"',
    ]
    lines.append(f"why: {_quoted(why)}")
    if lock_out:
        lines.append("lock-out: true")
    if routers:
        lines.append("routers:")
        lines += [f'  {router}: "{each}"' for router, each in sorted(routers.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _approval(path: str, data: bytes, root: Path, ref: str) -> Approval:
    node = compose_mapping(data, path)
    for key in node:
        if key not in _KEYS:
            raise DeclarationError(
                Problem(f"unknown key '{key}'", node.keys[key], f"known: {', '.join(sorted(_KEYS))}")
            )
    hash, why = _text(node, "plan", path), _text(node, "why", path)
    if not HASH.fullmatch(hash):
        raise DeclarationError(Problem("plan: expected a plan's hash in quotes", node["plan"].source))
    hashes = frozenset({hash, *_routers(node, hash)})
    commit = added_by(root, ref, path)
    if commit is None:
        remedy = "fetch the whole history; a merge must not change the file"
        raise DeclarationError(Problem("nobody can tell who wrote this file as it is", Source(path), remedy))
    lock_out = node.get("lock-out")
    return Approval(path, hashes, why, isinstance(lock_out, ScalarNode) and lock_out.value is True, commit)


def _routers(node: MappingNode, hash: str) -> list[str]:
    """The hashes of several routers' plans, which together must have the hash that was agreed to."""
    found = node.get("routers")
    if found is None:
        return []
    values = (
        [each.text for each in found.entries.values() if isinstance(each, ScalarNode)]
        if isinstance(found, MappingNode)
        else []
    )
    if joined_hash(values) != hash:
        remedy = "write the file with `trueup approve HASH --plan FILE`"
        raise DeclarationError(
            Problem(f"routers: these plans do not have the hash {hash} together", found.source, remedy)
        )
    return values


def _text(node: MappingNode, key: str, path: str) -> str:
    value = node.get(key)
    if not isinstance(value, ScalarNode) or not value.text.strip():
        raise DeclarationError(Problem(f"'{key}' is missing", Source(path), f"add `{key}: ...`"))
    return value.text


def _bare(email: str) -> str:
    return email.strip().strip("<>").lower()
