"""Rows as a router keeps them: text values, the router's own marks, and ids that never come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from trueup.lab.trap import Trap, no_such_item

MARKS = frozenset({"dynamic", "default", "builtin"})
"""Marks of rows that are the router's own."""


@dataclass(slots=True)
class Row:
    """One row: what was written or filled in, and what the router says of it besides (dynamic, running, …)."""

    id: str
    values: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def marked(self, mark: str) -> bool:
        return self.marks.get(mark) == "true"

    @property
    def enabled(self) -> bool:
        return self.values.get("disabled") != "true"

    def shown(self) -> dict[str, str]:
        """Everything a print could show."""
        return {".id": self.id, **self.values, **self.marks}


@dataclass(slots=True)
class Table:
    """The rows of one menu in their order."""

    path: str
    rows: list[Row] = field(default_factory=list)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def by_id(self, id: str) -> Row | None:
        return next((row for row in self.rows if row.id == id), None)

    def find(self, item: str, name: str) -> Row:
        """The row that an id, a position or (where the menu has names) a name means; raises `no such item`."""
        row = self.by_id(canonical_id(item)) if item.startswith("*") else None
        if row is None and name:
            row = next((row for row in self.rows if row.values.get(name) == item), None)
        if row is None and item.isdigit() and int(item) < len(self.rows):
            row = self.rows[int(item)]
        if row is None:
            raise no_such_item()
        return row

    def pick(self, items: str, name: str) -> list[Row]:
        """The rows of a comma list, in the order given; an empty list is refused."""
        if not items:
            raise Trap("missing =.id=")
        found = {id(row): row for row in (self.find(item, name) for item in items.split(","))}
        return list(found.values())

    def where(self, wanted: Mapping[str, str], test: Callable[[Row], bool] = lambda _: True) -> list[Row]:
        """The rows that have all of these values and pass the test."""
        return [r for r in self.rows if test(r) and all(r.values.get(k, "") == v for k, v in wanted.items())]


def canonical_id(item: str) -> str:
    """An id as the router writes it: upper-case hex without leading zeros."""
    try:
        return f"*{int(item[1:], 16):X}"
    except ValueError:
        return item
