"""JSON documents in the audit repository that are about more than one run: rollouts, requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from trueup.audit.ledger import Ledger
from trueup.errors import AuditError, Problem

Document = dict[str, Any]


class Documents:
    """Documents by their path below the repository, such as rollouts/ID.json. Every failure is an AuditError."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def read(self, path: str) -> Document | None:
        """A document, None where there is none."""
        text = self._ledger.read(path)
        return None if text is None else load(text, path)

    def names(self, folder: str) -> list[str]:
        """The names of the documents in a folder, without .json, sorted."""
        return sorted(name.removesuffix(".json") for name in self._ledger.files(folder) if name.endswith(".json"))

    def keep(self, documents: Mapping[str, Mapping[str, Any]], message: str, who: str = "") -> None:
        """Commit documents by their paths, all or none, in the name of `who`, else of whoever runs this."""
        with self._ledger.writing() as writer:
            writer.commit({path: dump(each) for path, each in documents.items()}, message, who or self._ledger.who)

    def revise(self, path: str, change: Callable[[Document], Document], message: str, who: str = "") -> Document:
        """Commit what `change` makes of a document, {} where there is none; nobody else writes in between."""
        with self._ledger.writing() as writer:
            document = change(self.read(path) or {})
            writer.commit({path: dump(document)}, message, who or self._ledger.who)
        return document


def dump(document: Mapping[str, Any]) -> str:
    """The text of a document's file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def load(text: str, name: str) -> Document:
    """The document of a file's text; raises AuditError where it is none."""
    try:
        document = json.loads(text)
    except ValueError as error:
        document = error
    if not isinstance(document, dict):
        raise AuditError(Problem("this file of the audit repository is no JSON object", name, "restore it with git"))
    return document
