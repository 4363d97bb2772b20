"""Fights: drift that comes back after every revert. Pure; kept as routers/NAME/fights.json in the audit repository."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trueup.daemon.status import Fight
from trueup.diff.content import whole
from trueup.plan import Change, Move, PersonalValue, Plan, PlanValue, Remove, SecretValue, Set
from trueup.row import Digester
from trueup_schemas.catalogue import Catalogue

REVERTS = 3
"""Reverts within the window after which the same drift makes a fight."""
WINDOW = timedelta(hours=1)
INTERVALS = 6
"""The window is this many intervals at least: a fight of slow rounds is one too."""
KEPT = 500
"""Signatures that are remembered of one menu, those that were reverted last."""
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Contest:
    """One menu's drift: when each of its signatures was reverted, who made it, and since when it is a fight.

    `theirs` is the drift's author, `ours` what declares it, `commit` the one that was in force when it was called a
    fight; `fight` is None as long as it is none.
    """

    reverts: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    theirs: str = UNKNOWN
    ours: str = ""
    commit: str = ""
    fight: datetime | None = None
    times: int = 0


@dataclass(frozen=True, slots=True)
class Fights:
    """What is remembered of one router's drift, by menu."""

    contests: Mapping[str, Contest] = field(default_factory=dict)

    def fighting(self, menu: str) -> Fight | None:
        """The fight over a menu, None where there is none: then its drift may be reverted."""
        contest = self.contests.get(menu)
        if contest is None or contest.fight is None:
            return None
        return Fight(menu, contest.theirs, contest.ours, contest.times, contest.fight)

    @property
    def all(self) -> tuple[Fight, ...]:
        """Every fight, by menu."""
        return tuple(found for menu in sorted(self.contests) if (found := self.fighting(menu)) is not None)

    @property
    def empty(self) -> bool:
        return not self.contests


def signatures(plan: Plan, catalogue: Catalogue, digest: Digester) -> Mapping[str, frozenset[str]]:
    """By menu, what a plan's changes are about: keyed digests of rows and names of properties, never of what they say.

    Undeclared rows of a menu without a key count as one: whoever keeps adding them may say something else each time.
    """
    found: dict[str, set[str]] = {}
    for change in plan.changes:
        keyed = bool(catalogue.menu(change.menu).key) if change.menu in catalogue else False
        for parts in _about(change, keyed):
            found.setdefault(change.menu, set()).add(digest(whole("drift", change.menu, *parts)))
    return {menu: frozenset(each) for menu, each in found.items()}


def sides(plan: Plan, menu: str, commit: str) -> str:
    """What declares a menu's drift, for people: file, line and commit; the commit alone where a row is not declared."""
    sources = (getattr(change, "source", None) for change in plan.changes if change.menu == menu)
    place = next((source.short for source in sources if source is not None), "")
    return " at ".join(filter(None, (place, commit[:12]))) or "what is declared"


def window(interval: float) -> timedelta:
    """Within how long reverts count together, for a router that is looked at every `interval` seconds."""
    return max(WINDOW, INTERVALS * timedelta(seconds=interval))


def seen(
    fights: Fights,
    menu: str,
    signature: Collection[str],
    now: datetime,
    *,
    author: str = UNKNOWN,
    ours: str = "",
    commit: str = "",
    within: timedelta = WINDOW,
) -> Fights:
    """A menu has drifted (again): it is a fight where any of its signatures has been reverted three times already.

    To be called before each revert; whether `fighting` says so afterwards decides about it.
    """
    contest = _recent(fights.contests.get(menu, Contest()), now, within)
    contest = replace(contest, theirs=author if author != UNKNOWN else contest.theirs, ours=ours or contest.ours)
    again = [contest.reverts[each] for each in signature if len(contest.reverts.get(each, ())) >= REVERTS]
    if again:
        since = contest.fight or min(times[0] for times in again)
        first = contest.fight is None
        contest = replace(
            contest,
            fight=since,
            times=max(contest.times, *(len(times) for times in again)),
            commit=commit if first else contest.commit,
        )
    return _with(fights, menu, contest)


def reverted(
    fights: Fights, menu: str, signature: Collection[str], now: datetime, within: timedelta = WINDOW
) -> Fights:
    """A menu's drift has been reverted."""
    contest = _recent(fights.contests.get(menu, Contest()), now, within)
    reverts = {**contest.reverts, **{each: (*contest.reverts.get(each, ()), now) for each in signature}}
    kept = sorted(reverts, key=lambda each: (reverts[each][-1], each), reverse=True)[:KEPT]
    return _with(fights, menu, replace(contest, reverts={each: reverts[each] for each in sorted(kept)}))


def gone(
    fights: Fights, drifted: Collection[str], now: datetime, *, commit: str = "", within: timedelta = WINDOW
) -> Fights:
    """Only these menus differ now: a fight over any other ends, where the commit is another than when it began.

    What was reverted long ago is forgotten. To be called whenever a router was looked at.
    """
    left = {
        menu: _recent(contest, now, within)
        for menu, contest in fights.contests.items()
        if menu in drifted or contest.fight is None or contest.commit == commit
    }
    return Fights({menu: contest for menu, contest in left.items() if contest.reverts or contest.fight is not None})


def resumed(fights: Fights, menu: str = "") -> Fights:
    """Somebody has settled the fight over a menu, or all of a router's."""
    return Fights({path: each for path, each in fights.contests.items() if menu and path != menu})


def _about(change: Change, keyed: bool) -> Iterator[tuple[str, ...]]:
    """What tells one change's drift from another's: the row, and which property, or that it is there at all."""
    if isinstance(change, Move):
        yield from (("place", *_row(row)) for row in change.rows)
    elif isinstance(change, Set):
        yield from ((name, *_row(change.row)) for name in change.values)
    elif isinstance(change, Remove) and not keyed:
        yield ("undeclared", *sorted(change.row))
    else:
        yield ("row", *_row(change.row))


def _row(row: Mapping[str, PlanValue]) -> Iterator[str]:
    """What names a row, as texts to digest."""
    for name, value in sorted(row.items()):
        yield name
        yield value.digest if isinstance(value, SecretValue | PersonalValue) else value or ""


def _recent(contest: Contest, now: datetime, within: timedelta) -> Contest:
    """The contest without the reverts of long ago; times of a clock that was set back count as now."""
    reverts = {
        each: kept
        for each, times in contest.reverts.items()
        if (kept := tuple(min(time, now) for time in times if time >= now - within))
    }
    return replace(contest, reverts=reverts)


def _with(fights: Fights, menu: str, contest: Contest) -> Fights:
    """The fights with a menu's contest; nothing is remembered where nothing was reverted."""
    contests = {path: each for path, each in fights.contests.items() if path != menu}
    if contest.reverts or contest.fight is not None:
        contests[menu] = contest
    return Fights(contests)
