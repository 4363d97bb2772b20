"""Routers with the same plan, told once: what it is, whom it disturbs, what it was made against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trueup.plan import Plan
from trueup.plan.plan import Kind
from trueup.plan.risk import Sessions
from trueup.plan.told import sessions_told, summed
from trueup.review.reviewed import Review, Reviewed
from trueup.show import Show

MARKS = {"+": "+", "~": "!", "-": "-", ">": "!", "!": "#"}
"""The marks of plans as those of a diff, which forges colour."""

AGAINST = {"router": "the router", "snapshot": "its last snapshot", "base": "the base alone"}

EFFECTS_TOLD = {
    "none": "nothing",
    "unknown": "not known",
    "session": "sessions",
    "interface": "an interface blinks",
    "reboot": "the router reboots",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Routers whose plans look alike; the first one's is shown."""

    routers: tuple[Reviewed, ...]
    plans: tuple[Plan, ...]

    @property
    def plan(self) -> Plan:
        return self.plans[0]

    @property
    def name(self) -> str:
        first, *others = (each.router for each in self.routers)
        return f"{first} and {len(others)} more" if others else first

    @property
    def rows(self) -> str:
        """`+3 ~1 -2`."""
        kinds: dict[Kind, str] = {"add": "+", "change": "~", "move": ">", "remove": "-"}
        told = [f"{mark}{n}" for kind, mark in kinds.items() if (n := self.plan.count(kind))]
        return " ".join(told) or "none"

    @property
    def before(self) -> str:
        """How many of the changes there would be anyway, "" for none."""
        counts = {each.before for each in self.routers}
        if counts == {0}:
            return ""
        least, most = min(counts), max(counts)
        return f"{most if least == most else f'{least} to {most}'} without this change, too"

    @property
    def against(self) -> str:
        counts = Counter(each.against for each in self.routers)
        told = [(AGAINST[key], count) for key, count in counts.items() if key]
        if len(told) == 1:
            return told[0][0]
        return ", ".join(f"{count}: {what}" for what, count in told)

    @property
    def sessions(self) -> tuple[Sessions, ...]:
        return summed(each for plan in self.plans if plan.disruption for each in plan.disruption.sessions)

    @property
    def disturbs(self) -> str:
        """What is disturbed, in a few words; "" where nobody looked."""
        found = [plan.disruption for plan in self.plans if plan.disruption]
        if not found:
            return ""
        told = [each for each in sessions_told(self.sessions) if "stay" not in each]
        worst = found[0].worst
        return ", ".join([EFFECTS_TOLD[worst], *told])

    def diff(self, show: Show) -> list[str]:
        """The plan as the lines of a diff."""
        lines = []
        for line in show.body(self.plan):
            mark = MARKS.get(line.mark, " ")
            place = f"   {line.place}" if line.place else ""
            lines.append(f"{mark} {' ' * line.indent}{line.text}{place}")
        return lines


def groups_of(review: Review, show: Show) -> list[Group]:
    """The routers with something to do, those with the same plan together, the largest groups first."""
    by_name = {each.router: each for each in review.busy}
    plans = [each.plan for each in review.busy if each.plan is not None]
    found = [Group(tuple(by_name[plan.router] for plan in same), tuple(same)) for same in show.alike(plans)]
    return sorted(found, key=lambda group: -len(group.routers))


def dropping(groups: Iterable[Group]) -> tuple[int, bool, bool]:
    """How many sessions drop in all, whether that is exact, and whether all routers were asked."""
    plans = [plan for group in groups for plan in group.plans]
    asked = [each for plan in plans if plan.disruption for each in plan.disruption.sessions]
    dropped = [each for each in asked if each.fate == "drop"]
    live = all(each.against == "router" for group in groups for each in group.routers)
    return sum(each.count for each in dropped), all(each.exact for each in dropped), live


def names_told(names: Sequence[str], most: int = 12) -> str:
    """Names, of many the first."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
