"""Ownership carried from a box to the one that replaces it. Pure."""

from __future__ import annotations

from dataclasses import replace

from trueup.arrive.ports import is_of_ports
from trueup.diff.owned import Owned
from trueup_schemas.catalogue import Catalogue


def carried(owned: Owned, serial: str, catalogue: Catalogue) -> Owned:
    """The record for another box: what was declared is still ours there, should a restored backup hold it.

    `.id`s are the old box's, and so are its ports: what was declared of one is not to be taken back on another. So is
    what secrets it was given: the new one gets every write-only value once.
    """
    rows = (row for row in owned.rows if row.menu not in catalogue or not is_of_ports(catalogue.menu(row.menu)))
    return replace(owned, serial=serial, rows=tuple(replace(row, id="", secrets={}) for row in rows))
