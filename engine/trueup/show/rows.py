"""Changed rows as neutral lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trueup.errors import Source
from trueup.plan import Add, Change, Neighbour, Neighbourhood, PersonalValue, PlanValue, Remove, SecretValue, Set
from trueup.plan.change import Values
from trueup.show.line import Line, Mark, mark_of, place_of, quoted

WIDTH = 64
"""Columns that a row's properties may fill before they go on below."""

NAMING = ("action", "default-name", "name")
"""Properties whose value alone says which row is meant."""


class ShowRows:
    """Turns changes into lines; `private` leaves personal data out, for what is kept or published."""

    def __init__(self, *, private: bool = True) -> None:
        self.private = private

    def neighbourhood(self, part: Neighbourhood, changes: Sequence[Change]) -> Iterator[Line]:
        """The touched rows of one ordered table, with their neighbours; `changes` are all of the plan's."""
        last = 0
        for neighbour in part.rows:
            if neighbour.position > last + 1:
                yield Line(8, "", "⋮")
            last = neighbour.position or last
            yield from self.neighbour(neighbour, [changes[number] for number in neighbour.changes], part.stratum)
        if part.dynamic:
            rows, stay = ("row", "stays where it is") if part.dynamic == 1 else ("rows", "stay where they are")
            yield Line(10, "", f"{part.dynamic} dynamic {rows} {stay}")

    def neighbour(self, neighbour: Neighbour, changes: Sequence[Change], stratum: Values) -> Iterator[Line]:
        """One row of an ordered table: its mark, its place, and what changes in it."""
        marks = [mark_of(change) for change in changes]
        source = next((change.source for change in changes if isinstance(change, Add | Set)), None)
        reason = [change.reason for change in changes if isinstance(change, Remove | Set) and change.reason]
        sets = [change for change in changes if isinstance(change, Set)]
        row = neighbour.row
        for change in sets:
            row = without_new(row, change)
        head = f"{neighbour.position or '':>3}   "
        mark: Mark = ">" if ">" in marks else marks[0] if marks else ""
        rest = {n: v for change in changes if isinstance(change, Add) for n, v in change.values.items() if n not in row}
        rest = {n: v for n, v in rest.items() if n not in stratum}
        yield from self.folded(mark, head, [*self.parts(row), *self.parts(rest, bare=False), *reason], source)
        for change in sets:
            yield from self.properties(change, "", 3, change.source)

    def change(self, change: Change, width: int) -> Iterator[Line]:
        """One change of a menu in which order does not count, or a move."""
        if isinstance(change, Set) and len(self.title(change)) > width:
            reason = [change.reason] if change.reason else []
            yield from self.folded("~", "", [*self.parts(without_new(change.row, change)), *reason], change.source)
            yield from self.properties(change, "", 3, change.source)
        elif isinstance(change, Set):
            yield from self.properties(change, self.title(change), width)
        elif isinstance(change, Add):
            rest = {n: v for n, v in change.values.items() if n not in change.row}
            yield from self.folded("+", "", [*self.parts(change.row), *self.parts(rest, bare=False)], change.source)
        elif isinstance(change, Remove):
            yield Line(4, "-", f"{self.row(change.row)}   {change.reason}")
        else:
            for row in change.rows:
                yield Line(4, ">", self.row(row))

    def properties(self, change: Set, title: str, width: int, said: Source | None = None) -> Iterator[Line]:
        """The changed properties of one row, old and new; a place in a file is said once."""
        names = max(len(name) for name in change.values)
        before = place_of(said)
        for index, (name, value) in enumerate(change.values.items()):
            head = f"{title if index == 0 else '':<{width}}   " if width else ""
            reason = f"   ({change.reason})" if index == 0 and change.reason and said is None else ""
            place = place_of(change.sources.get(name, change.source))
            mark: Mark = "~" if index == 0 and said is None else ""
            text = f"{head}{name:<{names}}   {self.difference(change.old.get(name), value)}{reason}"
            yield Line(4, mark, text, place if place != before else "")
            before = place

    def difference(self, old: PlanValue, new: PlanValue) -> str:
        if isinstance(new, SecretValue):
            return f"changed ({new.digest[:4]})"
        if isinstance(old, SecretValue):
            return "taken away" if new in (None, "") else f"changed -> {self.value(new)}"
        return f"{self.value(old)} -> {self.value(new)}"

    def title(self, change: Set) -> str:
        """What names a changed row, without what changes in it."""
        return self.row(without_new(change.row, change))

    def row(self, row: Values) -> str:
        """A row's naming properties on one line."""
        return "   ".join(self.parts(row))

    def parts(self, row: Values, *, bare: bool = True) -> list[str]:
        """A row's properties: its action and its name stand alone and first, others as property=value."""
        alone = [name for name in NAMING if bare and name in row]
        rest = [name for name in row if name not in alone]
        return [*(self.value(row[name]) for name in alone), *(f"{name}={self.value(row[name])}" for name in rest)]

    def folded(self, mark: Mark, head: str, parts: Sequence[str], source: Source | None) -> Iterator[Line]:
        """A row on as many lines as its parts need, none of them broken."""
        lines: list[str] = []
        for part in parts:
            if lines and len(head) + len(lines[-1]) + len(part) + 3 <= WIDTH:
                lines[-1] += f"   {part}"
            else:
                lines.append(part)
        yield Line(4, mark, head + (lines[0] if lines else ""), place_of(source))
        for line in lines[1:]:
            yield Line(4, "", f"{'':{len(head) + 3}}{line}")

    def value(self, value: PlanValue) -> str:
        if value is None:
            return "(none)"
        if isinstance(value, SecretValue):
            return f"(secret {value.digest[:4]})"
        if isinstance(value, PersonalValue):
            return f"(personal {value.digest[:4]})" if self.private or value.text is None else quoted(value.text)
        return quoted(value)


def without_new(row: Values, change: Set) -> Values:
    """The naming properties less those that the change gives their value, which is told below; the action stays."""
    return {n: v for n, v in row.items() if n in NAMING or n not in change.values or v != change.values[n]}
