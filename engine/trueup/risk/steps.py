"""A change command by command: what is taken away may need a command of its own, which comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trueup.plan import Change, Set
from trueup.risk.state import Rows, after
from trueup_schemas.catalogue import Catalogue


def steps(rows: Rows, number: int, change: Change, catalogue: Catalogue) -> Iterator[Rows]:
    """The tables after each command of one change."""
    if isinstance(change, Set):
        properties = catalogue.menu(change.menu).properties
        going = [
            n for n, v in change.values.items() if v is None and n in properties and properties[n].unset == "unset"
        ]
        for count in range(1, len(going) + (len(going) < len(change.values))):
            yield after(rows, number, replace(change, values=dict.fromkeys(going[:count])))
    yield after(rows, number, change)
