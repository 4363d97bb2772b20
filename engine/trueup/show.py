"""Plans and reports as neutral lines, for the terminal, the audit, a page and a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from trueup.errors import Source
from trueup.plan import (
    Add,
    Change,
    Move,
    Neighbour,
    Neighbourhood,
    Outcome,
    PersonalValue,
    Plan,
    PlanValue,
    Remove,
    Report,
    SecretValue,
    Set,
)
from trueup.plan.change import Values
from trueup.plan.digest import run_hash
from trueup.plan.told import disruption_told, duration, net_told, sessions_told, summed

Mark = Literal["", "+", "~", "-", ">", "!"]


WIDTH = 64
"""Columns that a row's properties may fill before they go on below."""

TITLE = 24
"""Columns that a row's name may fill beside its changed properties; a longer one stands above them."""

NAMING = ("action", "default-name", "name")
"""Properties whose value alone says which row is meant."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its indent in columns, the change's mark, its text, and the place in a file it comes from.

    Marks: + added, ~ changed, - removed, > moved, ! to be noted, and "" for context.
    """

    indent: int
    mark: Mark
    text: str
    place: str = ""


class Show:
    """Turns plans into lines; `private` leaves personal data out, for what is kept or published."""

    def __init__(self, *, private: bool = True) -> None:
        self.private = private

    def plans(self, plans: Sequence[Plan]) -> Iterator[Line]:
        """Every plan with something to say, identical ones once (wherever they are declared), then the totals."""
        shown: dict[tuple[Line, ...], list[Plan]] = {}
        for plan in plans:
            if not plan.empty or plan.notes:
                alike = tuple(replace(line, place="") for line in self.body(_uncounted(plan)))
                shown.setdefault(alike, []).append(plan)
        for same in shown.values():
            yield Line(0, "", header(same[0]))
            yield from self.body(same[0])
            yield Line(0, "", "")
            if len(same) > 1:
                names = ", ".join(plan.router for plan in same[1:])
                counted = summed(each for plan in same[1:] if plan.disruption for each in plan.disruption.sessions)
                told = [f"{names}: the same as {same[0].router}", *sessions_told(counted)]
                yield Line(0, "", " - ".join(told))
                yield Line(0, "", "")
        idle = sum(plan.empty for plan in plans)
        if idle:
            yield Line(0, "", f"{_count(idle, 'router')}: nothing to do")
        if idle < len(plans):
            yield Line(0, "", totals(plans))
        if any(plan.guards for plan in plans):
            yield Line(0, "", f"Needs --accept {run_hash(plans)}")

    def body(self, plan: Plan) -> Iterator[Line]:
        """One router's changes by menu, and its notes."""
        placed = {number for part in plan.neighbourhoods for row in part.rows for number in row.changes}
        every = plan.changes
        menus: dict[str, list[Change]] = {}
        for number, change in enumerate(every):
            menus.setdefault(change.menu, [])
            if number not in placed:
                menus[change.menu].append(change)
        for menu, changes in sorted(menus.items()):
            for part in plan.neighbourhoods:
                if part.menu == menu:
                    stratum = "   ".join(f"{name}={self.value(value)}" for name, value in part.stratum.items())
                    yield Line(2, "", f"{menu}   {stratum}".rstrip())
                    yield from self.neighbourhood(part, every)
            if changes:
                yield Line(2, "", menu)
                titles = [len(self.title(change)) for change in changes if isinstance(change, Set)]
                width = max((length for length in titles if length <= TITLE), default=0)
                for change in changes:
                    yield from self.change(change, width)
        for note in plan.notes:
            where = f"{note.menu}: " if note.menu else ""
            yield Line(2, "!", f"{where}{note.text}", _place(note.source))
        yield from self.risks(plan)

    def risks(self, plan: Plan) -> Iterator[Line]:
        """What stands in the plan's way, which changes cut the manager off and why, what needs to be agreed to, what
        blinks."""
        for check in plan.checks:
            where = f"{check.menu}: " if check.menu else ""
            refused = "cannot be applied: " if check.level == "refuse" else ""
            yield Line(2, "!", f"{refused}{where}{check.text}; {check.remedy}")
        for cut in plan.lockout.cuts if plan.lockout else ():
            yield Line(2, "!", f"manager's path {cut.verdict} by change {cut.change + 1} of {len(plan.changes)}:")
            yield Line(6, "", f"{cut.menu}: {cut.text}", _place(cut.source))
        for guard in plan.guards:
            where = f"{guard.menu}: " if guard.menu else ""
            yield Line(2, "!", f"needs --accept: {where}{guard.text}", _place(guard.source))
        if plan.net is not None:
            yield from (Line(2, "!" if plan.net.none else "", text) for text in net_told(plan.net))
        told = ["manager's path kept"] if plan.lockout and not plan.lockout.cuts else []
        told += disruption_told(plan.disruption) if plan.disruption else []
        if told:
            yield Line(2, "", " - ".join(told))

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
        marks = [_mark(change) for change in changes]
        source = next((change.source for change in changes if isinstance(change, Add | Set)), None)
        reason = [change.reason for change in changes if isinstance(change, Remove | Set) and change.reason]
        sets = [change for change in changes if isinstance(change, Set)]
        row = neighbour.row
        for change in sets:
            row = _without_new(row, change)
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
            yield from self.folded("~", "", [*self.parts(_without_new(change.row, change)), *reason], change.source)
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
        before = _place(said)
        for index, (name, value) in enumerate(change.values.items()):
            head = f"{title if index == 0 else '':<{width}}   " if width else ""
            reason = f"   ({change.reason})" if index == 0 and change.reason and said is None else ""
            place = _place(change.sources.get(name, change.source))
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
        return self.row(_without_new(change.row, change))

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
        yield Line(4, mark, head + (lines[0] if lines else ""), _place(source))
        for line in lines[1:]:
            yield Line(4, "", f"{'':{len(head) + 3}}{line}")

    def value(self, value: PlanValue) -> str:
        if value is None:
            return "(none)"
        if isinstance(value, SecretValue):
            return f"(secret {value.digest[:4]})"
        if isinstance(value, PersonalValue):
            return f"(personal {value.digest[:4]})" if self.private or value.text is None else _quoted(value.text)
        return _quoted(value)

    def reports(self, reports: Sequence[Report]) -> Iterator[Line]:
        """What happened on each router: changes that were not done, what is left, then the totals."""
        for report in reports:
            if not report.converged:
                yield Line(0, "", header(report.plan))
                yield from self.failure(report)
            elif report.waiting or report.notes:
                yield Line(0, "", header(report.plan))
                yield from (Line(2, "!", note) for note in report.notes)
                yield from self.waiting(report)
        done = [(r, c) for r in reports for c, x in zip(r.plan.changes, r.results, strict=True) if x.outcome == "done"]
        converged = sum(report.converged for report in reports)
        text = f"Applied: {_count(len(done), 'change')} on {_count(len({id(r) for r, _ in done}), 'router')}"
        yield Line(0, "", f"{text}; {converged} of {_count(len(reports), 'router')} as declared, read back")

    def waiting(self, report: Report) -> Iterator[Line]:
        """That the router takes the plan back by itself unless somebody confirms it."""
        if report.waiting:
            when = f"in {duration(report.waiting)}"
            yield Line(2, "!", f"taken back by the router {when} unless confirmed: trueup confirm {report.plan.router}")

    def failure(self, report: Report) -> Iterator[Line]:
        if report.error:
            yield Line(2, "!", report.error)
        yield from (Line(2, "!", note) for note in report.notes)
        if report.taken_back:
            yield Line(2, "", "all of it was taken back: the router is as it was")
            return
        for change, result in zip(report.plan.changes, report.results, strict=True):
            if result.outcome != Outcome.DONE:
                row = change.rows[0] if isinstance(change, Move) else change.row
                detail = f": {result.error}" if result.error else ""
                yield Line(4, _mark(change), f"{change.menu}   {self.row(row)}   {result.outcome}{detail}")
        if report.left is None:
            yield Line(2, "!", "the router could not be read back; run trueup plan when it answers")
        elif not report.left.empty:
            yield Line(2, "", "still different:")
            yield from self.body(report.left)


def header(plan: Plan) -> str:
    net = f"net: {plan.net.name}" if plan.net else ""
    return "   ".join(filter(None, (plan.router, plan.host, f"RouterOS {plan.version}" if plan.version else "", net)))


def totals(plans: Iterable[Plan]) -> str:
    """`Plan: 3 routers, 3 rows to add, 3 to change, 1 to move, 3 to remove`."""
    busy = [plan for plan in plans if not plan.empty]
    counts = {kind: sum(plan.count(kind) for plan in busy) for kind in ("add", "change", "move", "remove")}
    told = [f"{n} to {kind}" for kind, n in counts.items() if n]
    first = told[0].replace(" to ", " row to " if told[0].startswith("1 ") else " rows to ", 1)
    return ", ".join((f"Plan: {_count(len(busy), 'router')}", first, *told[1:]))


def _uncounted(plan: Plan) -> Plan:
    """The plan without how many sessions there are, which differ between routers that are otherwise the same."""
    return plan if plan.disruption is None else replace(plan, disruption=replace(plan.disruption, sessions=()))


def _without_new(row: Values, change: Set) -> Values:
    """The naming properties less those that the change gives their value, which is told below; the action stays."""
    return {n: v for n, v in row.items() if n in NAMING or n not in change.values or v != change.values[n]}


def _mark(change: Change) -> Mark:
    if isinstance(change, Add):
        return "+"
    if isinstance(change, Set):
        return "~"
    if isinstance(change, Remove):
        return "-"
    return ">" if isinstance(change, Move) else ""


def _place(source: Source | None) -> str:
    return source.short if source else ""


def _quoted(text: str) -> str:
    """Text as RouterOS writes it: quoted where it is empty or holds blanks; control characters escaped."""
    shown = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return f'"{shown}"' if not shown or " " in shown else shown


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
