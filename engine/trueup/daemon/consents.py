"""Plans that somebody has agreed to in the commit in force, and who may not be that somebody."""

from __future__ import annotations

from pathlib import Path

from trueup.load.history import authors_of
from trueup.review.approvals import FOLDER, Book
from trueup_schemas.operate import Approvals


class Consents:
    """The approvals of one commit; raises DeclarationError where git cannot tell them."""

    def __init__(self, root: Path, commit: str, settings: Approvals) -> None:
        self._root, self._commit = root, commit
        self._book = Book(root, commit, settings)
        self._authors: dict[str, frozenset[str]] = {}

    def given(self, before: str, hash: str, lock_out: bool) -> bool:
        """Whether a plan of this hash is agreed to, and to being locked out by it, by somebody who may.

        `before` is the commit that its router is at: whoever wrote what came since is an author of the plan.
        """
        if not any(hash in approval.hashes for approval in self._book.approvals):
            return False
        if before not in self._authors:
            self._authors[before] = authors_of(self._root, before, self._commit, FOLDER)
        return self._book.approved(hash, self._authors[before], lock_out) is not None
