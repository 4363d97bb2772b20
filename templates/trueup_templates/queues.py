"""Recognises `queues`."""

from __future__ import annotations

from collections.abc import Iterator

from trueup_templates.guess import Guess, Rows, few, taken, words

_LIMITS = ("max-limit", "limit-at", "burst-limit", "burst-threshold", "burst-time", "priority", "parent", "queue")


def recognise(rows: Rows) -> Iterator[Guess]:
    for row in few(rows.get("/queue/simple", ())):
        head = taken(row, ("name",)) | words(row, "target") | taken(row, ("dst",))
        yield [head | taken(row, _LIMITS) | words(row, "packet-marks") | taken(row, ("comment", "disabled"))]
