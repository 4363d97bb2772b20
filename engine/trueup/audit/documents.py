"""JSON documents in the audit repository that are about more than one run: rollouts, requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trueup.audit.layout import Document, document_file, dump, load
from trueup.audit.ledger import Ledger


class Documents:
    """Documents by their path below the repository, such as rollouts/ID.json. Every failure is an AuditError."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def read(self, path: str) -> Document | None:
        """A document, None where there is none."""
        text = self._ledger.read(document_file(path))
        return None if text is None else load(text, path)

    def names(self, folder: str) -> list[str]:
        """The names of the documents in a folder, without .json, sorted."""
        return sorted(name.removesuffix(".json") for name in self._ledger.files(folder) if name.endswith(".json"))

    def keep(self, documents: Mapping[str, Mapping[str, Any] | None], message: str, who: str | None = None) -> None:
        """Commit documents by their paths, all or none, in the name of `who`, else of whoever runs this.

        None takes a document away.
        """
        files = {document_file(path): None if each is None else dump(each) for path, each in documents.items()}
        if any(self._ledger.read(file) != text for file, text in files.items()):
            with self._ledger.writing() as writer:
                writer.commit(files, message, who or self._ledger.who)

    def revise(self, change: Callable[[], Mapping[str, Document | None]], message: str, who: str = "") -> None:
        """Commit the documents that `change` comes to, by their paths; nobody else writes between its reading and that.

        None takes a document away.
        """
        with self._ledger.writing() as writer:
            files = {document_file(path): None if each is None else dump(each) for path, each in change().items()}
            if any(self._ledger.read(file) != text for file, text in files.items()):
                writer.commit(files, message, who or self._ledger.who)
