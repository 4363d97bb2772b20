"""What the audit keeps about routers besides runs, and which run a router belongs to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

from trueup.audit.documents import Documents
from trueup.audit.layout import Document, kept_file, safe
from trueup.audit.ledger import STEP, Ledger
from trueup.errors import AuditError, Problem

LOOKING, WRITING = "looking", "writing"
"""What a router is claimed for."""

PATIENCE = 20.0
"""Seconds to wait for a router that somebody else only looks at, such as the daemon."""


class Kept:
    """Documents of an audit repository, each change a commit by `who`; and claims of routers for runs.

    A router that this object has claimed, with `hold` or by starting a run, it may write to; to every other object,
    in this process or another, the router is then busy.
    """

    def __init__(self, ledger: Ledger, who: str = "") -> None:
        self._ledger, self._acting = ledger, who
        self.documents = Documents(ledger)
        self._held: set[str] = set()
        self._claims: dict[str, ExitStack] = {}

    @property
    def path(self) -> Path:
        return self._ledger.path

    @property
    def who(self) -> str:
        """The person that records will name."""
        return self._acting or self._ledger.who

    def read_kept(self, router: str, name: str) -> Document | None:
        """A document about a router, such as `drill`; None where there is none."""
        return self.documents.read(kept_file(router, name))

    def has_kept(self, router: str, name: str) -> bool:
        """Whether there is such a document, whatever it holds."""
        return self._ledger.read(kept_file(router, name)) is not None

    def read_document(self, path: str) -> Document | None:
        """A document that is not about one router, such as rollouts/ID.json; None where there is none."""
        return self.documents.read(path)

    def keep(
        self, router: str, name: str, document: Mapping[str, Any] | None, message: str, who: str | None = None
    ) -> None:
        """Commit a document about a router, such as `drill`; None takes it away. Raises AuditError."""
        self.keep_many({(router, name): document}, message, who)

    def keep_document(
        self, path: str, document: Mapping[str, Any] | None, message: str, who: str | None = None
    ) -> None:
        """Commit a document that is not about one router; None takes it away. Raises AuditError."""
        self.keep_many({path: document}, message, who)

    def keep_many(
        self,
        documents: Mapping[tuple[str, str] | str, Mapping[str, Any] | None],
        message: str,
        who: str | None = None,
    ) -> None:
        """Commit documents by (router, name) or path all at once; None takes one away. Raises AuditError."""
        files = {key if isinstance(key, str) else kept_file(*key): each for key, each in documents.items()}
        self.documents.keep(files, message, who or self.who)

    @contextmanager
    def hold(self, router: str) -> Iterator[bool]:
        """Claim a router for a whole run, without keeping others from recording; False where another run has it.

        While it is held this object's own runs may start, and nobody else's, in this process or another.
        """
        name = safe(router)
        if name in self._held or name in self._claims:
            yield False
            return
        with self._ledger.claim(name) as free:
            if free:
                self._held.add(name)
                self._ledger.mark(name, LOOKING)
            try:
                yield free
            finally:
                if free:
                    self._held.discard(name)

    def refuse_busy(self, router: str) -> None:
        """Raise AuditError where a run writes to the router just now."""
        with ExitStack() as claims:
            self._claim(router, claims)
            with self._ledger.writing():
                return

    def tidy(self) -> None:
        """Pack what many commits have left loose, which takes a while where that is much; raises AuditError."""
        self._ledger.tidy()

    def sole(self, about: str) -> AbstractContextManager[None]:
        """Be the one daemon of this repository for as long as the context lasts; AuditError where there is another."""
        return self._ledger.sole(about)

    def release(self) -> None:
        """Let other runs write to the routers that this object's runs have started to write to."""
        for claims in self._claims.values():
            claims.close()
        self._claims.clear()

    def _has(self, router: str) -> bool:
        return router in self._claims or router in self._held

    def _claim(self, router: str, claims: ExitStack) -> None:
        """Claim a router; one that is only looked at is waited for, since that is over soon. Raises AuditError."""
        until = time.monotonic() + PATIENCE
        while not self._has(router):
            with ExitStack() as claim:
                if claim.enter_context(self._ledger.claim(safe(router))):
                    claims.push(claim.pop_all())
                    return
            if self._ledger.marked(router) != LOOKING or time.monotonic() >= until:
                text, remedy = "another run is writing to this router", "wait for its end, which `trueup log` will show"
                raise AuditError(Problem(text, router, f"{remedy}, and plan again"))
            time.sleep(STEP)
