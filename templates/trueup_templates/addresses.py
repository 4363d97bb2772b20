"""Recognises `addresses`: those that no other intent has."""

from __future__ import annotations

from collections.abc import Iterator

from trueup_templates.guess import Guess, Rows, few, taken

_ADDRESS = ("address", "interface", "network", "comment", "disabled")


def recognise(rows: Rows) -> Iterator[Guess]:
    for row in few(rows.get("/ip/address", ())):
        if row.keys() <= set(_ADDRESS):
            yield [taken(row, _ADDRESS)]
