"""Plans and reports as neutral lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from trueup.plan import Change, Move, Outcome, Plan, Report, Set
from trueup.plan.digest import run_hash
from trueup.plan.told import disruption_told, duration, net_told, sessions_told, summed
from trueup.show.line import Line, counted, mark_of, place_of
from trueup.show.rows import ShowRows

TITLE = 24
"""Columns that a row's name may fill beside its changed properties; a longer one stands above them."""


class Show(ShowRows):
    """Turns plans into lines; `private` leaves personal data out, for what is kept or published."""

    def plans(self, plans: Sequence[Plan]) -> Iterator[Line]:
        """Every plan with something to say, identical ones once (wherever they are declared), then the totals."""
        for same in self.alike(plan for plan in plans if not plan.empty or plan.notes):
            yield Line(0, "", header(same[0]))
            yield from self.body(same[0])
            yield Line(0, "", "")
            if len(same) > 1:
                names = ", ".join(plan.router for plan in same[1:])
                sessions = summed(each for plan in same[1:] if plan.disruption for each in plan.disruption.sessions)
                told = [f"{names}: the same as {same[0].router}", *sessions_told(sessions)]
                yield Line(0, "", " - ".join(told))
                yield Line(0, "", "")
        idle = sum(plan.empty for plan in plans)
        if idle:
            yield Line(0, "", f"{counted(idle, 'router')}: nothing to do")
        if idle < len(plans):
            yield Line(0, "", totals(plans))
        if any(plan.guards for plan in plans):
            yield Line(0, "", f"Needs --accept {run_hash(plans)}")

    def alike(self, plans: Iterable[Plan]) -> list[list[Plan]]:
        """The plans, those together that look alike wherever they are declared and however many sessions there are."""
        groups: dict[tuple[Line, ...], list[Plan]] = {}
        for plan in plans:
            look = tuple(replace(line, place="") for line in self.body(_uncounted(plan)))
            groups.setdefault(look, []).append(plan)
        return list(groups.values())

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
            yield Line(2, "!", f"{where}{note.text}", place_of(note.source))
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
            yield Line(6, "", f"{cut.menu}: {cut.text}", place_of(cut.source))
        for guard in plan.guards:
            where = f"{guard.menu}: " if guard.menu else ""
            yield Line(2, "!", f"needs --accept: {where}{guard.text}", place_of(guard.source))
        if plan.net is not None:
            yield from (Line(2, "!" if plan.net.none else "", text) for text in net_told(plan.net))
        told = ["manager's path kept"] if plan.lockout and not plan.lockout.cuts else []
        told += disruption_told(plan.disruption) if plan.disruption else []
        if told:
            yield Line(2, "", " - ".join(told))

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
        text = f"Applied: {counted(len(done), 'change')} on {counted(len({id(r) for r, _ in done}), 'router')}"
        yield Line(0, "", f"{text}; {converged} of {counted(len(reports), 'router')} as declared, read back")

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
                yield Line(4, mark_of(change), f"{change.menu}   {self.row(row)}   {result.outcome}{detail}")
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
    return ", ".join((f"Plan: {counted(len(busy), 'router')}", first, *told[1:]))


def _uncounted(plan: Plan) -> Plan:
    """The plan without how many sessions there are, which differ between routers that are otherwise the same."""
    return plan if plan.disruption is None else replace(plan, disruption=replace(plan.disruption, sessions=()))
