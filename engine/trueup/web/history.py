"""Runs as the audit has them, for the page: the newest, those of one router, one of them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from trueup.audit import Audit, RunRecord
from trueup.errors import AuditError

SHOWN = 50
"""Runs on a page."""

LOOKED_AT = 2000
"""Runs that are looked at in search of a router's, at most."""

KEPT, SMALL = 5000, 20
"""Runs that are remembered, so that they are read once; those of many routers are not."""

SETTLED = ("done", "confirmed", "undone", "kept")
"""Outcomes that nothing changes any more."""

FRESH = 5.0
"""Seconds for which an answer stands; a page that many look at reads the audit no oftener."""

ID = re.compile(r"[0-9a-f]{4,32}")


@dataclass(frozen=True, slots=True)
class Runs:
    """Some runs, and what kept the audit from telling more, "" where nothing did."""

    records: tuple[RunRecord, ...] = ()
    trouble: str = ""


@dataclass(slots=True)
class History:
    """Reads the audit in a thread, so that no router waits for it."""

    audit: Audit | None
    _answers: dict[str, tuple[float, Runs]] = field(default_factory=dict)
    _known: dict[str, RunRecord] = field(default_factory=dict)

    async def runs(self, router: str = "") -> Runs:
        """The newest runs, of one router where it is named."""
        kept = self._answers.get(router)
        if kept is not None and time.monotonic() - kept[0] < FRESH:
            return kept[1]
        found = await asyncio.to_thread(self._runs, router)
        self._answers = {name: each for name, each in self._answers.items() if time.monotonic() - each[0] < FRESH}
        self._answers[router] = time.monotonic(), found
        return found

    async def run(self, id: str) -> tuple[RunRecord, str] | None:
        """A run and its summary in Markdown, None where there is none of this id. Raises AuditError."""
        return await asyncio.to_thread(self._run, id) if ID.fullmatch(id) else None

    def _runs(self, router: str) -> Runs:
        found: list[RunRecord] = []
        try:
            for record in self._looked_at():
                if not router or router in record.routers:
                    found.append(record)
                if len(found) == SHOWN:
                    break
        except AuditError as error:
            return Runs(tuple(found), str(error))
        return Runs(tuple(found), "" if self.audit else "there is no audit repository")

    def _run(self, id: str) -> tuple[RunRecord, str] | None:
        record = next((record for record in self._looked_at() if record.id == id), None)
        return (record, self.audit.summary(record)) if record and self.audit else None

    def _looked_at(self) -> Iterator[RunRecord]:
        for record in islice(self.audit.runs(dict(self._known)), LOOKED_AT) if self.audit else ():
            if record.outcome in SETTLED and len(record.routers) <= SMALL:
                if len(self._known) >= KEPT:
                    self._known = {}
                self._known[record.folder] = record
            yield record
